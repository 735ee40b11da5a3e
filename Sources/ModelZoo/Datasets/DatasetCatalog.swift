import Basics
import Foundation

/// Finds data sets by name in a list of folders, and loads them.
public struct DatasetCatalog: Sendable {
    /// Folders that are searched, in order; they need not exist.
    public let folders: [String]
    let known: [KnownDataset]
    /// Folders in which files are looked for that are not at their path: those of the zoos which name them.
    private(set) var zooFolders: [String] = []

    /// The same, with files also looked for beside the zoo file at `path`.
    public func beside(_ path: String) -> DatasetCatalog {
        var catalog = self
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        if !zooFolders.contains(folder) { catalog.zooFolders.append(folder) }
        return catalog
    }

    /// Searches exactly these folders, in order.
    public init(folders: [String]) { self.init(folders: folders, known: KnownDataset.all) }

    init(folders: [String], known: [KnownDataset]) {
        self.folders = folders
        self.known = known
    }

    /// The folders of a catalogue, which another rank looks in too.
    package struct Places: Codable {
        let folders, zooFolders: [String]
    }

    package var places: Places { Places(folders: folders, zooFolders: zooFolders) }

    /// The catalogue that looks in the same places.
    package init(_ places: Places) {
        self.init(folders: places.folders)
        zooFolders = places.zooFolders
    }

    /// Searches the folder asked for, then `variable` (the value of `WEIGHTSPACE_DATA`), then the folders `data` and
    /// `Datasets` of the checkout: of the current folder and of every folder above it that has one of them.
    ///
    /// Throws `missing` when the folder asked for is not there; one in the variable may be made later.
    ///
    /// - more: folders that are searched last.
    public init(explicit: String?, variable: String?, currentDirectory: String, more: [String] = []) throws {
        if let explicit, !Self.isFolder(explicit) {
            throw DataError(.missing, path: explicit, expected: "a folder with data sets", found: "no such folder")
        }
        let asked = [explicit, variable].compactMap { $0 }.filter { !$0.isEmpty }
        var seen: Set<String> = []
        let all = (asked + Self.checkoutFolders(from: currentDirectory) + more).map(Self.tidy)
        self.init(folders: all.filter { seen.insert($0).inserted })
    }

    /// The catalogue of this process: its `WEIGHTSPACE_DATA` and its current folder. The only place in the library
    /// that reads the environment for data.
    public static func ofProcess(explicit: String? = nil) throws -> DatasetCatalog {
        try DatasetCatalog(
            explicit: explicit, variable: ProcessInfo.processInfo.environment["WEIGHTSPACE_DATA"],
            currentDirectory: FileManager.default.currentDirectoryPath, more: besideProgram)
    }

    /// The data sets that came with the program: `Datasets` beside it, or of the checkout that it was built in.
    private static var besideProgram: [String] {
        ProgramFolders.aboveProgram.map { $0.appendingPathComponent("Datasets").path }.filter(isFolder)
    }

    /// Names of the data sets that are known without a path.
    public var names: [String] { known.map(\.name) }

    /// The accuracy that small networks trained on a known set reach at least; nil for other data.
    func usualAccuracy(of name: String) -> Double? { known.first { $0.name == name }?.usualAccuracy }

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

extension DatasetCatalog {
    /// What a search for a known data set came to.
    enum Finding {
        /// The folder, and the path of every file in the data set's order.
        case found(folder: String, paths: [String])
        /// The folder that holds some of the files, and the names of the others.
        case incomplete(folder: String, absent: [String])
        /// No folder that was searched has it.
        case absent
    }

    /// Looks through the folders; the first that holds all files wins, else the first that holds some.
    func find(_ dataset: KnownDataset) -> Finding {
        var partial: Finding?
        for folder in places(of: dataset) {
            let isShared = dataset.format.hasCommonNames && folders.contains(folder)
            let paths = dataset.files.map { file in
                ([file.name] + file.otherNames).lazy.compactMap { Self.existing("\(folder)/\($0)") }.first
            }
            let present = paths.compactMap { $0 }
            if present.count == paths.count {
                if isShared, !Self.isOurs(present, dataset) { continue }
                return .found(folder: folder, paths: present)
            }
            if present.isEmpty || isShared || partial != nil { continue }
            let absent = zip(dataset.files, paths).filter { $0.1 == nil }.map(\.0.name)
            partial = .incomplete(folder: folder, absent: absent)
        }
        return partial ?? .absent
    }

