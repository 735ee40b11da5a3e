import Foundation
import ModelZoo
import Networks

/// A zoo of twelve networks 64-8-10 on the digits, small enough that a whole run takes a fraction of a second.
enum TinyZoo {
    /// The zoo; trained once, without the command.
    static let zoo: Result<Zoo, any Error> = Result {
        var recipe = ZooRecipe()
        recipe.widths = [64, 8, 10]
        recipe.training.epochs = 8
        recipe.networks.train = 8
        recipe.networks.validation = 1
        recipe.networks.test = 3
        let catalog = DatasetCatalog(folders: [Command.checkout.appendingPathComponent("Datasets").path])
        return try ZooTrainer.zoo(recipe, catalog: catalog) { _, _ in }
    }

    /// Settings with which a run of it is short.
    static let short = settings([
        "training.steps=200", "generator.hidden=16", "generator.timeWidth=8", "sampling.count=6", "sampling.steps=10",
        "evaluation.baselineCount=4", "evaluation.averages=[2]", "evaluation.noise=[0.01]", "coordinates.components=7",
    ])

    static func settings(_ settings: [String]) -> [String] { settings.flatMap { ["--set", $0] } }

    /// Writes the zoo to `tiny.h5` and an experiment of it to `tiny.yaml`.
    static func write(to scratch: Scratch, _ change: (Zoo) -> Zoo = { $0 }) throws {
        try ZooWriter.write(change(zoo.get()), to: scratch.path("tiny.h5"))
        try scratch.put("tiny.yaml", "zoo: {kind: file, path: \(scratch.path("tiny.h5"))}\n")
    }

    /// The words of a run of the tiny experiment into `out`, all else as in `short`.
    static func run(_ scratch: Scratch, out: String, _ more: [String] = []) -> [String] {
        ["run", scratch.path("tiny.yaml"), "--quiet", "--out", scratch.path(out)] + short + more
    }
}

extension Zoo {
    /// The same networks with another account of their data.
    func about(_ dataset: ZooDataset?) throws -> Zoo {
        guard let architecture = header.architecture else { return self }
        return Zoo(header: ZooHeader(architecture: architecture, dataset: dataset), weights: weights, columns: columns)
    }

    /// The same weights as networks of these splits.
    func split(_ codes: [Int64]) -> Zoo {
        var columns = columns
        columns["split"] = .integer(codes)
        return with(columns: columns)
    }

    /// Network 0, as often as there are networks.
    var repeated: Zoo {
        Zoo(header: header, weights: (0..<count).flatMap { _ in row(0) }, columns: columns)
    }
}
