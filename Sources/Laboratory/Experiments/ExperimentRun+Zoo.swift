import Foundation
import ModelZoo
import Networks

extension ExperimentRun {
    /// Puts the population at `zoo.h5`: from a file, or trained. Runs of one experiment with the same recipe share one
    /// training.
    func provideZoo() throws -> Bool {
        switch config.zoo {
        case .file(let file):
            let source = try ExperimentPaths.resolve(file.path)
            return try folder.stage("zoo", inputs: try SHA256.hexDigest(ofFile: source.path)) { writer in
                let zoo = try ZooReader(path: source.path).readAll()
                _ = try JudgingData(zoo, path: source.path, catalog: catalog)
                try writer.produce("zoo.h5") { try Self.link(source, to: $0) }
            }
        case .train(let recipe):
            let key = try ConfigTree(encoding: recipe).yaml
            return try folder.stage("zoo", inputs: key) { writer in
                let shared = sharedZoo(key)
                if !FileManager.default.fileExists(atPath: shared.path) { try train(recipe, to: shared) }
                try writer.produce("zoo.h5") { try Self.link(shared, to: $0) }
            }
        }
    }

    private func train(_ recipe: ZooRecipe, to url: URL) throws {
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        let start = StageClock.now()
        let zoo = try ZooTrainer.zoo(recipe, catalog: catalog, progress: progress("training the zoo"))
        try ZooWriter.write(zoo, to: url.path)
        let seconds = JSONValue.object([
            "seconds": .number(StageClock.now() - start), "networks": .integer(zoo.count),
        ])
        try AtomicFile.write(seconds.text() + "\n", to: url.appendingPathExtension("timing.json"))
    }

    /// Seconds that the shared training of this run's zoo took, and for how many networks.
    func zooTraining() -> (seconds: Double, networks: Int)? {
        guard case .train(let recipe) = config.zoo, let key = try? ConfigTree(encoding: recipe).yaml else { return nil }
        let file = sharedZoo(key).appendingPathExtension("timing.json")
        guard let data = try? Data(contentsOf: file), let json = try? JSONValue(parsing: data, path: file.path),
            let seconds = json["seconds"]?.double
        else { return nil }
        return (seconds, recipe.count)
    }

    /// Where the zoo of a recipe is kept for all runs of an experiment.
    private func sharedZoo(_ recipe: String) -> URL {
        let digest = Array(recipe.utf8).withUnsafeBytes { SHA256.digest(of: $0) }
        return sharedZoos.appendingPathComponent("\(SHA256.hex(digest).prefix(16)).h5")
    }

    /// A second name for the same file, or a copy where the file system has no links.
    private static func link(_ source: URL, to target: URL) throws {
        do {
            try FileManager.default.linkItem(at: source.resolvingSymlinksInPath(), to: target)
        } catch {
            try FileManager.default.copyItem(at: source.resolvingSymlinksInPath(), to: target)
        }
    }
}
