import Basics
import Foundation
import ModelZoo

/// The file or folder that an operation writes in the end.
enum OutputFile {
    /// What an interrupted operation says: it has written nothing.
    static let interrupted = "nothing was written; the same command starts again"

    /// Throws `DataError` where the file could not be written after the work: before it is done.
    ///
    /// `.configuration` where a file is there and is not to be replaced, where it is one of the files that the operation
    /// reads, or stands in a folder that it reads, and would be replaced; `.inputOutput` where its folder takes no file,
    /// or the name belongs to something else than a file. A symbolic link stands for what it leads to.
    static func check(
        _ url: URL, reading inputs: [String] = [], replacing: Bool = false, option: String = "--out"
    ) throws {
        let kind = try kind(of: url.path)
        if let kind, kind != S_IFREG || isOfTheSystem(url.path) {
            throw DataError(
                .inputOutput, path: url.path,
                problem: kind == S_IFDIR
                    ? "is a folder, where a file is to be written"
                    : "is a device or a pipe, to which no file can be written",
                hint: "give the name of a file with \(option)")
        }
        try checkPlace(URL(fileURLWithPath: WholeFile.target(of: url.path)), "file", named: url)
        guard kind != nil else { return }
        if let input = inputs.first(where: { isSame($0, url.path) || isWithin(url, $0) }) {
            throw DataError(
                .configuration, path: option, problem: "\(url.path) would replace \(input), which is read",
                hint: "choose another name")
        }
        guard !replacing else { return }
        throw exists(url)
    }

    static func exists(_ url: URL) -> DataError {
        DataError(
            .configuration, path: url.path, problem: "is there already",
            hint: "choose another name, or replace it with --force")
    }

    /// Whether a path leads to what the system keeps for a process: its standard output may look like a file.
    private static func isOfTheSystem(_ path: String) -> Bool {
        let place = URL(fileURLWithPath: path).standardizedFileURL.path
        return ["/dev/", "/proc/"].contains { place.hasPrefix($0) }
    }

    /// The kind of file at a path, links followed; nil where there is none.
    private static func kind(of path: String) throws -> mode_t? {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            guard errno == ENOENT else { throw POSIXFile.failure(path, "cannot be written") }
            return nil
        }
        return facts.st_mode & S_IFMT
    }

    private static func isSame(_ first: String, _ second: String) -> Bool {
        guard let file = FileNode(first) else { return false }
        return file == FileNode(second)
    }

    /// Whether a file that is there stands in a folder or below it, links followed.
    private static func isWithin(_ file: URL, _ folder: String) -> Bool {
        guard POSIXFile.isFolder(folder), FileManager.default.fileExists(atPath: file.path) else {
            return false
        }
        let outer = URL(fileURLWithPath: folder).resolvingSymlinksInPath().pathComponents
        return file.resolvingSymlinksInPath().pathComponents.starts(with: outer)
    }

    /// Creates a file in the folder and removes it again: permissions alone do not say whether that is possible.
    private static func probe(_ folder: String, _ path: String) throws {
        let name = "\(folder)/.weightspace-\(getpid()).probe"
        let descriptor = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXFile.failure(path, "cannot be written") }
        close(descriptor)
        unlink(name)
    }

    /// The same for a folder of zoos; throws `DataError.configuration` where something else than such a folder stands.
    static func checkFolder(_ url: URL, replacing: Bool = false) throws {
        try checkPlace(url, "folder", named: url)
        guard FileManager.default.fileExists(atPath: url.path) else { return }
        guard POSIXFile.isFolder(url.path), ZooFolder.isOne(url) || ShardedZoo.isOne(url.path) else {
            throw DataError(
                .configuration, path: url.path,
                problem:
                    "is \(POSIXFile.isFolder(url.path) ? "a folder of other things" : "a file"), but a folder of zoo files is to be "
                    + "written", hint: "choose another name with --out")
        }
        if !replacing { throw exists(url) }
    }

    /// Makes a folder; throws `DataError.inputOutput`.
    static func makeFolder(_ url: URL) throws {
        guard mkdir(url.path, 0o755) == 0 else { throw POSIXFile.failure(url.path, "cannot be made") }
    }

    static func checkPlace(_ target: URL, _ what: String, named url: URL) throws {
        let folder = target.deletingLastPathComponent()
        guard POSIXFile.isFolder(folder.path) else {
            throw DataError(
                .inputOutput, path: url.path,
                problem: "the \(what) cannot be written, as there is no folder \(folder.path)",
                hint: "make it first, or choose another place")
        }
        try probe(folder.path, url.path)
    }
}
