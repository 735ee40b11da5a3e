import Basics
import Foundation
import Generation
import ModelZoo
import Networks
import Reports
import Tensors

/// A training with progress, metrics and checkpoints: the generator's, or an autoencoder's.
struct TrainingStage {
    let run: ExperimentRun
    /// What is done, for people.
    let title: String
    let subject: Subject
    let config: TrainingConfig
    let checkpoint: TrainingCheckpoint
    /// The state before the first step.
    let start: () -> TrainingState
    /// Takes steps until the observer says no.
    let advance: (inout TrainingState, _ observe: (TrainingStep) throws -> Bool) throws -> TrainingOutcome

    /// What is trained.
    enum Subject: String, CaseIterable {
        case generator, autoencoder

        /// The file of metrics in the run folder, one line a window of steps.
        var log: String {
            switch self {
            case .generator: "metrics.jsonl"
            case .autoencoder: "autoencoder.jsonl"
            }
        }
    }

    /// What a training leaves: the weights to use, those that were put aside to guide them, and how it ended.
    typealias Trained = (parameters: Tensor, guide: Tensor?, facts: TrainingFacts)

    /// Seconds between checkpoints on disk.
    private static let checkpointInterval = 60.0

    /// Runs to the end, or to what ended it before, and leaves no checkpoint.
    ///
    /// Returns the weights to use, [layout.count]; after a divergence those kept at a check, or the start's.
    func execute() throws -> Trained {
        if checkpoint.removeOldForm() {
            run.reporter.note(
                "\(title) (\(run.arm), seed \(run.seed)): starts again from the first step, as the checkpoint was "
                    + "written by an older version")
        }
        var state = try checkpoint.read(config) ?? start()
        let metrics = try MetricsLog(run.folder.file(subject.log)) { line in
            (line["step"]?.number ?? -1) >= Double(state.step)
        }
        let events =
            run.isWatched ? try EventFile(in: RunEvents.folder(of: subject, in: run.folder.url), from: state.step) : nil
        let progress = run.progress(title)
        var outcome = TrainingOutcome.finished
        let (earlier, began) = (TrainingCheckpoint.seconds(at: checkpoint.url), StageClock.now())
        var timer = SaveTimer(interval: Self.checkpointInterval)
        func save() throws { try checkpoint.write(state, seconds: earlier + StageClock.now() - began) }
        // Training pauses at every window's end, where the state may be looked at. With all steps taken before an
        // interruption the one pass takes none and says how they ended.
        repeat {
            var window = MetricsWindow(config)
            outcome = try advance(&state) { window.add($0) }
            for line in window.lines(outcome) {
                try metrics.log(line.fields)
                try events?.write(line, of: subject)
            }
            if timer.isDue { try timer.time(save) }
            do {
                try progress.report(state.step, of: config.steps)
            } catch {
                try save()
                throw error
            }
        } while state.step < config.steps && outcome == .finished
        if !state.samplingParameters.isFinite { outcome = .diverged(step: state.step) }
        let facts = TrainingFacts(state, outcome, config: config)
        if let ending = facts.ending { run.reporter.note("\(title) (\(run.arm), seed \(run.seed)): \(ending)") }
        if case .diverged = outcome { return (state.kept ?? start().parameters, state.guide, facts) }
        return (state.samplingParameters, state.guide, facts)
    }
}

/// What is logged of the steps between two looks at a training.
private struct MetricsWindow {
    private let width: Int
    private var losses: [Double] = []
    private var last = 0
    private var validation: [(step: Int, loss: Double)] = []

    init(_ config: TrainingConfig) { width = max(1, config.steps / 600) }

    /// Takes in a step; false at the window's end.
    mutating func add(_ step: TrainingStep) -> Bool {
        losses.append(step.loss)
        last = step.step
        if let loss = step.validation { validation.append((step.step, loss)) }
        return step.step % width != 0
    }

    /// The window's mean loss, the losses on validation rows in it, and where it ended; steps count from 0.
    func lines(_ outcome: TrainingOutcome) -> [MetricsLine] {
        var lines: [MetricsLine] = []
        if !losses.isEmpty {
            lines.append(.init(step: last - 1, .loss(losses.reduce(0, +) / Double(losses.count))))
        }
        lines += validation.map { .init(step: $0.step - 1, .validationLoss($0.loss)) }
        if case .diverged(let step) = outcome { lines.append(.init(step: step, .diverged)) }
        return lines
    }
}

/// A training that was interrupted, on disk: a record of its weights, moments and averages.
struct TrainingCheckpoint {
    let url: URL
    /// Where the weights of the net that is trained lie.
    let layout: ParameterLayout

    private struct Description: Codable {
        let layout: ParameterLayout
        let step: Int
        /// How long the training has taken.
        let seconds: Double
        let counters: TrainingCounters
    }

    /// Writes the state and the seconds that the training has taken, unless a number of the state is not finite.
    func write(_ state: TrainingState, seconds: Double = 0) throws {
        let tensors = state.tensors
        guard tensors.allSatisfy(\.value.isFinite) else { return }
        let description = Description(
            layout: layout, step: state.step, seconds: seconds, counters: state.counters)
        try TensorRecord(description, tensors).write(to: url.path)
    }

    /// Seconds that a training took up to its checkpoint at `url`; 0 where there is none.
    static func seconds(at url: URL) -> Double {
        let seconds = (try? TensorRecord<Description>(path: url.path))?.description.seconds ?? 0
        return seconds.isFinite ? max(0, seconds) : 0
    }

    /// The state, or nil where there is none. Throws `DataError` where the file is not one of this training.
    func read(_ config: TrainingConfig) throws -> TrainingState? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        let record = try TensorRecord<Description>(path: url.path)
        guard record.description.layout.matches(layout) else {
            throw DataError(
                .malformed, path: url.path, expected: "a checkpoint of this training",
                found: "one of a net of \(record.description.layout.count) weights",
                hint: "remove the file to train from the start")
        }
        do {
            return try TrainingState(
                tensors: record.tensors, counters: record.description.counters, step: record.description.step,
                count: layout.count, config: config)
        } catch let error as DataError {
            throw error.about(url.path)
        }
    }

    /// Removes a checkpoint of the form that older versions wrote, a zoo file; false where there is none.
    func removeOldForm() -> Bool {
        let old = url.deletingPathExtension().appendingPathExtension("h5")
        return (try? FileManager.default.removeItem(at: old)) != nil
    }
}
