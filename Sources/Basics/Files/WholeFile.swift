import Foundation
import Synchronization

/// A file or folder that is written under a temporary name and gets its own when it is complete: a reader sees the old
/// one or the new one, never a part.
///
/// The temporary name is `.NAME.PROCESS-SERIAL.partial`, in the same folder. A value that is dropped uncommitted removes
/// what it wrote. What a killed process left is removed by the next write of the same name, and by
/// `removeLeftovers(in:)` in a folder that is locked. A writer that is given such a temporary name of this process
/// (because it is one part of a larger write) writes straight to it, so no second name can be left behind.
public final class WholeFile {
    /// The name it is to have.
    package let path: String
    /// The name it is written under.
    package let temporaryPath: String
    private let name: String
    private var isCommitted = false
    private let slot: Int?

    /// The names under which files are written end in this.
    package static let ending = ".partial"
    private static let serial = Atomic<Int>(0)
    /// The temporary names that this process is writing.
    private static let inUse = Mutex<Set<String>>([])

    /// Picks a temporary name beside `path` and removes what killed writers of `path` left; nothing is created yet.
    package init(for path: String) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        path = Self.target(of: path)
        self.path = path
        let (folder, own) = Self.split(path)
        if Self.inUse.withLock({ $0.contains(own) }) {
            (temporaryPath, name, slot) = (path, own, nil)
            return
        }
        let number = Self.serial.wrappingAdd(1, ordering: .relaxed).newValue
        name = ".\(own).\(getpid())-\(number)\(Self.ending)"
        temporaryPath = folder + name
        slot = TemporaryNames.remember(folder + name)
        let name = name
        _ = Self.inUse.withLock { $0.insert(name) }
        Self.removeAbandoned(own, in: folder.isEmpty ? "." : folder)
    }

    /// Makes an empty folder under a temporary name. Throws `DataError` (inputOutput) where it cannot be made, or where
    /// something other than an empty folder stands under its own name.
    package static func folder(for path: String) throws -> WholeFile {
        let folder = WholeFile(for: path)
        let files = FileManager.default
        if files.fileExists(atPath: folder.path) {
            let content = try? files.contentsOfDirectory(atPath: folder.path)
            guard content?.isEmpty == true else {
                throw DataError(
                    .inputOutput, path: folder.path,
                    problem: content.map {
                        "is a folder that holds \($0.count) \($0.count == 1 ? "file" : "files"); a new or empty one is needed"
                    }
                        ?? "is a file, where a folder is to be made",
                    hint: "choose another --out, or remove it")
            }
        }
        guard mkdir(folder.temporaryPath, 0o777) == 0 else {
            throw POSIXFile.failure(folder.path, "cannot be made")
        }
        return folder
    }

    deinit {
        if !isCommitted { try? FileManager.default.removeItem(atPath: temporaryPath) }
        TemporaryNames.forget(slot)
        guard temporaryPath != path else { return }
        _ = Self.inUse.withLock { $0.remove(name) }
    }

    /// Brings everything to the disk and gives it its name, replacing a file or an empty folder, and whatever is there
    /// where `replacingFolders` says so. Throws `DataError` (inputOutput) and leaves what was there.
    package func commit(replacingFolders: Bool = false) throws {
        try Self.sync(temporaryPath, for: path)
        if temporaryPath != path {
            // A rename puts no file in a folder's place and no folder in a file's.
            if replacingFolders, Self.isFolder(path) || Self.isFolder(temporaryPath) && Self.isThere(path) {
                try POSIXFile.remove(path)
            }
            try POSIXFile.rename(temporaryPath, to: path)
            // Where both are names of one file already, renaming does nothing.
            unlink(temporaryPath)
            let folder = Self.split(path).folder
            try POSIXFile.sync(folder.isEmpty ? "." : folder)
        }
        isCommitted = true
    }
}

extension WholeFile {
    /// Lets `make` write a file or a folder under a temporary name beside `url`, then gives it the name; what stood
    /// there is replaced. Nothing is left when `make` throws, and its error is passed on.
    public static func produce<Result>(_ url: URL, _ make: (URL) throws -> Result) throws -> Result {
        let file = WholeFile(for: url.path)
        let result = try make(URL(fileURLWithPath: file.temporaryPath))
        try file.commit(replacingFolders: true)
        return result
    }

    /// Writes the bytes to `url`; throws `DataError` (inputOutput) and leaves what was there.
    public static func write(_ data: Data, to url: URL) throws {
        try write(Array(data), to: url.path)
    }

    /// Writes a text; throws as ``write(_:to:)-(Data,_)`` does.
    public static func write(_ text: String, to url: URL) throws {
        try write(Array(text.utf8), to: url.path)
    }

    /// Writes the bytes to `path`; throws `DataError` (inputOutput) and leaves what was there.
    package static func write(_ bytes: [UInt8], to path: String) throws {
        let file = WholeFile(for: path)
        try POSIXFile.create(bytes, to: file.temporaryPath, for: path)
        try file.commit()
    }

    /// Removes what interrupted writers left in a folder (not below it), whoever they were: only for a folder in which
    /// nobody else can be writing, because it is locked.
    package static func removeLeftovers(in folder: URL) throws {
        for name in try names(in: folder.path)
        where name.hasPrefix(".") && name.hasSuffix(ending) {
            try POSIXFile.remove(folder.appendingPathComponent(name).path)
        }
    }

    /// Removes what writers of `name` left whose process is gone. What cannot be removed stays: the write itself does
    /// not need it.
    private static func removeAbandoned(_ name: String, in folder: String) {
        guard let entries = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        for entry in entries where entry.hasSuffix(ending) && entry.hasPrefix(".\(name).") {
            let writer = entry.dropFirst(name.count + 2).dropLast(ending.count).split(
                separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            guard let process = pid_t(writer[0]), process > 0, writer.dropFirst().allSatisfy({ Int($0) != nil }) else {
                continue
            }
            let isGone =
                process == getpid()
                ? !inUse.withLock { $0.contains(entry) } : kill(process, 0) != 0 && errno == ESRCH
            if isGone { try? FileManager.default.removeItem(atPath: "\(folder)/\(entry)") }
        }
    }

    /// Where a symbolic link leads, through other links, whether or not anything is there; any other path as it is. So
    /// what is written by a link's name goes to its target, and the link stays.
    package static func target(of path: String) -> String {
        var place = path
        for _ in 0..<40 {
            guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: place) else { return place }
            place = next.hasPrefix("/") ? next : split(place).folder + next
        }
        return path
    }

    /// A path's folder, with its slash, and the name in it.
    private static func split(_ path: String) -> (folder: String, name: String) {
        let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        return (String(path[..<start]), String(path[start...]))
    }

    private static func names(in folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw DataError.system(error, at: folder)
        }
    }

    private static func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Brings a file, or a folder with all below it, to the disk.
    private static func sync(_ path: String, for target: String) throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw DataError(.inputOutput, path: target, problem: "was written, but is no longer there")
        }
        if isFolder(path) {
            for name in try names(in: path).sorted() {
                try sync("\(path)/\(name)", for: target)
            }
        }
        try POSIXFile.sync(path)
    }
}
