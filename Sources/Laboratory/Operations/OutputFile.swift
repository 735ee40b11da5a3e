import Foundation
import ModelZoo
import Networks

/// The file or folder that an operation writes in the end.
enum OutputFile {
    /// What an interrupted operation says: it has written nothing.
    static let interrupted = "nothing was written; the same command starts again"

    /// Throws `DataError.inputOutput` where the file could not be written after the work: before it is done.
    static func check(_ url: URL) throws {
        try checkPlace(url, "a file")
        if isFolder(url) {
            throw DataError(.inputOutput, path: url.path, expected: "the name of a file", found: "a folder")
        }
    }

    /// The same for a folder of zoos; throws `DataError.configuration` where something else than such a folder stands.
    static func checkFolder(_ url: URL) throws {
        try checkPlace(url, "a folder")
        guard FileManager.default.fileExists(atPath: url.path) else { return }
        guard isFolder(url), ZooFolder.isOne(url) else {
            throw DataError(
                .configuration, path: url.path, expected: "the name of a new folder: the recipe makes several zoos",
                found: isFolder(url) ? "a folder with other things" : "a file", hint: "choose another name with --out")
        }
    }

    /// Makes a folder; throws `DataError.inputOutput`.
    static func makeFolder(_ url: URL) throws {
        guard mkdir(url.path, 0o755) == 0 else { throw POSIXFile.failure(url.path, "a folder that can be made") }
    }

    private static func checkPlace(_ url: URL, _ what: String) throws {
        let folder = url.deletingLastPathComponent()
        guard isFolder(folder) else {
            throw DataError(
                .inputOutput, path: url.path, expected: "\(what) in a folder that is there",
                found: "no folder \(folder.path)")
        }
        guard access(folder.path, W_OK) == 0 else {
            throw POSIXFile.failure(url.path, "a folder that can be written to")
        }
    }

    private static func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
