import Foundation
import Generation
import Networks
import Synchronization
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

/// Trainings of one vector towards ones, with what may go wrong on the way.
@Suite("Trainings as stages of a run")
struct ExperimentTrainingStageTests {
    private let scratch: ScratchFolder
    private let folder: RunFolder
    private let notes = Notes()
    private let layout = ParameterLayout(slots: [Slot(name: "w", offset: 0, shape: [3], role: .weight)])
    private var config = TrainingConfig()

    init() throws {
        scratch = try ScratchFolder()
        folder = try RunFolder(
            at: scratch.file("run"), config: .map(Tree.Map()),
            environment: RunEnvironment(version: "0", kernelSet: "baseline", threads: 1))
        (config.steps, config.batch, config.rate, config.checkEvery) = (20, 2, 0.1, 2)
    }

    /// Remembers what a person was told.
    final class Notes: ProgressReporter {
        private let texts = Mutex<[String]>([])
        var all: [String] { texts.withLock { $0 } }
        func update(_ what: String, done: Int, total: Int) {}
        func note(_ text: String, isDetail: Bool) { texts.withLock { $0.append(text) } }
    }

    private var checkpoint: TrainingCheckpoint {
        TrainingCheckpoint(url: folder.file("checkpoint.record"), layout: layout)
    }

    /// Trains; the loss is multiplied by NaN or another factor at the given step, and the validation loss is as given.
    private func stage(
        from weight: Double = 0, loss: @escaping (Tensor) -> Tensor = { ($0 - 1).square().mean() }, nanAt: Int? = nil,
        factor: @escaping (Int) -> Double = { _ in 1 }, validation: ((Tensor) -> Double)? = nil
    ) -> TrainingStage {
        let run = ExperimentRun(
            arm: "main", config: ExperimentConfig(), folder: folder, catalog: Small.catalog,
            zoos: SharedZoos(folder: scratch.file("zoos")), reporter: notes)
        let config = config, trainer = Trainer(config: config, seed: 1, purpose: "test")
        var step = 0
        return TrainingStage(
            run: run, title: "training", subject: .generator, config: config, checkpoint: checkpoint,
            start: { TrainingState(parameters: .full([3], weight), config: config) },
            advance: { state, observe in
                step = state.step
                return try trainer.run(
                    &state, count: 4,
                    loss: { flat, _, _ in
                        defer { step += 1 }
                        return loss(flat) * (step == nanAt ? Double.nan : factor(step))
                    }, validation: validation, observe: observe)
            })
    }

    private func log() throws -> [Tree] {
        try scratch.text("run/metrics.jsonl").split(separator: "\n").map {
            try Tree(parsing: Data($0.utf8), path: "log")
        }
    }

    @Test("A training takes its steps, logs each window, and says nothing")
    func finished() throws {
        let (parameters, _, facts) = try stage().execute()
        #expect(facts.steps == 20 && facts.planned == 20 && facts.weights == 3 && facts.ending == nil)
        #expect(parameters.floats.allSatisfy { abs($0 - 1) < 0.3 } && notes.all.isEmpty)
        let log = try log()
        #expect(log.map { $0["step"]?.number } == (0..<20).map(Double.init))
        #expect(try #require(log.last?["loss"]?.number) < #require(log.first?["loss"]?.number))
    }

    @Test("NaN at a step ends it as a result: the last weights seen to work, the step, and advice")
    func notANumber() throws {
        let (parameters, _, facts) = try stage(nanAt: 7).execute()
        #expect(facts.divergedAt == 7 && facts.steps == 7 && facts.stoppedAt == nil)
        #expect(parameters.isFinite && parameters.floats.allSatisfy { $0 > 0.1 }, "those of step 6, not the start's")
        let ending = try #require(facts.ending)
        #expect(ending.contains("diverged at step 7") && ending.contains("lower rate") && ending.contains("clip"))
        #expect(facts.usedStep == 6 && ending.contains("the weights of step 6 were used"))
        #expect(notes.all.count == 1 && notes.all[0].contains(ending))
        let last = try log().last
        #expect(last?["diverged"] == .bool(true) && last?["step"]?.number == 7)
    }

    @Test("NaN before any check leaves the weights of the start, and says so", arguments: [0, 1])
    func atOnce(_ step: Int) throws {
        let (parameters, _, facts) = try stage(nanAt: step).execute()
        #expect(facts.divergedAt == step && facts.steps == step && parameters.floats == [0, 0, 0])
        let ending = try #require(facts.ending)
        #expect(facts.usedStep == 0 && ending.contains("the untrained net was used"), "\(ending)")
        #expect(!ending.contains("seen to work"))
    }

