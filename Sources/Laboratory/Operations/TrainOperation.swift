import Basics
import Foundation
import ModelZoo
import Ranks

/// Trains a zoo by a recipe, or a folder of zoos by a recipe whose grid varies architecture or data.
public struct TrainOperation {
    /// The recipe's YAML file.
    public let recipe: String
    /// `key=value` on top of it.
    public let settings: [String]
    /// The zoo file or folder to write.
    public let out: URL
    /// Whether an unfinished training goes on.
    public let resume: Bool
    /// Whether a file that is there already is replaced.
    public var replaces = false
    /// Whether a training is taken over whose process, on another host, cannot be seen to have ended.
    public var takesOver = false
    /// How many shards the zoo is written in; nil writes one file.
    public var shards: Int?
    /// Where data sets are.
    public let catalog: DatasetCatalog
    /// The processes that train.
    public var ranks = Ranks.one
    /// Least seconds between two records of progress.
    var interval = 10.0

    /// Prepares to train what the recipe at a path says; nothing is read yet.
    public init(recipe: String, settings: [String], out: URL, resume: Bool = false, catalog: DatasetCatalog) {
        self.recipe = recipe
        self.settings = settings
        self.out = out
        self.resume = resume
        self.catalog = catalog
    }

    /// What came of the training.
    public struct Outcome {
        /// The zoo files, in order of the grid.
        public let zoos: [URL]
        /// Number of networks in all zoo files together.
        public let count: Int
        /// Number of networks that diverged.
        public let divergedCount: Int

        /// 3 where every network diverged; 0 where that was said before, and nothing was to do.
        public var status: ExitStatus { divergedCount == count && finished == nil ? .badResult : .done }
        /// Where nothing was to do, because the zoo was there whole.
        var finished: String?

        /// What a person should know, or nil.
        public var note: String? {
            if let finished { return "\(finished) holds a finished training; --force trains again" }
            return divergedCount == 0
                ? nil
                : "\(divergedCount) of \(count) networks diverged and stand in the zoo with their last finite weights"
                    + " (column diverged, the epoch); try a lower training.rate"
        }
    }

    /// Trains and writes; progress is kept in a folder beside `out` until all is written. Throws `ConfigError` for a
    /// wrong recipe, `DataError` otherwise.
    public func execute(_ reporter: any ProgressReporter) throws -> Outcome {
        let arms = try RecipeGrid.arms(path: recipe, settings: settings)
        let training = try ZooTraining(arms: arms, catalog: catalog)
        let shards = try shards.map { try ZooShards($0, of: training) }
        if let finished = try finished(training) { return finished }
        try check(training)
        let data = try training.dataNotes()
        for note in data { reporter.note(note) }
        let identity = shards?.identity ?? training.identity
        return try withProgress(identity) { progress in
            let report = reporter.progress("training the zoo").report
            guard let shards else {
                let trained = try training.train(keeping: progress, over: ranks, report: report)
                try write(trained, isFolder: training.isFolder, keeping: progress)
                let names = try training.isFolder ? ZooFolder(contentsOf: out).zoos.map(\.file) : []
                return Outcome(
                    zoos: training.isFolder ? names.map { out.appendingPathComponent($0) } : [out],
                    count: trained.count, divergedCount: trained.divergedCount)
            }
            try shards.train(keeping: progress, over: ranks, report: report)
            try move(progress.shards, keeping: progress)
            return try outcome([out])
        }
    }

    /// Writes beside the records of progress, so that nothing is left of an interrupted write, and then moves.
    private func write(_ trained: TrainedZoos, isFolder: Bool, keeping progress: ZooProgress) throws {
        let temporary = progress.folder.appendingPathComponent("zoo")
        try? FileManager.default.removeItem(at: temporary)
        if isFolder {
            try OutputFile.makeFolder(temporary)
            try ZooFolder.write(trained, to: temporary)
        } else {
            try trained.write(to: temporary.path)
        }
        try move(temporary, keeping: progress)
    }

    /// Gives a file or folder its name, in place of what was to be replaced.
    private func move(_ temporary: URL, keeping progress: ZooProgress) throws {
        try progress.note(result: temporary.path)
        if POSIXFile.isFolder(temporary.path), FileManager.default.fileExists(atPath: out.path) {
            try POSIXFile.remove(out.path)
        }
        let target = WholeFile.target(of: out.path)
        try POSIXFile.rename(temporary.path, to: target)
        try POSIXFile.sync(URL(fileURLWithPath: target).deletingLastPathComponent().path)
    }

    /// What is there already where a training that is to go on was finished before; nil where there is work to do.
    private func finished(_ training: ZooTraining) throws -> Outcome? {
        let files = FileManager.default
        guard resume, !replaces, files.fileExists(atPath: out.path) else { return nil }
        let records = ZooProgress.folder(for: out).path
        if files.fileExists(atPath: records) {
            guard ZooProgress.isComplete(out) else { return nil }
            try POSIXFile.remove(records)
        }
        let zoos =
            training.isFolder ? try ZooFolder(contentsOf: out).zoos.map { out.appendingPathComponent($0.file) } : [out]
        return try outcome(zoos, finished: out.path)
    }

    /// What zoos that are there whole hold.
    private func outcome(_ zoos: [URL], finished: String? = nil) throws -> Outcome {
        let readers = try zoos.map { try ZooReader(path: $0.path) }
        let diverged = readers.map { $0.columns.numbers("diverged")?.count { !$0.isNaN } ?? 0 }
        return Outcome(
            zoos: zoos, count: readers.reduce(0) { $0 + $1.count }, divergedCount: diverged.reduce(0, +),
            finished: finished)
    }

    /// Refuses what could not be written in the end.
    private func check(_ training: ZooTraining) throws {
        guard training.isFolder || shards != nil else {
            return try OutputFile.check(out, reading: [recipe], replacing: replaces)
        }
        try OutputFile.checkFolder(out, replacing: replaces)
    }

    private func withProgress(_ identity: String, _ work: (ZooProgress) throws -> Outcome) throws -> Outcome {
        let folder = ZooProgress.folder(for: out)
        let isThere = FileManager.default.fileExists(atPath: folder.path)
        if isThere, !resume {
            throw DataError(
                .configuration, path: folder.path, problem: "holds an unfinished training of this zoo",
                hint: "go on with --resume, or remove the folder to start again")
        }
        if !isThere { try OutputFile.makeFolder(folder) }
        let lock = try FolderLock(folder, takesOver: takesOver, takeOver: FolderLock.takeOverAdvice)
        defer { withExtendedLifetime(lock) {} }
        let progress = try ZooProgress(folder: folder, identity: identity, interval: interval)
        do {
            let outcome = try work(progress)
            try progress.remove()
            return outcome
        } catch {
            // What has not begun leaves nothing that the next command would meet.
            if progress.isEmpty { try? progress.remove() }
            throw error
        }
    }
}
