import Basics
import Foundation
import ModelZoo
import Ranks

extension ExperimentRun {
    /// Puts the population at `zoo.h5`: from a file, or trained. Runs of one experiment with the same recipe share one
    /// training.
    func provideZoo() throws -> Bool {
        switch config.zoo {
        case .file(let file):
            let source = try ExperimentPaths.resolve(file.path)
            let digest = try ShardedZoo.digest(ofZoo: source.path)
            try Self.refuseOtherZoo(at: source.path, digest, begunWith: folder.inputs(of: "zoo"))
            return try folder.stage("zoo", inputs: digest) { writer in
                let reader = try ZooReader(path: source.path)
                let zoo = try reader.readAll()
                try config.judging.check(JudgingData(zoo, path: source.path, catalog: catalog), path: source.path)
                try writer.produce("zoo.h5") { target in
                    guard ShardedZoo.isOne(source.path) else { return try Self.copy(source, to: target) }
                    try reader.copy(rows: Array(0..<reader.count), to: target.path)
                }
            }
        case .train(let recipe), .oneRun(let recipe), .checkpoints(let recipe):
            let key = try SharedZoos.key(config.zoo) ?? ""
            return try folder.stage("zoo", inputs: key) { writer in
                let shared = zoos.file(key)
                if !FileManager.default.fileExists(atPath: shared.path) {
                    try SharedTraining(
                        source: config.zoo, recipe: recipe, catalog: catalog, zoos: zoos, ranks: ranks,
                        path: folder.file("zoo.h5").path
                    ).execute(to: shared, progress("training the zoo"))
                }
                try writer.produce("zoo.h5") { try Self.link(shared, to: $0) }
            }
        }
    }

    /// Throws `.configuration` where a run was begun with another zoo than the one that is now in its place.
    static func refuseOtherZoo(at path: String, _ digest: String, begunWith recorded: String?) throws {
        guard let recorded, recorded != digest else { return }
        throw DataError(
            .configuration, path: path,
            problem:
                "is not the zoo that this run was begun with: its SHA-256 begins with \(digest.prefix(12)), that of "
                + "the other with \(recorded.prefix(12))",
            hint: "put that one back, or run with this one in another folder (--out)")
    }

    /// A copy, which later changes of the file do not touch; above 100 MB a second name for the same file.
    private static func copy(_ source: URL, to target: URL) throws {
        let source = source.resolvingSymlinksInPath()
        guard RunStages.size(of: source) ?? 0 <= 100_000_000 else { return try link(source, to: target) }
        try POSIXFile.copy(source.path, to: target.path)
    }

    /// A second name for the same file, or a copy where the file system has no links.
    static func link(_ source: URL, to target: URL) throws {
        let source = source.resolvingSymlinksInPath()
        if Foundation.link(source.path, target.path) != 0 { try POSIXFile.copy(source.path, to: target.path) }
    }
}

/// One training of a zoo for all runs of an experiment that have the same recipe.
struct SharedTraining {
    let source: ZooConfig
    let recipe: ZooRecipe
    let catalog: DatasetCatalog
    let zoos: SharedZoos
    let ranks: Ranks
    /// The zoo file of the run, for messages.
    let path: String

    /// Trains and writes. Throws `DataError`, also where a network diverged.
    func execute(to url: URL, _ progress: WorkProgress) throws {
        let start = StageClock.now()
        let zoo = try zoo(progress)
        if let diverged = zoo.columns.numbers("diverged")?.count(where: { !$0.isNaN }), diverged > 0 {
            throw DataError(
                .configuration, path: "zoo.training.rate", expected: "a rate at which every network trains",
                found: "\(recipe.training.rate), at which \(diverged) of \(zoo.count) networks diverged",
                hint: "lower it; `weightspace zoo train` keeps such networks and says which they are")
        }
        // Not before: a recipe that does not fit its data leaves nothing behind.
        let folder = url.deletingLastPathComponent().path
        try POSIXFile.makeFolders(folder)
        do {
            try ZooWriter.write(zoo, to: url.path)
        } catch {
            // Nor does a full disk; a folder that holds other zoos stays.
            rmdir(folder)
            throw error
        }
        try zoos.record(seconds: StageClock.now() - start, networks: zoo.count, of: url)
    }

    private func zoo(_ progress: WorkProgress) throws -> Zoo {
        func trained() throws -> Zoo {
            try ZooTraining(arms: [.init(recipe: recipe)], catalog: catalog).train(over: ranks, report: progress.report)
                .zoo()
        }
        switch source {
        case .oneRun: return try ZooTrainer.oneRun(recipe, catalog: catalog, progress: progress.report)
        case .file, .train: return try trained()
        case .checkpoints: return try trained().checkpoints(catalog: catalog, path: path)
        }
    }
}

/// The zoos that the runs of an experiment train: one training for all runs with the same recipe.
struct SharedZoos {
    let folder: URL

    /// What a zoo that is trained here is known by: its recipe as YAML, and its kind where that is not `train`.
    static func key(_ source: ZooConfig) throws -> String? {
        guard let yaml = try source.recipe.map({ try Tree(encoding: $0).yaml }) else { return nil }
        switch source {
        case .file, .train: return yaml
        case .oneRun: return "one-run\n" + yaml
        case .checkpoints: return "checkpoints\n" + yaml
        }
    }

    /// Where the zoo with this key is kept.
    func file(_ key: String) -> URL {
        let digest = Array(key.utf8).withUnsafeBytes { SHA256.digest(of: $0) }
        return folder.appendingPathComponent("\(SHA256.hex(digest).prefix(16)).h5")
    }

    /// Remembers what the training of the zoo at `url` took.
    func record(seconds: Double, networks: Int, of url: URL) throws {
        let facts = Tree.map(["seconds": .number(seconds), "networks": .integer(networks)])
        try WholeFile.write(facts.text() + "\n", to: url.appendingPathExtension("timing.json"))
    }

    /// Seconds that the training of a run's zoo took, and for how many networks; nil where it was not trained here.
    func training(_ source: ZooConfig) -> (seconds: Double, networks: Int)? {
        guard let count = source.trainedCount, let key = try? Self.key(source) else { return nil }
        let url = file(key).appendingPathExtension("timing.json")
        guard let data = try? Data(contentsOf: url), let json = try? Tree(parsing: data, path: url.path),
            let seconds = json["seconds"]?.number
        else { return nil }
        // Of a zoo of tasks the recipe counts the networks of one.
        let hasTasks = (source.recipe?.tasks.classes ?? 0) > 0
        return (seconds, hasTasks ? json["networks"]?.number.map { Int($0) } ?? count : count)
    }
}
