import Foundation
import Generation
import ModelZoo
import RankTestSupport
import Ranks
import Tensors
import TestSupport
import Testing

@testable import Basics
@testable import Laboratory

@Suite("A generator trained by several ranks")
struct GeneratorHelpTests {
    private static let settings = ["training.microBatches=4", "training.emaDecay=0.9", "training.checkEvery=7"]
    private static let files = ["generator/net.h5", "ensemble.h5", "evaluation.json", "metrics.jsonl"]

    /// A run with the settings, on so many threads that act as ranks.
    private func run(
        _ small: SmallExperiment, _ out: String, ranks: Int, resume: Bool = false, settings: [String] = settings
    ) throws {
        let world = try ThreadRanks.serve(ranks, RankTable.works) { ranks in
            var experiment = try small.experiment(out: out, settings: settings, resume: resume)
            experiment.ranks = ranks
            return try experiment.run()
        }
        #expect(world.errors.isEmpty, "\(world.errors)")
        _ = try world.outcome.get()
    }

    @Test("the bytes of a run do not depend on the number of ranks, nor on where it was interrupted")
    func equal() throws {
        let small = try SmallExperiment()
        try small.run(out: "one", settings: Self.settings)
        for ranks in [1, 2, 3] {
            try run(small, "ranks-\(ranks)", ranks: ranks)
            for name in Self.files {
                #expect(try small.bytes("ranks-\(ranks)/\(name)") == small.bytes("one/\(name)"), "\(ranks): \(name)")
            }
        }
        try small.cut("one", as: "cut", after: 3)
        try run(small, "cut", ranks: 3, resume: true)
        for name in Self.files { #expect(try small.bytes("cut/\(name)") == small.bytes("one/\(name)"), "\(name)") }
    }

    @Test("minibatches in one part are not shared, and have the bytes of one rank")
    func whole() throws {
        let small = try SmallExperiment()
        try small.run(out: "one")
        try run(small, "two", ranks: 2, settings: [])
        #expect(try small.bytes("two/generator/net.h5") == small.bytes("one/generator/net.h5"))
    }

    @Test("who helped is free again where the training fails")
    func failed() throws {
        let small = try SmallExperiment()
        let world = try ThreadRanks.serve(3, RankTable.works) { ranks in
            var experiment = try small.experiment(
                out: "out", settings: Self.settings + ["training.rate=1.0e+30", "training.steps=20"])
            experiment.ranks = ranks
            return try experiment.run().status
        }
        #expect(world.errors.isEmpty, "\(world.errors)")
        #expect(try world.outcome.get() == .badResult)
    }

    @Test("questions and answers are the same after their way as bytes")
    func messages() throws {
        let weights = Tensor([1.5, -0, .leastNonzeroMagnitude, .greatestFiniteMagnitude] as [Float], shape: [4])
        let question = try #require(PartQuestion(PartQuestion(step: 7, parameters: weights).bytes))
        #expect(question.step == 7 && question.parameters.bits == weights.bits)
        #expect(PartQuestion([]) == nil)
        let sums = [PartSum(loss: 0.1, gradient: weights), PartSum(loss: .nan, gradient: weights * 2)]
        let back = PartAnswer.sums(PartAnswer.bytes(sums), weights: 4)
        #expect(back.count == 2 && back[0].loss == 0.1 && back[1].loss.isNaN)
        #expect(zip(back, sums).allSatisfy { $0.gradient.bits == $1.gradient.bits })
        #expect(PartAnswer.sums([], weights: 4).isEmpty)
    }
}
