import Basics
import Foundation
import Generation
import ModelZoo
import Networks
import Tensors

extension ExperimentRun {
    /// Trains the generator and writes it to `generator/`; an interrupted training goes on from `checkpoint.record`.
    func trainGenerator() throws -> Bool {
        try folder.stage("generator") { writer in
            let setup = try GeneratorSetup(files)
            if let doubt = try setup.parts.samplingDoubt() { reporter.note("warning: \(doubt)") }
            let (parameters, guide, facts) = try train(setup)
            try writer.produce("generator") { url in
                try GeneratorStore.write(
                    setup.parts.generator(parameters, setup.source, guide: guide), training: facts,
                    guideStep: config.training.guideStep,
                    provenance: chain("generator", from: [learnedZoo, "coordinates/tensors.h5"]), to: url)
            }
            try? FileManager.default.removeItem(at: folder.file(Self.generatorCheckpoint))
        }
    }

    static let generatorCheckpoint = "checkpoint.record"

    private func train(_ setup: GeneratorSetup) throws -> TrainingStage.Trained {
        let (net, codes) = (setup.parts.net, setup.codes)
        try checkMemory(of: net.layout, key: "generator")
        if let fitted = net as? any FittedNet { return try fit(fitted, codes.training) }
        try checkPatience(config.training, codes.validation, key: "training.patience")
        let training = try setup.training(config)
        guard ranks.areSeveral, config.training.microBatches > 1 else {
            return try stage(training) {
                try training.run(&$0, codes: codes.training, validation: codes.validation, observe: $1)
            }
        }
        return try ranks.together(GeneratorHelp(files)) { communicator in
            let helpers = AskedRanks(communicator: communicator, weights: net.layout.count)
            let trained = Result {
                try stage(training) {
                    try training.run(
                        &$0, codes: codes.training, validation: codes.validation, with: helpers, observe: $1)
                }
            }
            try helpers.dismiss()
            return try trained.get()
        }
    }

    private func stage(
        _ training: GeneratorTraining,
        advance: @escaping (inout TrainingState, _ observe: (TrainingStep) throws -> Bool) throws -> TrainingOutcome
    ) throws -> TrainingStage.Trained {
        try TrainingStage(
            run: self, title: "training the generator", subject: .generator, config: config.training,
            checkpoint: TrainingCheckpoint(url: folder.file(Self.generatorCheckpoint), layout: training.net.layout),
            start: training.start, advance: advance
        ).execute()
    }

    /// The weights of a net that is not trained.
    private func fit(_ net: any FittedNet, _ runs: Tensor) throws -> TrainingStage.Trained {
        let parameters = try net.fitted(to: Trajectories(packed: runs, dimension: net.dimension))
        var config = config.training
        config.steps = 0
        let state = TrainingState(parameters: parameters, config: config)
        _ = try MetricsLog(folder.file(TrainingStage.Subject.generator.log)) { _ in true }
        return (parameters, nil, TrainingFacts(state, .finished, config: config))
    }
}

