import Evaluation
import Networks
import Tensors
import Testing

@testable import Basics
@testable import Laboratory

@Suite("Selections of generated networks by training loss")
struct SelectionTests {
    private func population(_ count: Int) -> Population {
        Population(
            kind: .generated, weights: Tensor((0..<count).map(Float.init), shape: [count, 1]),
            buffers: Tensor((0..<count).map { Float(10 * $0) }, shape: [count, 1]),
            codes: Tensor((0..<count).map { Float(-$0) }, shape: [count, 1]), lost: 3)
    }

    private func kept(_ losses: [Double], oneIn number: Int) -> [Float]? {
        population(losses.count).selected(oneIn: number, losses: losses)?.weights.floats
    }

    @Test("one in k networks is kept, those of least loss, in the order they were drawn in")
    func least() throws {
        #expect(kept([5, 1, 4, 2, 3, 0], oneIn: 2) == [1, 3, 5])
        #expect(kept([5, 1, 4, 2, 3, 0], oneIn: 3) == [1, 5])
        #expect(kept([5, 1, 4, 2, 3], oneIn: 2) == [1, 3])
        let half = try #require(population(4).selected(oneIn: 2, losses: [3, 1, 2, 0]))
        #expect(
            half.kind == .selected(oneIn: 2) && half.buffers?.floats == [10, 30] && half.codes?.floats == [-1, -3])
        #expect(half.lost == 0)
    }

    @Test("equal losses keep the earlier network; what is not a number is never better")
    func ties() {
        #expect(kept([1, 1, 1, 1], oneIn: 2) == [0, 1])
        #expect(kept([.nan, 2, .nan, 9], oneIn: 2) == [1, 3])
        #expect(kept([.infinity, .nan, 1, .nan], oneIn: 2) == [0, 2])
    }

    @Test("fewer than two are no population")
    func few() {
        #expect(kept([1, 2, 3], oneIn: 2) == nil && kept([], oneIn: 2) == nil)
    }
}

@Suite("Experiments with selections")
struct SelectionExperimentTests {
    @Test("each is a row beside the whole, finished like the others, and the verdict is the whole's")
    func rows() throws {
        let more = "finish: {kind: logits, steps: 5}\n"
        let (small, other) = (try SmallExperiment(more), try SmallExperiment(more))
        let settings = ["evaluation.selections=[2]"]
        let (with, without) = (try small.run(out: "run", settings: settings), try other.run(out: "run"))
        let row = try #require(with.summary.rows.first { $0.population == .selected(oneIn: 2) })
        #expect(row.testAccuracy.count == 2 && row.finished?.finish == "logits" && row.validationAccuracy != nil)
        #expect(with.summary.rows.filter { $0.population != row.population } == without.summary.rows)
        #expect(try small.scratch.text("run/report.html").contains("best 1 in 2 of generated"))
        #expect(try small.scratch.text("run/summary.json").contains("\"selected-2\""))
    }
}