    /// Whether files that may be another set's, which have the same names, are this one's: by the last file's digest,
    /// the smallest one.
    private static func isOurs(_ paths: [String], _ dataset: KnownDataset) -> Bool {
        guard let path = paths.last, let sum = dataset.files.last?.sha256 else { return true }
        return (try? Source(path: path))?.file.sha256 == sum
    }

    /// Every folder in which the data set is looked for.
    func places(of dataset: KnownDataset) -> [String] {
        folders.flatMap { place in dataset.folders.map { Self.join(place, $0) } }
    }

    /// The paths of all files; throws `missing` with every folder that was searched.
    func paths(of dataset: KnownDataset) throws -> [String] {
        switch find(dataset) {
        case .found(_, let paths): return paths
        case .incomplete(let folder, let absent):
            throw DataError(
                .missing, path: folder, expected: "all files of the data set \(dataset.name)",
                found: "no \(absent.joined(separator: ", no "))", hint: dataset.hint)
        case .absent:
            throw DataError(
                .missing, path: "dataset \(dataset.name)",
                expected: "its files in one of \(places(of: dataset).joined(separator: ", "))", found: "none",
                hint: dataset.hint)
        }
    }

    private static func join(_ folder: String, _ below: String) -> String {
        below == "." ? folder : "\(folder)/\(below)"
    }

    private static func existing(_ path: String) -> String? {
        [path, path + ".gz"].first { FileManager.default.fileExists(atPath: $0) && !isFolder($0) }
    }
}

extension DatasetCatalog {
    /// One entry for each known data set, by name; never throws, problems are entries too.
    ///
    /// `verifying` reads every file that is there (about a second for MNIST); without it nothing is read.
    public func listing(verifying: Bool = true) -> [DatasetListing] {
        known.map { dataset in
            switch find(dataset) {
            case .absent: return entry(dataset, .absent, problem: "not found")
            case .incomplete(let folder, let absent):
                let problem = "no \(absent.joined(separator: ", no "))"
                return entry(dataset, .incomplete, folder: folder, problem: problem)
            case .found(let folder, _):
                guard verifying else { return entry(dataset, .unchecked, folder: folder) }
                do {
                    return entry(dataset, .verified, folder: folder, files: try load(dataset.name).files)
                } catch {
                    return entry(dataset, .damaged, folder: folder, problem: "\(error)")
                }
            }
        }
    }

    private func entry(
        _ dataset: KnownDataset, _ state: DatasetListing.State, folder: String? = nil, files: [SourceFile] = [],
        problem: String? = nil
    ) -> DatasetListing {
        DatasetListing(
            name: dataset.name, summary: dataset.summary, licence: dataset.licence, state: state, folder: folder,
            files: files, searched: places(of: dataset), problem: problem,
            hint: problem == nil ? nil : dataset.hint)
    }
}

/// One data set of the list: its description, and whether its files are there.
public struct DatasetListing: Sendable, Codable, Hashable {
    /// Whether the files are what they should be.
    public enum State: String, Sendable, Codable {
        /// All files are there and their checksums hold.
        case verified
        /// All files are there; their checksums were not computed.
        case unchecked
        /// All files are there, but one cannot be read or is another one than its name promises.
        case damaged
        /// Some files are there.
        case incomplete
        /// No file is there.
        case absent
    }

    /// The name it is loaded by.
    public let name: String
    /// What it holds, in a line.
    public let summary: String
    /// The licence under which the set is published.
    public let licence: String
    /// Whether it is there.
    public let state: State
    /// Where it was found, wholly or in part; nil when it is absent.
    public let folder: String?
    /// The files that were read; empty unless `state` is `verified`.
    public let files: [SourceFile]
    /// Every folder in which it is looked for, in order.
    public let searched: [String]
    /// What is wrong, or nil.
    public let problem: String?
    /// How to get it, or nil when it is there.
    public let hint: String?
}