/// A trained generator on disk: the folder `generator/` of a run, beside its `coordinates/` and `config.resolved.yaml`.
///
/// `net.h5` holds the net's weights, `guide.h5` those of the step that guides samples (absent where none were put aside),
/// `source.h5` what the source was fitted to, all zoo files of one row (checksummed, readable with any HDF5 tool);
/// `generator.json` says how training ended. All settings are the run's.
package struct GeneratorStore {
    /// The run folder.
    let run: URL

    /// What `generator.json` says.
    struct Description: Codable, Equatable {
        /// The version this code writes and reads.
        static let version = 2

        var format = "weightspace-generator"
        var version = Self.version
        var training: TrainingFacts
        /// Evaluations of the net for a sample; nil where they depend on it.
        var evaluations: Int?
        /// Standard deviation of a Gaussian source.
        var sourceStd: Double?
        /// What can be asked of new networks; nil where nothing can.
        var conditions: ConditionFacts?
        /// The step whose weights guide samples; nil where none were put aside.
        var guideStep: Int?
        /// The steps that led to it.
        var provenance: Provenance?
    }

    /// Writes net, source and description to a folder.
    static func write(
        _ generator: Generator, training: TrainingFacts, guideStep: Int? = nil, provenance: Provenance? = nil,
        to folder: URL
    ) throws {
        try POSIXFile.makeFolders(folder.path)
        func write(_ weights: Tensor, _ name: String) throws {
            var header = ZooHeader(layout: generator.net.layout)
            header.provenance = provenance
            try ZooWriter.write(
                Zoo(header: header, weights: weights.floats), to: folder.appendingPathComponent(name).path)
        }
        try write(generator.parameters, "net.h5")
        try generator.guide.map { try write($0, "guide.h5") }
        try TensorFile(url: folder.appendingPathComponent("source.h5"), provenance: provenance).write(
            generator.source.tensors)
        let description = Description(
            training: training, evaluations: generator.evaluations,
            sourceStd: (generator.source as? GaussianSource)?.std, conditions: generator.conditions,
            guideStep: generator.guide == nil ? nil : guideStep, provenance: provenance)
        let json = try Tree(encoding: description).text(pretty: true) + "\n"
        try WholeFile.write(json, to: folder.appendingPathComponent("generator.json"))
    }

    /// What `generator.json` records of a trained generator.
    struct Stored {
        let generator: Generator
        let description: Description
        let coordinates: CoordinatesStore.Description
        let parts: GeneratorParts
    }

    /// The generator of a run with these settings, for networks of a layout: with the net that was tuned to a reward, where
    /// they say so. Throws `DataError`.
    func read(_ config: ExperimentConfig, layout: ParameterLayout) throws -> Stored {
        guard config.tuning.settings != nil else { return try readBase(config, layout: layout) }
        return try read(config, layout: layout, net: run.appendingPathComponent(ExperimentRun.tunedNet))
    }

    /// The generator as it was trained. Throws `DataError`.
    func readBase(_ config: ExperimentConfig, layout: ParameterLayout) throws -> Stored {
        try read(config, layout: layout, net: folder.appendingPathComponent("net.h5"))
    }

    private func read(_ config: ExperimentConfig, layout: ParameterLayout, net url: URL) throws -> Stored {
        let description = try readDescription()
        try config.net.member.check(layout)
        let (coordinates, fitted) = try CoordinatesStore(folder: run.appendingPathComponent("coordinates"))
            .read(config.coordinates.member, layout: layout)
        var parts = try parts(config, layout: layout, coordinates, fitted, description)
        parts.knots = fitted.knots ?? []
        let parameters = try weights(url, of: parts.net.layout)
        let guide = try description.guideStep.map { _ in
            try weights(folder.appendingPathComponent("guide.h5"), of: parts.net.layout)
        }
        let source = folder.appendingPathComponent("source.h5")
        do {
            let generator = try parts.generator(
                parameters, parts.source(TensorFile(url: source).read()), guide: guide)
            return Stored(generator: generator, description: description, coordinates: fitted, parts: parts)
        } catch let error as DataError where error.path == "source" {
            throw error.about(source.path)
        }
    }

    /// The one row of a file, weights of a net of that layout.
    private func weights(_ url: URL, of layout: ParameterLayout) throws -> Tensor {
        let file = url.path
        let stored = try ZooReader(path: file).readAll()
        guard stored.layout.matches(layout), stored.count == 1 else {
            throw DataError(
                .malformed, path: file, expected: "a net of \(layout.count) weights",
                found: "\(stored.count) of \(stored.layout.count)")
        }
        return stored.population().reshaped([layout.count])
    }

    /// The parts; what is wrong with recorded conditions is wrong in `generator.json`.
    private func parts(
        _ config: ExperimentConfig, layout: ParameterLayout, _ coordinates: any StoredCoordinates,
        _ fitted: CoordinatesStore.Description, _ description: Description
    ) throws -> GeneratorParts {
        let file = folder.appendingPathComponent("generator.json").path
        guard config.conditions.isEmpty || description.conditions != nil else {
            throw DataError(
                .malformed, path: file, problem: "says nothing of the conditions that the run's settings name",
                hint: "the folder was changed: run it anew, in an empty folder")
        }
        do {
            return try config.parts(
                layout: layout, coordinates: coordinates, codeStd: fitted.codeStd, conditions: description.conditions)
        } catch let error as DataError where error.path == "conditions" {
            throw error.about(file)
        }
    }

    /// That of a run at a place which anybody may have named. Throws `DataError` where there is none, or one of another
    /// version.
    static func ofRun(_ run: URL) throws -> GeneratorStore {
        let store = GeneratorStore(run: run), files = FileManager.default
        if !files.fileExists(atPath: store.folder.path) {
            if files.fileExists(atPath: run.appendingPathComponent("arms").path) {
                throw DataError(
                    .missing, path: run.path, problem: "is the folder of an experiment with arms, not of one run",
                    hint: "name one of arms/<name>/seed-<n> in it")
            }
            if let refusal = RunFolder.unusable(run) { throw refusal }
            if files.fileExists(atPath: run.appendingPathComponent("seed-0").path) {
                throw DataError(
                    .missing, path: run.path, problem: "holds a run's folder for each seed, and is not one itself",
                    hint: "name one of seed-<n> in it")
            }
        }
        try store.refuseOtherVersions()
        return store
    }

    private var folder: URL { run.appendingPathComponent("generator") }

    /// Throws `DataError` where there is no generator, or one of another version of this format.
    func refuseOtherVersions() throws {
        let file = folder.appendingPathComponent("generator.json")
        guard FileManager.default.isReadableFile(atPath: file.path) else {
            throw DataError(
                .missing, path: run.path, problem: "is not the folder of a run that has trained its generator",
                hint: "give a folder that `weightspace run` made")
        }
        try StoredJSON.refuseOtherVersions(file, than: Description.version, expected: "a generator")
    }

    private func readDescription() throws -> Description {
        try refuseOtherVersions()
        let file = folder.appendingPathComponent("generator.json")
        return try StoredJSON.read(Description.self, file, expected: "a generator's description")
    }
}

extension ExperimentConfig {
    /// The generator's parts, of networks that were drawn as the zoo's recipe says.
    func parts(
        layout: ParameterLayout, coordinates: any StoredCoordinates, codeStd: Double,
        conditions: ConditionFacts? = nil
    ) throws -> GeneratorParts {
        try GeneratorParts(
            description, layout: layout, coordinates: coordinates, codeStd: codeStd,
            initialization: zoo.recipe?.initialization, conditions: conditions)
    }
}
