import Basics
import Foundation

/// Finds files that configurations name from the current folder or from the checkout's root.
public enum ExperimentPaths {
    /// The file at `path`, from the current folder or the nearest folder above it that holds it.
    ///
    /// Throws `DataError.missing`.
    public static func resolve(_ path: String) throws -> URL {
        var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
        if path.hasPrefix("/") {
            if FileManager.default.fileExists(atPath: path) { return URL(fileURLWithPath: path) }
            throw missing(path)
        }
        while true {
            let candidate = folder.appendingPathComponent(path)
            if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
            let above = folder.deletingLastPathComponent()
            if above.path == folder.path { throw missing(path) }
            folder = above
        }
    }

    private static func missing(_ path: String) -> DataError {
        DataError(.missing, path: path, expected: "a file here or in a folder above", found: "none")
    }
}
