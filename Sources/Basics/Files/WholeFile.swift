import Foundation

/// Writes files under a temporary name and renames them when they are complete: a reader sees the old or the new one.
public enum AtomicFile {
    /// Writes the bytes to `url`; throws `DataError` (inputOutput) and leaves what was there.
    public static func write(_ data: Data, to url: URL) throws {
        try produce(url) { temporary in
            let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw POSIXFile.failure(url.path, "a file that can be written") }
            defer { close(descriptor) }
            try POSIXFile.write(Array(data), to: descriptor, path: url.path)
        }
    }

    /// Writes a text; throws as ``write(_:to:)-(Data,_)`` does.
    public static func write(_ text: String, to url: URL) throws {
        try write(Data(text.utf8), to: url)
    }

    /// Lets `make` write a file or a folder under a temporary name beside `url`, then gives it the name; what stood
    /// there is replaced. Nothing is left when `make` throws, and its error is passed on.
    public static func produce<Result>(_ url: URL, _ make: (URL) throws -> Result) throws -> Result {
        let files = FileManager.default
        let temporary = temporaryURL(for: url)
        try? files.removeItem(at: temporary)
        do {
            let result = try make(temporary)
            try sync(temporary)
            var isFolder: ObjCBool = false
            if files.fileExists(atPath: url.path, isDirectory: &isFolder), isFolder.boolValue {
                try files.removeItem(at: url)
            }
            try POSIXFile.rename(temporary.path, to: url.path)
            // Where both are names of one file already, renaming does nothing.
            unlink(temporary.path)
            try POSIXFile.sync(url.deletingLastPathComponent().path)
            return result
        } catch {
            try? files.removeItem(at: temporary)
            throw error
        }
    }

    /// The names under which files are written end in this.
    package static let ending = ".partial"

    /// Removes what interrupted writers left in a folder (not below it).
    package static func removeLeftovers(in folder: URL) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where name.hasPrefix(".") && name.hasSuffix(ending) {
            try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
        }
    }

    private static func temporaryURL(for url: URL) -> URL {
        let name = ".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)\(ending)"
        return url.deletingLastPathComponent().appendingPathComponent(name)
    }

    private static func sync(_ url: URL) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw DataError(.inputOutput, path: url.path, expected: "a file that was written", found: "none")
        }
        if isFolder.boolValue {
            for name in try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() {
                try sync(url.appendingPathComponent(name))
            }
        }
        try POSIXFile.sync(url.path)
    }
}
