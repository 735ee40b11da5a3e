import Basics
import Foundation
import ModelZoo

/// The file or folder that an operation writes in the end.
enum OutputFile {
    /// What an interrupted operation says: it has written nothing.
    static let interrupted = "nothing was written; the same command starts again"

    /// Throws `DataError` where the file could not be written after the work: before it is done.
    ///
    /// `.configuration` where it is one of the files that the operation reads, or stands in a folder that it reads, and
    /// would be replaced; `.inputOutput` where its folder takes no file, or the name belongs to something else than a file.
    static func check(_ url: URL, reading inputs: [String] = []) throws {
        try checkPlace(url, "a file")
        if let kind = try kind(of: url.path), kind != S_IFREG {
            throw DataError(
                .inputOutput, path: url.path, expected: "the name of a file",
                found: kind == S_IFDIR ? "a folder" : "a device, socket or pipe")
        }
        if let input = inputs.first(where: { isSame($0, url.path) || isWithin(url, $0) }) {
            throw DataError(
                .configuration, path: "--out", expected: "another file than the one that is read",
                found: url.path, hint: "\(input) would be replaced")
        }
    }

    /// The kind of file at a path, links followed; nil where there is none.
    private static func kind(of path: String) throws -> mode_t? {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            guard errno == ENOENT else { throw POSIXFile.failure(path, "a file that can be written") }
            return nil
        }
        return facts.st_mode & S_IFMT
    }

    private static func isSame(_ first: String, _ second: String) -> Bool {
        var facts = (stat(), stat())
        guard stat(first, &facts.0) == 0, stat(second, &facts.1) == 0 else { return false }
        return facts.0.st_dev == facts.1.st_dev && facts.0.st_ino == facts.1.st_ino
    }

    /// Whether a file that is there stands in a folder or below it, links followed.
    private static func isWithin(_ file: URL, _ folder: String) -> Bool {
        guard isFolder(URL(fileURLWithPath: folder)), FileManager.default.fileExists(atPath: file.path) else {
            return false
        }
        let outer = URL(fileURLWithPath: folder).resolvingSymlinksInPath().pathComponents
        return file.resolvingSymlinksInPath().pathComponents.starts(with: outer)
    }

    /// Creates a file in the folder and removes it again: permissions alone do not say whether that is possible.
    private static func probe(_ folder: String, _ path: String) throws {
        let name = "\(folder)/.weightspace-\(getpid()).probe"
        let descriptor = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXFile.failure(path, "a folder that can be written to") }
        close(descriptor)
        unlink(name)
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
        try probe(folder.path, url.path)
    }

    private static func isFolder(_ url: URL) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
