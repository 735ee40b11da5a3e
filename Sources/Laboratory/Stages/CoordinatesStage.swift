import Basics
import Foundation
import Generation
import Networks
import Tensors

extension ExperimentRun {
    /// The zoo that the generator learns from.
    var learnedZoo: String { files.learnedZoo }

    /// Fits what the generator sees of a network, trains an autoencoder if there is one, and measures what encoding and
    /// decoding alone costs.
    func fitCoordinates() throws -> Bool {
        try folder.stage("coordinates") { writer in
            let population = try population(learnedZoo)
            let layout = population.zoo.layout
            try config.net.member.check(layout)
            let (rows, validation) = (population.training, population.validation)
            var training: TrainingFacts?
            let behaviour = try config.coordinates.needsBehaviour ? data(learnedZoo).behaviour : nil
            let fitting = CoordinatesFitting(
                layout: layout, path: folder.file(learnedZoo).path, behaviour: behaviour
            ) { nets, settings, seen, unseen in
                let (parameters, facts) = try train(nets, settings, seen, unseen)
                training = facts
                return parameters
            }
            let runs = try config.description.needsCheckpoints ? population.runs(folder.file(learnedZoo).path) : nil
            let seen = config.process.knots == nil ? rows : runs?.training.weights ?? rows
            let fitted = try config.coordinates.member.fit(seen, validation: validation, fitting)
            let isLossy = config.coordinates.member.isLossy(among: seen.shape[0])
            let reconstruction = try isLossy ? reconstruction(data(learnedZoo), fitted) : nil
            for warning in reconstruction?.warnings(areLearned: training != nil) ?? [] {
                reporter.note("warning: \(warning)")
            }
            let paths = try config.process.knots.flatMap { try runs?.paths(by: $0, in: fitted) }
            let codes = StoredCodes(
                training: fitted.encode(rows), validation: validation.map(fitted.encode), paths: paths?.packed)
            let description = CoordinatesStore.Description(
                dimension: fitted.dimension, parameterCount: fitted.parameterCount,
                codeStd: EDMConfig.dataStd(of: codes.training),
                capturedVariance: fitted.principal?.capturedVariance, training: training,
                reconstruction: reconstruction,
                knots: paths?.training.typicalTimes, provenance: try chain("coordinates", from: [learnedZoo]))
            try writer.produce("coordinates") { try CoordinatesStore(folder: $0).write(fitted, description, codes) }
            try? FileManager.default.removeItem(at: folder.file(Self.autoencoderCheckpoint))
        }
    }

    static let autoencoderCheckpoint = "autoencoder-checkpoint.record"

    /// Trains an autoencoder on standardised networks.
    private func train(
        _ nets: any Autoencoder, _ settings: TrainingConfig, _ rows: Tensor, _ validation: Tensor?
    ) throws -> (parameters: Tensor, facts: TrainingFacts) {
        try checkMemory(of: nets.layout, key: "coordinates")
        try checkPatience(settings, validation, key: "coordinates.training.patience")
        let training = AutoencoderTraining(config: settings, autoencoder: nets, seed: seed)
        let trained = try TrainingStage(
            run: self, title: "training the autoencoder", subject: .autoencoder, config: settings,
            checkpoint: TrainingCheckpoint(url: folder.file(Self.autoencoderCheckpoint), layout: nets.layout),
            start: training.start,
            advance: { try training.run(&$0, rows: rows, validation: validation, observe: $1) }
        ).execute()
        var (parameters, facts) = (trained.parameters, trained.facts)
        // Weights on their way out of the finite numbers may be finite themselves when their codes no longer are.
        let givesCodes = facts.divergedAt == nil || training.reconstructionError(parameters, rows: rows).isFinite
        if !givesCodes { (parameters, facts.usedStep) = (training.start().parameters, 0) }
        return (parameters, facts)
    }

    /// Mean accuracies of up to 100 training networks, and as many validation networks, before and after the coordinates, on the
    /// validation rows of the data where there are any.
    private func reconstruction(_ data: JudgingData, _ coordinates: any Coordinates) throws -> Reconstruction {
        func accuracies(_ rows: [Int]) throws -> Reconstruction.Accuracies {
            let rows = Array(rows.prefix(100))
            func mean(_ weights: Tensor, _ buffers: Tensor?) throws -> Double {
                let all = try data.accuracies(weights, buffers, of: rows)
                return all.reduce(0, +) / Double(all.count)
            }
            let weights = data.zoo.population(rows)
            let decoded = coordinates.decode(coordinates.encode(weights))
            return .init(
                original: try mean(weights, data.zoo.bufferTensor(rows)),
                reconstructed: try mean(decoded, data.recalibration?(decoded)))
        }
        let learned = try accuracies(data.rows.train)
        return Reconstruction(
            original: learned.original, reconstructed: learned.reconstructed,
            validation: data.rows.validation.isEmpty ? nil : try accuracies(data.rows.validation))
    }

    /// Weights, gradient, two moments, an average and a copy to fall back on must fit into this machine's memory.
    func checkMemory(of layout: ParameterLayout, key: String) throws {
        let (needed, present) = (layout.count * 4 * 6, Int(clamping: ProcessInfo.processInfo.physicalMemory))
        guard needed < present else {
            throw DataError(
                .configuration, path: key, expected: "a net whose training fits into \(present >> 20) MiB",
                found: "\(layout.count) weights, \(needed >> 20) MiB",
                hint: "use a smaller width, or coordinates: {kind: pca}")
        }
    }

    /// Stopping by a validation loss needs validation networks.
    func checkPatience(_ training: TrainingConfig, _ validation: Tensor?, key: String) throws {
        guard training.patience > 0, validation == nil else { return }
        throw DataError(
            .configuration, path: key, expected: "0 with a zoo without validation networks",
            found: "\(training.patience)", hint: "their loss would decide when to stop")
    }
}

extension Coordinates {
    /// The principal components among the parts, if any.
    var principal: PrincipalCoordinates? {
        if let chain = self as? ChainedCoordinates { return chain.parts.lazy.compactMap(\.principal).first }
        return self as? PrincipalCoordinates
    }
}
