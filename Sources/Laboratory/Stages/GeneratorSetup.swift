import Generation
import Networks
import Tensors

/// What a run's generator is trained on and with, from the files of the stages before it: the same on every rank.
struct GeneratorSetup {
    let parts: GeneratorParts
    let source: any Source
    /// Codes of the training networks, and of the validation networks where there are any.
    let codes: (training: Tensor, validation: Tensor?)
    let told: ToldConditions?

    /// Reads what the stages before have written; throws `DataError`.
    init(_ files: RunFiles) throws {
        let config = files.config
        let population = try files.population(files.learnedZoo)
        let layout = population.zoo.layout
        let store = CoordinatesStore(folder: files.file("coordinates"))
        let (coordinates, fitted) = try store.read(config.coordinates.member, layout: layout)
        told = try config.told(population, supports: files.supportSets())
        var parts = try config.parts(
            layout: layout, coordinates: coordinates, codeStd: fitted.codeStd, conditions: told?.facts)
        parts.knots = fitted.knots ?? []
        if config.source.needsCheckpoints {
            parts.checkpoints = try population.runs(files.file(files.learnedZoo).path).training
        }
        source = try parts.source(population.training)
        codes =
            try store.codes(
                population, dimension: coordinates.dimension, withRuns: config.process.knots != nil
            ).learned
        self.parts = parts
    }

    /// The training of the net.
    func training(_ config: ExperimentConfig) throws -> GeneratorTraining {
        GeneratorTraining(
            config: config.training, net: parts.net, objective: try parts.objective(source), seed: UInt64(config.seed),
            conditions: told?.training, validationConditions: told?.validation)
    }
}
