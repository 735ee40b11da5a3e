import Basics
import Foundation

/// What a training that was stopped goes on from: one record a group of networks, in a folder beside the zoo.
///
/// Every record is written under a temporary name and renamed, so that at any moment the folder holds whole records.
/// A training that is resumed gives the same bytes as one that was never stopped, wherever that was.
public struct ZooProgress: Sendable {
    /// The folder of records, beside the zoo that is being trained.
    public let folder: URL
    /// Least seconds between two records of a group that still trains; 0 records every step.
    let interval: Double

    /// Where the progress of the training of a zoo file or folder is kept until it is complete.
    public static func folder(for zoo: URL) -> URL {
        zoo.deletingLastPathComponent().appendingPathComponent(zoo.lastPathComponent + ".progress")
    }

    /// Opens the folder, which is there, for the training that `identity` describes; the first one to do so names it.
    ///
    /// Throws `DataError`: `.configuration` where the folder is of another training, `.inputOutput` where it cannot be
    /// used.
    public init(folder: URL, identity: String, interval: Double = 10) throws {
        self.folder = folder
        self.interval = interval
        let file = folder.appendingPathComponent("training.txt")
        if !FileManager.default.fileExists(atPath: file.path) {
            try WholeFile.write(identity, to: file)
        }
        let found = try? String(contentsOf: file, encoding: .utf8)
        guard found == identity else {
            throw DataError(
                .configuration, path: folder.path, expected: "the progress of this training",
                found: Self.difference(found ?? "", identity),
                hint: "train with the same recipe, data and kernel set, or remove the folder to start again")
        }
    }

    private static func result(_ folder: URL) -> URL { folder.appendingPathComponent("result.txt") }

    /// Notes the file or folder that holds the whole zoo, right before it is given the zoo's name.
    package func note(result: String) throws {
        guard let identity = FileNode(result) else { throw POSIXFile.failure(result, "cannot be read") }
        try WholeFile.write(identity.text, to: Self.result(folder))
    }

    /// Whether a training was stopped after its zoo had its name, so that only the records are left to remove.
    package static func isComplete(_ zoo: URL) -> Bool {
        guard let identity = FileNode(zoo.path) else { return false }
        return (try? String(contentsOf: result(folder(for: zoo)), encoding: .utf8)) == identity.text
    }

    /// The first line in which two descriptions differ.
    private static func difference(_ old: String, _ new: String) -> String {
        let (before, after) = (old.split(separator: "\n"), new.split(separator: "\n"))
        let pairs = zip(before, after).first { $0 != $1 }
        return pairs.map { "\"\($0.0)\" in place of \"\($0.1)\"" } ?? "that of another training"
    }

    private func path(_ group: Int) -> String { folder.appendingPathComponent("group-\(group)").path }

    /// Brings a group that has not begun to where its record says, if there is one.
    func restore(_ group: inout TrainingGroup, index: Int, _ trainer: ZooTrainer) throws {
        guard FileManager.default.fileExists(atPath: path(index)) else { return }
        try group.read(from: path(index), trainer.trainer)
    }

    /// Records a group.
    func save(_ group: TrainingGroup, index: Int) throws { try group.write(to: path(index)) }

    /// Forgets a group whose networks stand in a shard.
    func forget(index: Int) throws {
        if FileManager.default.fileExists(atPath: path(index)) { try POSIXFile.remove(path(index)) }
    }

    /// The folder of shards that are written while others are still trained; it becomes the zoo.
    public var shards: URL { folder.appendingPathComponent("shards") }

    /// Whether anything but a name has been recorded.
    public var isEmpty: Bool {
        let files = FileManager.default
        let names = (try? files.contentsOfDirectory(atPath: folder.path)) ?? []
        let shards = (try? files.contentsOfDirectory(atPath: shards.path)) ?? []
        return !names.contains { $0.hasPrefix("group-") } && shards.isEmpty
    }

    /// Removes the folder, when the zoo is complete.
    public func remove() throws {
        try POSIXFile.remove(folder.path)
    }
}
