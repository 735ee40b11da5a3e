import Basics
import Foundation
import ModelZoo

/// Says what an experiment's settings come to: every key with its value, where that was written, and what it means.
public struct ConfigOperation {
    /// A person's text: YAML with comments, one document a run.
    public let text: String
    /// The same for programs: `runs`, each with arm, seed and keys.
    public let tree: Tree

    /// Resolves an experiment as `run` would; without one, the defaults. Throws `DataError` or `ConfigError`.
    public init(_ request: Experiment.Request?) throws {
        guard let request else {
            self = try Self.listing(ExperimentConfig.self, nil, settings: [], arms: [])
            return
        }
        let (file, settings) = try request.read()
        let isStudy = ShiftStudy.isStudy(file)
        self =
            isStudy
            ? try Self.listing(ShiftStudyConfig.self, file, settings: settings, arms: request.arms)
            : try Self.listing(ExperimentConfig.self, file, settings: settings, arms: request.arms)
    }

    private init(text: String, tree: Tree) { (self.text, self.tree) = (text, tree) }

    /// The JSON Schema of an experiment's file, for editors; of a study of shift detection, or of a zoo's recipe, where
    /// `experiment` is one.
    public static func schema(_ experiment: String?) throws -> Tree {
        guard let experiment else { return ConfigResolver<ExperimentConfig>().schema.jsonSchema }
        let file = try ExperimentFile.load(experiment, experiments: ExperimentListing.folder())
        if ShiftStudy.isStudy(file) { return ConfigResolver<ShiftStudyConfig>().schema.jsonSchema }
        return RecipeGrid.isRecipe(file)
            ? ConfigResolver<ZooRecipe>().schema.jsonSchema : ConfigResolver<ExperimentConfig>().schema.jsonSchema
    }

    private static func listing<Config: ComponentConfig>(
        _: Config.Type, _ file: ExperimentFile?, settings: [ConfigAssignment], arms: [String]
    ) throws -> ConfigOperation {
        let resolver = ConfigResolver<Config>()
        let plan = try resolver.plan(file?.document, settings: settings, arms: arms)
        var texts: [String] = [], runs: [Tree] = []
        for run in plan.runs {
            let listing = ConfigListing(schema: resolver.schema, tree: run.tree, origins: run.origins)
            texts.append((plan.hasArms ? "# arm \(run.arm.name), seed \(run.seed)\n" : "") + listing.text)
            runs.append([
                "arm": .string(run.arm.name), "seed": .integer(run.seed), "keys": try Tree(encoding: listing.entries),
            ])
        }
        return ConfigOperation(text: texts.joined(separator: "---\n"), tree: ["runs": .list(runs)])
    }
}

extension Experiment.Request {
    /// The experiment's file, and what the command line sets over it.
    func read() throws -> (file: ExperimentFile, settings: [ConfigAssignment]) {
        let file = try ExperimentFile.load(experiment, experiments: ExperimentListing.folder())
        var assignments = try settings.map { try ConfigAssignment(setting: $0) }
        if let seed {
            assignments.append(ConfigAssignment(path: "seed", value: .integer(seed), origin: .option("--seed \(seed)")))
        }
        return (file, assignments)
    }
}
