import Foundation
import Networks

/// The file that an operation writes in the end.
enum OutputFile {
    /// What an interrupted operation says: it has written nothing.
    static let interrupted = "nothing was written; the same command starts again"

    /// Throws `DataError.inputOutput` where the file could not be written after the work: before it is done.
    static func check(_ url: URL) throws {
        let folder = url.deletingLastPathComponent().path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw DataError(
                .inputOutput, path: url.path, expected: "a file in a folder that is there",
                found: "no folder \(folder)")
        }
        guard access(folder, W_OK) == 0 else { throw POSIXFile.failure(url.path, "a folder that can be written to") }
        if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue {
            throw DataError(.inputOutput, path: url.path, expected: "the name of a file", found: "a folder")
        }
    }
}
