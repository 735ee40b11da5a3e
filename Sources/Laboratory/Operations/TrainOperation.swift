import Foundation
import ModelZoo
import Networks

/// Trains a zoo by a recipe.
public struct TrainOperation {
    /// The recipe's YAML file.
    public let recipe: String
    /// `key=value` on top of it.
    public let settings: [String]
    /// The zoo file to write.
    public let out: URL
    /// Where data sets are.
    public let catalog: DatasetCatalog

    /// Describes the work.
    public init(recipe: String, settings: [String], out: URL, catalog: DatasetCatalog) {
        self.recipe = recipe
        self.settings = settings
        self.out = out
        self.catalog = catalog
    }

    /// Trains and writes. Throws `ConfigError` for a wrong recipe, `DataError` otherwise.
    public func execute(_ reporter: any ProgressReporter) throws -> Zoo {
        try OutputFile.check(out)
        let recipe = try Self.recipe(path: recipe, settings: settings)
        let zoo = try ZooTrainer.zoo(recipe, catalog: catalog) { done, total in
            reporter.update("training the zoo", done: done, total: total)
            try Interruption.check("training the zoo", hint: OutputFile.interrupted)
        }
        try ZooWriter.write(zoo, to: out.path)
        return zoo
    }

    /// Reads and checks a recipe. Throws `ConfigError` or `DataError`.
    static func recipe(path: String, settings: [String]) throws -> ZooRecipe {
        let file = try ExperimentFile.load(path)
        let plan = try ConfigResolver<ZooRecipe>().plan(
            file.document, settings: settings.map { try ConfigAssignment(setting: $0) })
        guard let run = plan.runs.first, plan.runs.count == 1 else {
            throw DataError(
                .configuration, path: path, expected: "one recipe", found: "\(plan.runs.count) (a grid)")
        }
        return run.config
    }
}
