import Basics
import Foundation

/// Finds data sets by name in a list of folders, and loads them.
public struct DatasetCatalog: Sendable {
    /// Folders that are searched, in order; they need not exist.
    public let folders: [String]
    let known: [KnownDataset]

    /// Searches exactly these folders, in order.
    public init(folders: [String]) { self.init(folders: folders, known: KnownDataset.all) }

    init(folders: [String], known: [KnownDataset]) {
        self.folders = folders
        self.known = known
    }

    /// Searches the folder asked for, then `variable` (the value of `WEIGHTSPACE_DATA`), then the folders `data` and
    /// `Datasets` of the checkout: of the current folder and of every folder above it that has one of them.
    ///
    /// Throws `missing` when the folder asked for is not there; one in the variable may be made later.
    public init(explicit: String?, variable: String?, currentDirectory: String) throws {
        if let explicit, !Self.isFolder(explicit) {
            throw DataError(.missing, path: explicit, expected: "a folder with data sets", found: "no such folder")
        }
        let asked = [explicit, variable].compactMap { $0 }.filter { !$0.isEmpty }
        var seen: Set<String> = []
        let all = (asked + Self.checkoutFolders(from: currentDirectory)).map(Self.tidy)
        self.init(folders: all.filter { seen.insert($0).inserted })
    }

    /// The catalogue of this process: its `WEIGHTSPACE_DATA` and its current folder. The only place in the library
    /// that reads the environment for data.
    public static func ofProcess(explicit: String? = nil) throws -> DatasetCatalog {
        try DatasetCatalog(
            explicit: explicit, variable: ProcessInfo.processInfo.environment["WEIGHTSPACE_DATA"],
            currentDirectory: FileManager.default.currentDirectoryPath)
    }

    /// Names of the data sets that are known without a path.
    public var names: [String] { known.map(\.name) }

    private static func checkoutFolders(from start: String) -> [String] {
        var folders: [String] = []
        var here = URL(fileURLWithPath: start, isDirectory: true).standardizedFileURL
        while true {
            let candidates = ["data", "Datasets"].map { here.appendingPathComponent($0).path }
            if candidates.contains(where: isFolder) { folders += candidates }
            let above = here.deletingLastPathComponent().standardizedFileURL
            if above.path == here.path || here.path == "/" { break }
            here = above
        }
        return folders.isEmpty ? [URL(fileURLWithPath: start).appendingPathComponent("data").path] : folders
    }

    private static func tidy(_ folder: String) -> String { URL(fileURLWithPath: folder).standardizedFileURL.path }

    private static func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
