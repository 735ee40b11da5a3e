import Foundation
import ModelZoo

/// The zoos that the runs of an experiment train: one training for all runs with the same recipe.
struct SharedZoos {
    let folder: URL

    /// Where the zoo of a recipe, given as YAML, is kept.
    func file(_ recipe: String) -> URL {
        let digest = Array(recipe.utf8).withUnsafeBytes { SHA256.digest(of: $0) }
        return folder.appendingPathComponent("\(SHA256.hex(digest).prefix(16)).h5")
    }

    /// Remembers what the training of the zoo at `url` took.
    func record(seconds: Double, networks: Int, of url: URL) throws {
        let facts = JSONValue.object(["seconds": .number(seconds), "networks": .integer(networks)])
        try AtomicFile.write(facts.text() + "\n", to: url.appendingPathExtension("timing.json"))
    }

    /// Seconds that the training of a run's zoo took, and for how many networks; nil where it was not trained here.
    func training(_ source: ZooSource) -> (seconds: Double, networks: Int)? {
        guard case .train(let recipe) = source, let key = try? ConfigTree(encoding: recipe).yaml else { return nil }
        let url = file(key).appendingPathExtension("timing.json")
        guard let data = try? Data(contentsOf: url), let json = try? JSONValue(parsing: data, path: url.path),
            let seconds = json["seconds"]?.double
        else { return nil }
        return (seconds, recipe.count)
    }
}
