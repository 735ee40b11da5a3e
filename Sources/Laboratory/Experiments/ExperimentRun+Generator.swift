import Foundation
import Generation
import ModelZoo
import Networks
import Tensors

extension ExperimentRun {
    /// Trains the generator and writes it to `generator/`; an interrupted training goes on from `checkpoint.h5`.
    func trainGenerator() throws -> Bool {
        try folder.stage("generator") { writer in
            let data = try data(config.align.enabled ? "aligned.h5" : "zoo.h5")
            let coordinates = try coordinates(data.zoo.population(data.rows.train))
            let net = FlowMLP(dimension: coordinates.dimension, config: netConfig)
            try Self.checkMemory(of: net)
            let matching = FlowMatching(config: config.training, net: net, seed: seed)
            let codes = coordinates.encode(data.zoo.population(data.rows.train))
            let heldOut =
                data.rows.validation.isEmpty ? nil : coordinates.encode(data.zoo.population(data.rows.validation))
            let trained = try FlowTraining(run: self, matching: matching, codes: codes, heldOut: heldOut).execute()
            let generator = Generator(
                coordinates: coordinates, net: net, parameters: trained.parameters,
                source: GaussianSource(std: config.training.sourceStd),
                solver: Solver(config.sampling.solver, steps: config.sampling.steps))
            try writer.produce("generator") { url in
                try GeneratorStore(folder: url).write(
                    generator, coordinates: config.coordinates, net: netConfig,
                    usesAverage: config.training.emaDecay != nil, divergedAt: trained.divergedAt)
            }
            try? FileManager.default.removeItem(at: folder.file("checkpoint.h5"))
        }
    }

    /// Weights, gradient, two moments, an average and a copy to fall back on must fit into this machine's memory.
    private static func checkMemory(of net: FlowMLP) throws {
        let (needed, present) = (net.layout.count * 4 * 6, Int(clamping: ProcessInfo.processInfo.physicalMemory))
        guard needed < present else {
            throw DataError(
                .configuration, path: "generator.hidden",
                expected: "a velocity net whose training fits into \(present >> 20) MiB",
                found: "\(net.layout.count) weights, \(needed >> 20) MiB",
                hint: "use a smaller width, or coordinates: {kind: pca}")
        }
    }

    private var netConfig: FlowMLP.Config {
        FlowMLP.Config(
            width: config.generator.hidden, timeWidth: config.generator.timeWidth, dropout: config.generator.dropout)
    }

    private func coordinates(_ rows: Tensor) throws -> any Coordinates {
        // The components are fitted for raw weights too: only they tell whether there is anything to learn.
        let wanted = if case .pca(let principal) = config.coordinates { principal.components } else { 1 }
        guard let fitted = PrincipalCoordinates(fitting: rows, components: wanted) else {
            throw DataError(
                .malformed, path: folder.file("zoo.h5").path, expected: "training networks that differ",
                found: "no variance at all", hint: "a generator of one repeated network has nothing to learn")
        }
        if case .raw = config.coordinates { return RawCoordinates(parameterCount: rows.shape[1]) }
        return fitted
    }
}

/// Trains a velocity net with progress, metrics and checkpoints.
struct FlowTraining {
    let run: ExperimentRun
    let matching: FlowMatching
    let codes: Tensor
    let heldOut: Tensor?

    /// Seconds between checkpoints on disk.
    private static let checkpointInterval = 60.0

    init(run: ExperimentRun, matching: FlowMatching, codes: Tensor, heldOut: Tensor?) {
        self.run = run
        self.matching = matching
        self.codes = codes
        self.heldOut = heldOut
    }

    /// Runs to the end, or to the step at which the loss stopped being finite: then the last weights that were seen to
    /// work are returned.
    func execute() throws -> (parameters: Tensor, divergedAt: Int?) {
        var state = try resumed() ?? matching.start()
        let log = try MetricsLog(run.folder.file("metrics.jsonl")) { line in
            (line["step"]?.double ?? -1) >= Double(state.step)
        }
        let progress = run.progress("training the generator")
        let (steps, window) = (matching.config.steps, max(1, matching.config.steps / 600))
        var working = state.samplingParameters
        var losses: [Double] = []
        var lastCheckpoint = StageClock.now()
        // Training pauses at every window's end, where the state may be looked at.
        while state.step < steps {
            losses.removeAll(keepingCapacity: true)
            let outcome = matching.run(&state, codes: codes) { step, loss in
                losses.append(loss)
                return (step + 1) % window != 0
            }
            if case .diverged(let step) = outcome {
                try log.log(["step": .integer(step), "diverged": .bool(true)])
                run.reporter.note(
                    "training the generator (\(run.arm), seed \(run.seed)) diverged at step \(step): "
                        + "the last weights seen to work are used; try a lower training.rate")
                return (working, step)
            }
            let isLookedAt = state.step % (10 * window) == 0 || state.step == steps
            if isLookedAt, state.samplingParameters.isFinite { working = state.samplingParameters }
            try log.log(fields(state, losses, withHeldOut: isLookedAt))
            if StageClock.now() - lastCheckpoint > Self.checkpointInterval {
                try checkpoint(state)
                lastCheckpoint = StageClock.now()
            }
            do {
                try progress(state.step, steps)
            } catch {
                try checkpoint(state)
                throw error
            }
        }
        return state.samplingParameters.isFinite ? (state.samplingParameters, nil) : (working, steps)
    }

    /// A line of the metrics: the window's mean loss and, at times, the held-out networks' loss.
    private func fields(_ state: TrainingState, _ losses: [Double], withHeldOut: Bool) -> [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "step": .integer(state.step - 1), "loss": .number(losses.reduce(0, +) / Double(losses.count)),
        ]
        if withHeldOut, let heldOut {
            fields["held_out_loss"] = .number(matching.heldOutLoss(state.samplingParameters, codes: heldOut))
        }
        return fields
    }

    private var file: URL { run.folder.file("checkpoint.h5") }

    private func checkpoint(_ state: TrainingState) throws {
        let rows = state.rows
        guard rows.isFinite else { return }
        var columns = ZooColumns(count: rows.shape[0])
        columns["step"] = .integer(Array(repeating: Int64(state.step), count: rows.shape[0]))
        let zoo = Zoo(header: ZooHeader(layout: matching.net.layout), weights: rows.floats, columns: columns)
        try ZooWriter.write(zoo, to: file.path)
    }

    private func resumed() throws -> TrainingState? {
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        let zoo = try ZooReader(path: file.path).readAll()
        guard zoo.layout.matches(matching.net.layout), (3...4).contains(zoo.count),
            let step = zoo.columns.numbers("step")?.first.flatMap({ Int(exactly: $0) }), step >= 0
        else {
            throw DataError(
                .malformed, path: file.path, expected: "a checkpoint of this generator", found: "\(zoo.count) rows",
                hint: "remove the file to train from the start")
        }
        return TrainingState(rows: zoo.population(), step: step, config: matching.config)
    }
}