    @Test("A loss that stays finite but explodes is a divergence at the last step, with both losses and advice")
    func explosion() throws {
        let (parameters, _, facts) = try stage(factor: { $0 == 0 ? 1 : 1e6 }).execute()
        #expect(facts.divergedAt == 20 && facts.steps == 20 && parameters.isFinite)
        let ending = try #require(facts.ending)
        #expect(ending.contains("the training loss rose from 1") && ending.contains("in 20 steps"), "\(ending)")
        #expect(ending.contains("lower rate") && !ending.contains("were used") && facts.usedStep == 20)
        let last = try log().last
        #expect(last?["diverged"] == .bool(true) && last?["step"]?.number == 20)
    }

    @Test("A checkpoint behind the last step says how the steps ended")
    func lastCheckpoint() throws {
        var state = TrainingState(parameters: .zeros([3]), config: config)
        _ = Trainer(config: config, seed: 1, purpose: "test").run(
            &state, count: 4,
            loss: { flat, _, _ in (flat - 1).square().mean() * (flat.detached.doubles[0] == 0 ? 1 : 1e6) },
            observe: { _ in true })
        try checkpoint.write(state)
        #expect(try stage().execute().facts.divergedAt == 20)
    }

    @Test("A checkpoint of an older version is not read: training starts again, with a note, and it goes")
    func oldCheckpoint() throws {
        let old = folder.file("checkpoint.h5")
        try Data("\u{89}HDF".utf8).write(to: old)
        let stage = stage()
        #expect(try stage.execute().facts.steps == 20 && !FileManager.default.fileExists(atPath: old.path))
        #expect(checkpoint.removeOldForm() == false)
    }

    @Test("A validation loss that is never finite stops it with a word on the weights, or as a divergence of theirs")
    mutating func neverFinite() throws {
        config.patience = 3
        let (parameters, _, facts) = try stage(validation: { _ in .nan }).execute()
        #expect(facts.stoppedAt == 6 && facts.bestStep == nil && parameters.floats.allSatisfy { $0 > 0.1 })
        let ending = try #require(facts.ending)
        #expect(ending.contains("stopped after 6 of 20 steps") && ending.contains("finite at no check"))
        let lost = try stage(
            from: .infinity, loss: { $0.clamped(to: 0...1).mean() }, validation: { _ in .nan }
        ).execute()
        #expect(lost.facts.divergedAt == 6 && lost.facts.stoppedAt == nil, "\(lost.facts)")
    }

    @Test("A validation loss that rises stops it, with the weights of its least value")
    mutating func stopped() throws {
        config.patience = 3
        // Least where the weights are 0.45, which they pass on their way to 1.
        let (parameters, _, facts) = try stage(validation: { abs($0.doubles[0] - 0.45) }).execute()
        let best = try #require(facts.bestStep)
        #expect(facts.stoppedAt == best + 6 && facts.steps == best + 6 && facts.divergedAt == nil)
        #expect(abs(parameters.doubles[0] - 0.45) < 0.15)
        #expect(facts.ending?.contains("stopped after \(best + 6) of 20 steps") == true)
        let validation = try log().compactMap { $0["validation_loss"]?.number }
        #expect(validation.count == (best + 6) / 2 && validation.min() == validation[best / 2 - 1])
    }

    @Test("A checkpoint holds the whole state; one of another net, or with other settings, is refused by name")
    mutating func checkpoints() throws {
        config.emaDecay = 0.9
        config.patience = 5
        var state = TrainingState(parameters: .zeros([3]), config: config)
        _ = Trainer(config: config, seed: 1, purpose: "test").run(
            &state, count: 4, loss: { flat, _, _ in (flat - 1).square().mean() }, validation: { $0.doubles[0] }
        ) { $0.step < 5 }
        let none = try checkpoint.read(config)
        #expect(none?.step == nil)
        try checkpoint.write(state)
        let stored = try checkpoint.read(config)
        let read = try #require(stored)
        #expect(read.step == 5 && read.counters == state.counters && read.counters.bestStep == 2)
        #expect(read.tensors.map(\.name) == state.tensors.map(\.name))
        #expect(read.tensors.map(\.value.floats) == state.tensors.map(\.value.floats))
        let wide = ParameterLayout(slots: [Slot(name: "w", offset: 0, shape: [4], role: .weight)])
        let other = try requireDataError { _ = try TrainingCheckpoint(url: checkpoint.url, layout: wide).read(config) }
        #expect(other.kind == .malformed && other.path == checkpoint.url.path && other.hint.contains("remove the file"))
        let nan = TrainingState(parameters: .full([3], .nan), config: config)
        try checkpoint.write(nan)
        let kept = try checkpoint.read(config)
        #expect(kept?.step == 5, "a state that is not finite does not replace one that is")
    }
}
