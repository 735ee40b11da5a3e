import Networks
import Tensors
import Testing

@testable import Evaluation

/// Populations that somebody might plant, judged as a run judges: each gets the verdict that it deserves.
@Suite("Planted populations")
struct PlantedPopulationTests {
    private let planted: PlantedZoo

    init() throws { planted = try PlantedZoo.shared.get() }

    private var some: Tensor { planted.zoo.sliced(axis: 0, 0..<40) }

    private static func isGoodAndNew(_ verdict: Verdict) -> Bool {
        verdict.quality == .equal && verdict.novelty == .novel && verdict.beatsBaselines
    }

    @Test("fresh networks, passed as generated, are good and new and ahead of every baseline")
    func fresh() throws {
        let more = try PlantedZoo.trained(on: planted.training, seeds: (200..<240).map { UInt64($0) })
        let verdict = try planted.verdict(more, rivals: try planted.rivals())
        #expect(Self.isGoodAndNew(verdict) && verdict.light == .green, "\(verdict.text)")
    }

    @Test("so are those that PyTorch trained on the same points, from its own initial weights")
    func torch() throws {
        let verdict = try planted.verdict(planted.foreign, rivals: try planted.rivals())
        #expect(Self.isGoodAndNew(verdict) && verdict.light == .green, "\(verdict.text)")
    }

    @Test("so are those of another training: other initial weights, another optimizer, another batch")
    func foreign() throws {
        let others = try PlantedZoo.trained(
            on: planted.training, seeds: (300..<340).map { UInt64($0) }, .heNormal, batch: 10, epochs: 60, rate: 0.05,
            optimizer: { SGD(shape: $0, momentum: 0.9) })
        let verdict = try planted.verdict(others, rivals: try planted.rivals())
        #expect(Self.isGoodAndNew(verdict), "\(verdict.text)")
    }

    @Test("exact copies, and copies moved and rescaled, are copies")
    func copies() throws {
        for weights in [some, planted.disguised(some)] {
            let verdict = try planted.verdict(weights)
            #expect(
                verdict.quality == .equal && verdict.novelty == .copies && !verdict.beatsBaselines, "\(verdict.text)")
        }
    }

    @Test("new weights on inputs that are always 0 make no network new", arguments: [0.8, 2, 8])
    func inputs(_ size: Double) throws {
        let rewritten = planted.disguised(planted.rewrittenInputs(some, by: size))
        let row = try planted.row(rewritten)
        #expect((row.decidingRatio ?? 0) > 0.3, "far away in weights")
        let verdict = try planted.verdict(rewritten)
        #expect(verdict.novelty == .copies && !verdict.beatsBaselines, "\(verdict.text)")
    }

    @Test("nor do they with noise on all weights besides", arguments: [0.005, 0.02, 0.05])
    func noisyInputs(_ sigma: Double) throws {
        let verdict = try planted.verdict(planted.noisy(planted.rewrittenInputs(some), sigma))
        #expect(verdict.novelty == .nearCopies && !verdict.beatsBaselines && verdict.light == .amber, "\(verdict.text)")
    }

    @Test("noise alone makes near-copies")
    func noise() throws {
        let verdict = try planted.verdict(planted.noisy(some, 0.02))
        #expect(verdict.novelty == .nearCopies && !verdict.beatsBaselines, "\(verdict.text)")
    }

    @Test("units that are never on may read and be read with any weights: copies, with noise near-copies")
    func deadUnits() throws {
        // A zoo whose networks have two dead units each.
        let zoo = planted.deadUnits(planted.zoo, readBy: 1, salt: 1)
        let networks = PlantedZoo.architecture.network
        func judged(_ weights: Tensor) throws -> JudgedPopulation {
            JudgedPopulation(
                networks: try planted.frame.place(weights),
                predictions: Classifier(networks).predictions(weights, inputs: planted.test.inputs),
                contributions: planted.measure(weights))
        }
        let fresh = planted.deadUnits(planted.fresh, readBy: 1, salt: 2)
        let evaluation = EnsembleEvaluation(
            frame: planted.frame, zoo: try judged(zoo), fresh: try judged(fresh), labels: planted.test.labels)
        let others = [evaluation.judgeZoo().row, try #require(evaluation.judgeFresh()?.row)]
        func verdict(_ weights: Tensor) throws -> Verdict {
            Verdict(judging: others + [evaluation.judge(try judged(weights), as: .generated).row], chance: 0.25)
        }
        let rewritten = planted.deadUnits(planted.zoo, readBy: 8, salt: 3).sliced(axis: 0, 0..<40)
        let copies = try verdict(rewritten)
        #expect(copies.novelty == .copies && !copies.beatsBaselines, "\(copies.text)")
        let near = try verdict(planted.noisy(rewritten, 0.01))
        #expect(near.novelty == .nearCopies && !near.beatsBaselines, "\(near.text)")
    }

    @Test("repaired averages are not good and new, and not ahead where they are a baseline", arguments: [2, 4, 16, 60])
    func averages(_ count: Int) throws {
        let averages = try planted.repairedAverages(of: count, networks: 40)
        let alone = try planted.verdict(averages)
        #expect(!Self.isGoodAndNew(alone) && alone.light != .green, "\(alone.text)")
        let same = try planted.row(averages, as: .baseline(.average(of: count)))
        #expect(!(try planted.verdict(averages, rivals: [same])).beatsBaselines)
    }

    @Test("one fresh network again and again is a collapse")
    func collapsed() throws {
        let one = planted.fresh.sliced(axis: 0, 3..<4)
        let verdict = try planted.verdict(
            planted.noisy(Tensor.concatenate(Array(repeating: one, count: 40), axis: 0), 1e-4))
        #expect(verdict.collapsed && verdict.isBad, "\(verdict.text)")
    }

    @Test("fresh networks are ahead of noise and repaired averages in the same table, which are not ahead of them")
    func rivals() throws {
        let averages = try [2, 16].map {
            try planted.row(try planted.repairedAverages(of: $0, networks: 40), as: .baseline(.average(of: $0)))
        }
        let more = try PlantedZoo.trained(on: planted.training, seeds: (200..<240).map { UInt64($0) })
        let verdict = try planted.verdict(
            more, rivals: try planted.rivals().filter { $0.population.what.hasPrefix("noise") } + averages)
        #expect(verdict.beatsBaselines, "\(verdict.text)")
        #expect(verdict.frontier.contains { $0.population == .fresh && $0.isOnFrontier })
    }
}
