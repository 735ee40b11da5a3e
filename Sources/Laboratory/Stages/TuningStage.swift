import Basics
import Evaluation
import Foundation
import Generation
import ModelZoo
import Networks
import Reports
import Tensors

extension ExperimentRun {
    /// Tunes the generator to a reward, each strength a stage of its own, and judges what every strength gives beside its
    /// rivals: `tuning.json`. The chosen strength's net, `tuned.h5`, is then the run's.
    func tune() throws -> Bool {
        guard let settings = config.tuning.settings else { return false }
        let work = Lazily { try TuningWork(self, settings) }
        let spread = Lazily { try work.value().spread() }
        for strength in settings.strengths {
            try folder.stage(Self.stage(strength)) { writer in
                try tune(work.value(), strength, spread.value(), &writer)
            }
        }
        return try folder.stage("tuning") { writer in
            let table = try compare(work.value(), spread.value())
            try writer.write(Self.tuningFile, try Tree(encoding: table).text(pretty: true) + "\n")
            try writer.produce(Self.tunedNet) { try Self.link(folder.file(chosenNet(table)), to: $0) }
        }
    }

    static let tuningFile = "tuning.json"
    static let tunedNet = "tuned.h5"

    /// "tuning-3" or "tuning-0.5".
    private static func stage(_ strength: Double) -> String {
        let number = "\(strength)"
        return "tuning-" + (number.hasSuffix(".0") ? String(number.dropLast(2)) : number)
    }
    private static func net(_ strength: Double) -> String { stage(strength) + ".h5" }
    private static func facts(_ strength: Double) -> String { stage(strength) + ".json" }

    /// The chosen strength's net; the untuned one where all have diverged.
    private func chosenNet(_ table: TuningTable) -> String { table.chosen.map(Self.net) ?? "generator/net.h5" }

    /// Tunes at one strength. A tuning that is interrupted begins anew.
    private func tune(
        _ work: TuningWork, _ strength: Double, _ spread: RewardSpread, _ writer: inout RunFolder.StageWriter
    ) throws {
        let matching = try AdjointMatching(
            work.generator, chain: work.chain, reward: work.reward, strength: spread.factor(strength),
            config: work.settings.matching, seed: seed)
        let progress = progress("tuning, strength \(NumberText.significant(strength))")
        var state = matching.start()
        let outcome = try matching.run(&state) { step, _ in
            try progress.report(step.step, of: work.settings.matching.steps)
            return true
        }
        let facts = TuningFacts(state, outcome)
        var header = ZooHeader(layout: matching.net.layout)
        header.provenance = try chain("tune", from: ["generator/net.h5"])
        let zoo = Zoo(header: header, weights: state.samplingParameters.floats)
        try writer.produce(Self.net(strength)) { try ZooWriter.write(zoo, to: $0.path) }
        try writer.write(Self.facts(strength), try Tree(encoding: facts).text(pretty: true) + "\n")
    }

    /// Judges the base, every strength and every rival.
    private func compare(_ work: TuningWork, _ spread: RewardSpread) throws -> TuningTable {
        let judge = try TuningJudge(
            work, judge: Judge(work.data, reference: alignmentFacts().reference, id: RunID(arm: arm, seed: seed)))
        let strengths = work.settings.strengths
        let progress = progress("judging tuned networks")
        let total = 3 + 2 * strengths.count
        var rows = [try judge.base()]
        try progress.report(1, of: total)
        for strength in strengths {
            let url = folder.file(Self.facts(strength))
            let facts = try StoredJSON.read(TuningFacts.self, url, expected: "how a tuning ended")
            let net = try ZooReader(path: folder.file(Self.net(strength)).path).readAll()
            let parameters = net.population().reshaped([work.generator.net.layout.count])
            rows.append(try judge.tuned(parameters, strength, facts))
            rows.append(try judge.guided(strength, factor: spread.factor(strength)))
            try progress.report(rows.count, of: total)
        }
        rows.append(try judge.bestOf())
        try progress.report(rows.count, of: total)
        rows.append(try judge.ascended())
        return TuningTable(reward: work.rewardName, rows: rows)
    }

    /// What the tuning stage measured; nil where the run's generator is not tuned.
    func tuningTable() throws -> TuningTable? {
        guard config.tuning.settings != nil else { return nil }
        return try Self.tuningTable(folder.url)
    }

    /// The same of a run's folder.
    static func tuningTable(_ run: URL) throws -> TuningTable {
        try StoredJSON.read(
            TuningTable.self, run.appendingPathComponent(tuningFile), expected: "what a tuning measured")
    }
}

/// How a tuning ended, as its stage records it.
struct TuningFacts: Codable {
    /// Steps taken.
    var steps: Int
    /// The step at which it diverged.
    var divergedAt: Int?

    init(_ state: TrainingState, _ outcome: TrainingOutcome) {
        steps = state.step
        if case .diverged(let step) = outcome { divergedAt = step }
    }

    /// The end in words, with advice; nil where all steps were taken.
    var ending: String? {
        divergedAt.map {
            "diverged at step \($0): the reward's gradients, or what the net made of them, grew without bound; try a lower "
                + "strength, a lower tuning.matching.rate, or a larger tuning.matching.batch"
        }
    }
}

/// A value that is made when it is first asked for, and then kept.
final class Lazily<Value> {
    private let make: () throws -> Value
    private var made: Value?

    init(_ make: @escaping () throws -> Value) { self.make = make }

    func value() throws -> Value {
        if let made { return made }
        let value = try make()
        made = value
        return value
    }
}
