import Basics
import Foundation

/// What a folder holds.
enum FolderListing {
    private static let mostFiles = 10_000_000

    /// Whether there is a folder of that name.
    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Names in a folder, hidden ones left out, in natural order; throws `.missing` or `.inputOutput`.
    static func names(in folder: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }
                .sorted(by: NaturalOrder.precedes)
        } catch {
            let failure = DataError.system(error, at: folder)
            throw DataError(
                isFolder(folder) ? .inputOutput : .missing, path: folder, problem: failure.found, hint: failure.hint)
        }
    }

    /// Files of a folder and, down to `depth` folders below it, of these; paths from the folder, in natural order of
    /// every level. Links to folders are not followed. No more than `upTo` are looked for.
    static func files(in folder: String, depth: Int, upTo most: Int = .max) throws -> [String] {
        var files: [String] = []
        // The last is opened next, so that a folder's files stand together.
        var open = [(path: "", level: 0)]
        while files.count < most, let (path, level) = open.popLast() {
            let full = path.isEmpty ? folder : "\(folder)/\(path)"
            if level > 0, !isFolder(full) {
                files.append(path)
                continue
            }
            guard level == 0 || (level <= depth && !isLink(full)) else { continue }
            for name in try names(in: full).reversed() {
                open.append((path.isEmpty ? name : "\(path)/\(name)", level + 1))
            }
            guard files.count + open.count <= mostFiles else {
                throw DataError(.malformed, path: folder, expected: "at most \(mostFiles) files", found: "more")
            }
        }
        return files
    }

    private static func isLink(_ path: String) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
    }
}
