import Basics
import Evaluation
import Foundation
import ModelZoo
import Reports

/// What TensorBoard shows of a run: the curves of its trainings, how weights and codes are spread, accuracies, distances
/// and the verdict.
///
/// The run's own event files stand in its folder, those of an autoencoder in `autoencoder/` in it: each training counts its
/// own steps.
struct RunEvents {
    /// The run's folder.
    let run: URL
    let config: ExperimentConfig

    /// Where the events of a training stand, in the folder of its run or wherever else they are asked for.
    static func folder(of subject: TrainingStage.Subject, in folder: URL) -> URL {
        switch subject {
        case .generator: folder
        case .autoencoder: folder.appendingPathComponent(subject.rawValue)
        }
    }

    /// Writes all that a finished run has to show to another folder.
    func write(to target: URL) throws {
        for subject in TrainingStage.Subject.allCases {
            let lines = MetricsLine.read(run.appendingPathComponent(subject.log))
            guard !lines.isEmpty else { continue }
            let file = try EventFile(in: Self.folder(of: subject, in: target), from: 0)
            for line in lines { try file.write(line, of: subject) }
        }
        let zoos = SharedZoos(folder: run.appendingPathComponent("zoos"))
        try writeOutcome(of: FinishedRun(url: run, config: config, zoos: zoos).result(), to: target)
    }

    /// Writes what came of a run, at the step after the training's last.
    func writeOutcome(of result: RunResult, to target: URL) throws {
        let lines = MetricsLine.read(run.appendingPathComponent(TrainingStage.Subject.generator.log))
        let step = (lines.map(\.step).max() ?? -1) + 1
        let file = try EventFile(in: target, from: step)
        for content in try spreads() + measures(result.rows) + texts(result.verdict) {
            try file.write(content, step: step)
        }
    }

    /// How the weights of every slot, and the codes, are spread: of the networks that were learned from, and of new ones.
    private func spreads() throws -> [TensorBoardEvent.Content] {
        let learned = run.appendingPathComponent(config.align.enabled ? "aligned.h5" : "zoo.h5").path
        let zoo = try ZooReader(path: learned).readAll()
        var events = Self.weights(zoo, rows: try ZooPopulation(zoo, path: learned).rows.train, tag: "zoo")
        let drawn = run.appendingPathComponent("ensemble.h5").path
        if FileManager.default.fileExists(atPath: drawn) {
            let ensemble = try ZooReader(path: drawn).readAll()
            events += Self.weights(ensemble, rows: Array(0..<ensemble.count), tag: "generated")
        }
        let codes = [("zoo", "coordinates/codes.h5", "training"), ("generated", ExperimentRun.codesFile, "codes")]
        for (tag, file, name) in codes {
            let tensors = try TensorFile(url: run.appendingPathComponent(file)).read()
            let values = tensors.first { $0.name == name }?.value.floats
            if let spread = values.flatMap({ EventHistogram($0) }) {
                events.append(.histogram(tag: "codes/\(tag)", spread))
            }
        }
        return events
    }

    private static func weights(_ zoo: Zoo, rows: [Int], tag: String) -> [TensorBoardEvent.Content] {
        zoo.layout.slots.compactMap { slot in
            let values = rows.lazy.flatMap { row in
                let values = zoo.row(row)
                return values[(values.startIndex + slot.offset)..<(values.startIndex + slot.offset + slot.count)]
            }
            return EventHistogram(values).map { .histogram(tag: "\(slot.name)/\(tag)", $0) }
        }
    }

    /// The mean test accuracy of every population, and how far it is from the zoo in units of fresh networks.
    private func measures(_ rows: [EvaluationRow]) -> [TensorBoardEvent.Content] {
        rows.flatMap { row -> [TensorBoardEvent.Content] in
            let what = row.population.what
            let accuracy = row.testAccuracy.meanOfAll
            let events =
                accuracy.isFinite ? [TensorBoardEvent.Content.scalar(tag: "test_accuracy/\(what)", accuracy)] : []
            return events + (row.decidingRatio.map { [.scalar(tag: "distance/\(what)", $0)] } ?? [])
        }
    }

    /// The verdict with its reasons, and the settings.
    private func texts(_ verdict: Verdict) -> [TensorBoardEvent.Content] {
        let reasons = verdict.reasons.map { "\n- \($0)" }.joined()
        let settings = (try? Tree(encoding: config).yaml) ?? ""
        return [
            .text(tag: "verdict", "**\(verdict.word)**: \(verdict.text)\n" + reasons),
            .text(tag: "settings", "```\n\(settings)```\n"),
        ]
    }
}

extension EventFile {
    /// Writes a line of metrics as a point of a curve; a loss that is no number has none.
    func write(_ line: MetricsLine, of subject: TrainingStage.Subject) throws {
        let (name, value) =
            switch line.what {
            case .loss(let loss): (MetricsLine.Key.loss, loss)
            case .validationLoss(let loss): (MetricsLine.Key.validationLoss, loss)
            case .diverged: (MetricsLine.Key.diverged, 1)
            }
        guard value.isFinite else { return }
        try write(.scalar(tag: "\(subject.rawValue)/\(name.rawValue)", value), step: line.step)
    }
}
