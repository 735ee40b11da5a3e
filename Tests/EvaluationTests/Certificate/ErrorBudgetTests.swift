import EvaluationTestSupport
import Foundation
import Testing

@testable import Evaluation

@Suite("Where the accuracy goes")
struct ErrorBudgetTests {
    private static func finished(_ row: EvaluationRow, _ accuracy: Double) -> EvaluationRow {
        var row = row
        row.finished = FinishedMeasures(
            finish: "logits", testAccuracy: SampleStatistics(mean: accuracy, sd: 0.01), rowPasses: 100)
        return row
    }

    @Test("steps follow each other and their sum is the whole difference")
    func chain() throws {
        let rows = [
            TestRows.row("zoo", 0.96, at: 1), Self.finished(TestRows.row("fresh", 0.955, at: 1), 0.958),
            Self.finished(TestRows.row("generated", 0.90, at: 1), 0.93),
            TestRows.row("reconstructed", 0.95, at: 1), TestRows.row("reconstructed-fresh", 0.935, at: 1),
            Self.finished(TestRows.row("gaussian-full", 0.91, at: 1), 0.94),
        ]
        let budget = try #require(ErrorBudget(rows))
        #expect(budget.steps.map(\.part) == [.roundTrip, .decoder, .codeModel, .finish])
        let changes = budget.steps.map(\.change)
        // The decoder costs unseen networks 2 points, those that it was fitted to one.
        #expect(zip(changes, [-0.01, -0.01, -0.04, 0.03]).allSatisfy { abs($0 - $1) < 1e-12 }, "\(changes)")
        #expect(abs(changes.reduce(0, +) - (0.93 - 0.96)) < 1e-12)
        #expect(budget.largest?.part == .codeModel && budget.fresh == 0.958)
        #expect(budget.gaussian == 0.91, "beside the code model, which is without a finish too")
        for (step, next) in zip(budget.steps, budget.steps.dropFirst()) { #expect(step.to == next.from) }
    }

    @Test("coordinates that lose nothing cost nothing; without a finish there is no such step")
    func lossless() throws {
        let rows = [
            TestRows.row("zoo", 0.96, at: 1), TestRows.row("fresh", 0.955, at: 1),
            TestRows.row("generated", 0.96, at: 1),
        ]
        let budget = try #require(ErrorBudget(rows))
        #expect(budget.steps.map(\.part) == [.roundTrip, .codeModel] && budget.steps.map(\.change) == [0, 0])
        #expect(budget.largest == nil && budget.fresh == 0.955)
    }

    @Test("without the zoo or the generated networks there is no budget")
    func absent() {
        #expect(ErrorBudget([TestRows.row("zoo", 0.96, at: 1)]) == nil)
        #expect(ErrorBudget([TestRows.row("generated", 0.96, at: 1)]) == nil)
        #expect(ErrorBudget([TestRows.row("zoo", 0.96, at: 1), TestRows.row("generated", .nan, at: 1)]) == nil)
    }

    @Test("what is written is read again")
    func coding() throws {
        let rows = [TestRows.row("zoo", 0.96, at: 1), TestRows.row("generated", 0.5, at: 1)]
        var budget = try #require(ErrorBudget(rows))
        #expect(budget.gaussian == nil)
        budget.gaussian = 0.4
        let data = try JSONEncoder().encode(budget)
        #expect(try JSONDecoder().decode(ErrorBudget.self, from: data) == budget)
        let earlier = try JSONDecoder().decode(ErrorBudget.self, from: Data(#"{"steps":[]}"#.utf8))
        #expect(earlier.gaussian == nil && earlier.steps.isEmpty)
    }
}
