import Basics
import Foundation
import ModelZoo

/// The zoos that the runs of an experiment train: one training for all runs with the same recipe.
struct SharedZoos {
    let folder: URL

    /// What a zoo that is trained here is known by: its recipe as YAML, and its kind where that is not `train`.
    static func key(_ source: ZooSource) throws -> String? {
        guard let yaml = try source.recipe.map({ try Tree(encoding: $0).yaml }) else { return nil }
        if case .oneRun = source { return "one-run\n" + yaml }
        return yaml
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
    func training(_ source: ZooSource) -> (seconds: Double, networks: Int)? {
        guard let count = source.trainedCount, let key = try? Self.key(source) else { return nil }
        let url = file(key).appendingPathExtension("timing.json")
        guard let data = try? Data(contentsOf: url), let json = try? Tree(parsing: data, path: url.path),
            let seconds = json["seconds"]?.number
        else { return nil }
        return (seconds, count)
    }
}
