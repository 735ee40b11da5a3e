import Basics
import Foundation
import Ranks

/// How a training's networks are divided into the shards of one zoo (`ShardedZoo`): runs of whole groups, as even as they
/// can be, so that a shard is trained and written by itself. Nothing is copied together.
///
/// A shard's bytes depend on the training and on the number of shards, not on which process wrote it or when.
public struct ZooShards {
    let training: ZooTraining
    /// The groups of each shard.
    private let ranges: [Range<Int>]
    /// Steps that each group takes.
    private let lengths: [Int]

    /// Divides a training into shards. Throws `DataError.configuration`, named `--shards`, where there are more than groups
    /// of networks, or where the training makes several zoos.
    public init(_ count: Int, of training: ZooTraining) throws {
        func refuse(_ problem: String, _ hint: String) -> DataError {
            DataError(.configuration, path: "--shards", problem: problem, hint: hint)
        }
        guard !training.isFolder else {
            throw refuse(
                "the recipe's grid makes \(training.parts.count) zoos of different architectures or data, and shards are "
                    + "parts of one", "train them one by one, or leave --shards out")
        }
        let groups = training.groups.count
        guard (1...groups).contains(count) else {
            throw refuse(
                "\(count) shards cannot be made of \(training.count) networks, which train in groups of "
                    + "\(ZooTrainer.group)", "choose a number from 1 to \(groups)")
        }
        self.training = training
        ranges = (0..<count).map { groups * $0 / count..<groups * ($0 + 1) / count }
        lengths = try training.lengths()
    }

    /// Number of shards.
    public var count: Int { ranges.count }
    /// Steps of all groups of all shards.
    public var steps: Int { lengths.reduce(0, +) }

    /// What a resumed training must agree on: the training's own identity and the number of shards.
    public var identity: String { training.identity + "\(count) shards\n" }

    /// The file of a shard: `shard-00003.h5`.
    public static func name(_ shard: Int) -> String {
        let digits = String(shard)
        return "shard-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".h5"
    }

    /// Trains the networks of one shard and writes it into the folder of shards, unless it stands there whole; its records
    /// are then forgotten. `report` is given the steps done of this shard. Returns how many of its steps there are.
    @discardableResult
    public func train(_ shard: Int, keeping progress: ZooProgress, report: (_ done: Int) throws -> Void) throws -> Int {
        let range = ranges[shard]
        let steps = lengths[range].reduce(0, +)
        let path = progress.shards.appendingPathComponent(Self.name(shard)).path
        if !FileManager.default.fileExists(atPath: path) {
            let trained = try training.train(groups: range, lengths, keeping: progress, report: report)
            let part = training.parts[0]
            try trained.write(part.groups[range], of: part, to: path)
        }
        for group in range { try progress.forget(index: group) }
        return steps
    }

    /// Trains all shards, each on the rank that is free and written by it, and writes their index; `report` is given the
    /// steps done of all.
    public func train(
        keeping progress: ZooProgress, over ranks: Ranks = .one, report: (_ done: Int, _ total: Int) throws -> Void
    ) throws {
        try POSIXFile.makeFolders(progress.shards.path)
        try ranks.map(ShardTrainings(self, progress), 0..<count, report: report) { _, _ in }
        try writeIndex(in: progress.shards)
    }

    /// Steps of some shards.
    func steps(of shards: Range<Int>) -> Int { ranges[shards].reduce(0) { $0 + lengths[$1].reduce(0, +) } }

    /// Writes the index when all shards stand in a folder; throws as `ShardedZoo` does.
    public func writeIndex(in folder: URL) throws {
        try ShardedZoo(of: (0..<count).map(Self.name), in: folder.path).write(to: folder.path)
    }
}

/// The shards of a training as work that any rank can do.
package struct ShardTrainings: RankWork {
    /// What another rank trains by.
    package struct Description: Codable {
        let training: ZooGroups.Description
        let shards: Int
    }

    package static let name = "training the shards"
    private let shards: ZooShards
    private let progress: ZooProgress

    init(_ shards: ZooShards, _ progress: ZooProgress) { (self.shards, self.progress) = (shards, progress) }

    package init(_ description: Description) throws {
        let shards = try ZooShards(description.shards, of: description.training.training())
        guard let progress = try description.training.records(of: shards.identity) else {
            preconditionFailure("ShardTrainings: shards without a folder")
        }
        self.init(shards, progress)
    }

    package var description: Description {
        Description(training: .init(shards.training, progress), shards: shards.count)
    }

    package func units(_ range: Range<Int>) -> Int { shards.steps(of: range) }

    /// The steps done.
    package func item(_ range: Range<Int>, report: (_ units: Int) throws -> Void) throws -> Int {
        try range.reduce(0) { done, shard in
            try done + shards.train(shard, keeping: progress) { try report(done + $0) }
        }
    }
}
