import EvaluationTestSupport
import Foundation
import Testing

@testable import Evaluation

/// What makes networks new, which baselines they have to be ahead of, and what a finish changes.
@Suite("The rules of the verdict")
struct VerdictRuleTests {
    private static let zoo = TestRows.row("zoo", 0.96, at: 1)
    private static let fresh = TestRows.row("fresh", 0.96, at: 1)

    private static func judged(_ generated: EvaluationRow, _ others: [EvaluationRow] = []) -> Verdict {
        Verdict(judging: [zoo, fresh, generated] + others, chance: 0.1)
    }

    private static func finished(
        _ row: EvaluationRow, _ accuracy: Double, at ratio: Double = 1, finish: String = "logits"
    ) -> EvaluationRow {
        var row = row
        let after = TestRows.row(row.population.what, accuracy, at: ratio)
        row.finished = FinishedMeasures(
            finish: finish, testAccuracy: after.testAccuracy, novelty: after.novelty, rowPasses: 100)
        return row
    }

    @Test("new weights with the function of a copy are called what they are")
    func function() {
        let rewritten = Self.judged(TestRows.row("generated", 0.96, at: 1, contribution: 0.004))
        #expect(rewritten.novelty == .copies && !rewritten.beatsBaselines)
        #expect(
            rewritten.text.hasSuffix(
                "but they are copies: by what their units contribute 0.004 of a fresh network's distance from the zoo."
            ))
        let near = Self.judged(TestRows.row("generated", 0.96, at: 1, contribution: 0.2))
        #expect(
            near.novelty == .nearCopies && !near.beatsBaselines && near.text.contains("they are near-copies: by what"))
        let both = Self.judged(TestRows.row("generated", 0.96, at: 0.3, contribution: 0.05))
        #expect(both.text.contains("they are near-copies: by what their units contribute 0.05"), "the lesser is named")
        let alike = Self.judged(TestRows.row("generated", 0.96, at: 1, disagreement: 0.007))
        #expect(alike.novelty == .nearCopies && alike.text.contains("in their predictions they are near-copies"))
        let half = Self.judged(TestRows.row("generated", 0.96, at: 1, disagreement: 0.02))
        #expect(
            half.novelty == .inBetween && half.beatsBaselines
                && half.text.hasSuffix(
                    "but between near-copies and new: they predict otherwise than the nearest zoo network 0.67 times as "
                        + "often as a fresh network.")
        )
        let wrong = Self.judged(TestRows.row("generated", 0.96, at: 1, overlap: 0.6))
        #expect(wrong.novelty == .inBetween && wrong.text.contains("more than fresh networks do they get the same"))
    }

    @Test("disagreement counts with the zoo network that speaks most for a copy")
    func contributor() {
        var row = TestRows.row("generated", 0.96, at: 1)
        row.novelty?.disagreement = Disagreement(
            mean: 0.06, nearest: 0.015, withNeighbour: 0.03, withContributor: 0.001)
        #expect(Self.judged(row).novelty == .nearCopies)
        row.novelty?.disagreement = Disagreement(mean: 0.06, nearest: 0.015, withNeighbour: 0.03)
        #expect(Self.judged(row).novelty == .novel)
        row.novelty?.disagreement = Disagreement(mean: 0.06, nearest: .nan)
        #expect(Self.judged(row).novelty == .inBetween, "none of what fresh networks have")
    }

    @Test("what was not measured is not claimed, and named", arguments: [0, 1, 2])
    func missing(_ what: Int) {
        var row = TestRows.row("generated", 0.96, at: 1)
        switch what {
        case 0: row.novelty?.contributionDistance = nil
        case 1: row.novelty?.disagreement = nil
        default: row.novelty?.wrongSets = nil
        }
        let verdict = Self.judged(row), names = ["units contribute", "disagreement", "wrong-set overlap"]
        #expect(verdict.novelty == .inBetween && verdict.light == .amber)
        #expect(verdict.text.hasSuffix("whether they are new in function was not measured."))
        #expect(
            verdict.reasons.contains {
                $0.hasPrefix("not measured, so that new is not claimed") && $0.contains(names[what])
            })
    }

    @Test("without fresh networks the zoo's own disagreement and wrong sets are the yardstick")
    func withoutFresh() {
        let rows = [Self.zoo, TestRows.row("generated", 0.96, at: 1)]
        #expect(Verdict(judging: rows, chance: 0.1).novelty == .novel)
        let copied = [Self.zoo, TestRows.row("generated", 0.96, at: 1, disagreement: 0.001)]
        #expect(Verdict(judging: copied, chance: 0.1).novelty == .nearCopies)
    }

    @Test("a baseline is a rival only where it is as far away in weights and by contributions, and disagrees as often")
    func rivals() {
        let generated = TestRows.row("generated", 0.95, at: 1)
        func isAhead(_ row: EvaluationRow) -> Bool { Self.judged(generated, [row]).beatsBaselines }
        #expect(!isAhead(TestRows.row("average-2", 0.95, at: 0.95)))
        #expect(isAhead(TestRows.row("average-2", 0.95, at: 0.89)))
        #expect(isAhead(TestRows.row("average-2", 0.95, at: 0.95, contribution: 0.5)))
        #expect(isAhead(TestRows.row("average-2", 0.95, at: 0.95, disagreement: 0.02)))
        #expect(isAhead(TestRows.row("average-2", 0.947, at: 0.95)))
        #expect(!isAhead(TestRows.row("average-2", 0.948, at: 0.95)))
        var old = TestRows.row("average-2", 0.95, at: 0.95)
        old.novelty?.contributionDistance = nil
        old.novelty?.disagreement = nil
        #expect(!isAhead(old), "what was not measured of both does not help the generator")
    }

    @Test("baselines that are more accurate at less distance are named, the most accurate first, three at most")
    func named() {
        let baselines = [
            TestRows.row("average-2", 0.952, at: 0.65), TestRows.row("average-4", 0.955, at: 0.7),
            TestRows.row("average-8", 0.954, at: 0.72), TestRows.row("average-16", 0.953, at: 0.74),
            TestRows.row("noise-0.1", 0.96, at: 0.3), TestRows.row("noise-1.0", 0.5, at: 0.8),
        ]
        let verdict = Self.judged(TestRows.row("generated", 0.951, at: 1), baselines)
        #expect(verdict.beatsBaselines && verdict.novelty == .novel)
        let three = "average-4 (95.50 % at 0.70), average-8 (95.40 % at 0.72), average-16 (95.30 % at 0.74)"
        #expect(verdict.text.hasSuffix("; more accurate, but less new: \(three)."))
        #expect(verdict.reasons.contains("more accurate, but less new: \(three), average-2 (95.20 % at 0.65)"))
        let copies = Self.judged(TestRows.row("generated", 0.951, at: 0.1), baselines)
        #expect(!copies.text.contains("less new"))
    }

    @Test("the frontier has every rival, the fresh and the generated networks, nearest first")
    func frontier() throws {
        let baselines = [
            TestRows.row("average-2", 0.95, at: 0.7), TestRows.row("noise-0.1", 0.94, at: 0.6),
            TestRows.row("gaussian-full", 0.5, at: 1.2), TestRows.row("nearest-zoo", 0.97, at: 0),
            TestRows.row("gaussian-diagonal", 0.4, at: nil), TestRows.row("average-4", 0.99, at: 2, contribution: 0.1),
        ]
        let verdict = Self.judged(TestRows.row("generated", 0.93, at: 0.9), baselines)
        #expect(
            verdict.frontier.map(\.label)
                == ["average-4", "noise-0.1", "average-2", "generated", "fresh", "gaussian-full"])
        #expect(verdict.frontier.map(\.isOnFrontier) == [true, false, false, false, true, true])
        let again = try JSONDecoder().decode(Verdict.self, from: JSONEncoder().encode(verdict))
        #expect(again == verdict && again.frontier[0].contributionDistance == 0.1 && again.frontier[0].distance == 2)
    }

    @Test("where generated and fresh networks have the finish, all is judged after it")
    func finish() {
        let generated = Self.finished(TestRows.row("generated", 0.93, at: 0.8), 0.958, at: 0.97)
        let fresh = Self.finished(Self.fresh, 0.962)
        let rows = [Self.zoo, fresh, generated]
        let verdict = Verdict(judging: rows, chance: 0.1)
        #expect(verdict.finish == "logits" && verdict.quality == .equal && verdict.novelty == .novel)
        #expect(
            verdict.text
                == "The generated networks are as good as fresh networks (95.80 % test accuracy against fresh networks' "
                + "96.20 %, both after the finish `logits`) and new: 0.97 of a fresh network's distance from the zoo, 0.97 by "
                + "what their units contribute.")
        let plain = Verdict(judging: [Self.zoo, Self.fresh, generated], chance: 0.1)
        #expect(plain.finish == nil && plain.quality == .worse && plain.novelty == .inBetween)
        let other = Verdict(
            judging: [Self.zoo, Self.finished(Self.fresh, 0.97, finish: "train"), generated], chance: 0.1)
        #expect(other.finish == nil, "another finish is not compared with")
        let whole = Verdict(judging: [Self.finished(Self.zoo, 0.961), fresh, generated], chance: 0.1)
        #expect(whole.text.contains("as good as the zoo (95.80 % test accuracy against the zoo's 96.10 %, both after"))
        #expect(whole.reasons.contains("every population is compared after the finish `logits`"))
    }

    @Test("a rival with the finish is compared after it; one without as it is, which is said")
    func finishedRivals() {
        let rows = [
            Self.zoo, Self.finished(Self.fresh, 0.962), Self.finished(TestRows.row("generated", 0.93, at: 1), 0.955),
        ]
        let weak = TestRows.row("average-2", 0.85, at: 1)
        #expect(Verdict(judging: rows + [weak], chance: 0.1).beatsBaselines)
        #expect(
            Verdict(judging: rows + [weak], chance: 0.1).reasons.contains("compared without it: average-2"))
        let strong = Verdict(judging: rows + [Self.finished(weak, 0.954)], chance: 0.1)
        #expect(!strong.beatsBaselines && strong.text.contains("average-2 is as good (95.40 %)"))
        #expect(!strong.reasons.contains { $0.hasPrefix("compared without it") })
    }

    @Test("over several runs the least new counts, and the finish where it is one")
    func several() {
        let generated = Self.finished(TestRows.row("generated", 0.93, at: 1), 0.958)
        let one = Verdict(judging: [Self.zoo, Self.finished(Self.fresh, 0.962), generated], chance: 0.1)
        let two = Self.judged(TestRows.row("generated", 0.96, at: 0.7))
        let both = Verdict(over: [("a", one), ("b", two)])
        #expect(both.novelty == .inBetween && both.finish == nil && both.frontier.isEmpty)
        #expect(Verdict(over: [("a", one), ("b", one)]).finish == "logits")
        #expect(Verdict.Novelty.allCases.sorted() == [.copies, .nearCopies, .inBetween, .novel])
    }

    @Test("a verdict of an earlier version is read")
    func old() throws {
        let text =
            #"{"text":"t","quality":"equal","novelty":"near-copies","beats_baselines":true,"collapsed":false,"#
            + #""diverged":false,"reasons":[]}"#
        let verdict = try JSONDecoder().decode(Verdict.self, from: Data(text.utf8))
        #expect(verdict.novelty == .nearCopies && verdict.frontier.isEmpty && verdict.finish == nil)
    }
}
