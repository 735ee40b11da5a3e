import EvaluationTestSupport
import Foundation
import Testing

@testable import Evaluation

/// What people read: every branch of the sentence and of the reasons.
@Suite("The sentences of verdicts")
struct VerdictSentenceTests {
    private static func verdict(
        _ accuracy: Double, at ratio: Double?, overlap: Double? = nil, rms: Double? = nil, diverged: Bool = false,
        baselines: [EvaluationRow] = []
    ) -> Verdict {
        let rows = [
            TestRows.row("zoo", 0.96, at: 1), TestRows.row("fresh", 0.95, at: 1, overlap: 0.5),
            TestRows.row("generated", accuracy, at: ratio, rms: rms, overlap: overlap),
        ]
        return Verdict(judging: rows + baselines, chance: 0.1, diverged: diverged)
    }

    private static let good = "as good as the zoo (96.00 % test accuracy against the zoo's 96.00 %)"
    private static let worse = "worse than the zoo (80.00 % test accuracy against the zoo's 96.00 %)"

    private static let new =
        "1.00 of a fresh network's distance from the zoo, 1.00 by what their units contribute"

    @Test("good and bad, new and not: but where they do not go together, and where they do")
    func joints() {
        let sentences: [(Double, Double?, String)] = [
            (0.96, 1, "\(Self.good) and new: \(Self.new)."), (0.8, 1, "\(Self.worse) but new: \(Self.new)."),
            (
                0.96, 0.74,
                "\(Self.good) but between near-copies and new: 0.74 of a fresh network's distance from the zoo."
            ),
            (0.96, 0, "\(Self.good) but they are copies: 0 of a fresh network's distance from the zoo."),
            (0.8, 0, "\(Self.worse) and they are copies: 0 of a fresh network's distance from the zoo."),
            (0.96, 0.2, "\(Self.good) but they are near-copies: 0.20 of a fresh network's distance from the zoo."),
            (0.8, 0.2, "\(Self.worse) and they are near-copies: 0.20 of a fresh network's distance from the zoo."),
            (0.96, nil, "\(Self.good) but how new they are was not measured."),
            (0.8, nil, "\(Self.worse) and how new they are was not measured."),
        ]
        for (accuracy, ratio, text) in sentences {
            #expect(Self.verdict(accuracy, at: ratio).text == "The generated networks are \(text)")
        }
    }

    @Test("near-copies in predictions")
    func predictions() {
        let verdict = Self.verdict(0.96, at: 1, overlap: 0.9)
        #expect(
            verdict.text
                == "The generated networks are \(Self.good) but in their predictions they are near-copies of zoo "
                + "networks.")
        #expect(verdict.reasons.contains("they get the same test samples wrong as zoo networks do (wrong-set overlap)"))
    }

    @Test("the newest rival is named, with what it reaches and where")
    func rival() {
        let verdict = Self.verdict(
            0.96, at: 1,
            baselines: [TestRows.row("noise-0.1", 0.96, at: 1), TestRows.row("average-2", 0.97, at: 1.5)])
        let text = "; the baseline average-2 is better (97.00 %) at 1.50."
        #expect(verdict.text.hasSuffix(Self.new + text))
        #expect(verdict.reasons.last == "baseline as new and as good: average-2" && !verdict.beatsBaselines)
    }

    @Test("failed, collapsed, diverged: nothing is said of novelty")
    func bad() {
        #expect(
            Self.verdict(0.2, at: 1).text
                == "The generated networks do not work: 20.00 % test accuracy against the zoo's 96.00 %.")
        #expect(
            Self.verdict(.nan, at: 1).text == "The generated networks do not work: an accuracy that is not a number.")
        let collapsed = Self.verdict(0.96, at: 1, rms: 0.1)
        #expect(collapsed.text == "The generator collapsed: its networks hardly differ from each other.")
        #expect(collapsed.reasons.last == "the samples have collapsed: they hardly differ from each other")
        let diverged = Self.verdict(0.96, at: 1, diverged: true)
        #expect(
            diverged.text
                == "The generator diverged: its networks reach 96.00 % test accuracy against the zoo's 96.00 %.")
        #expect(diverged.quality == .failed && !diverged.beatsBaselines)
        #expect(
            diverged.reasons.last == "training or sampling left the finite numbers, or the training loss exploded")
        let lost = EvaluationRow(arm: "main", seed: 1, lost: 3, of: .generated)
        let none = Verdict(judging: [TestRows.row("zoo", 0.96, at: 1), lost], chance: 0.1, diverged: true)
        #expect(none.text == "The generator diverged: none of the networks that it drew is finite.")
    }

    @Test("the reasons state what was measured, over how many, and the limits")
    func reasons() {
        #expect(
            Self.verdict(0.96, at: 0.25).reasons == [
                "mean test accuracy 96.00 % over all 100 generated networks, 96.00 % over the zoo",
                "median distance to the nearest zoo network: 0.25 of a fresh network's; copies below 0.01, near-copies "
                    + "below 0.50, new from 0.90",
                "the same by what units contribute on training rows: 0.25, with the same limits", Self.disagreement,
            ])
        #expect(
            Self.verdict(.nan, at: nil).reasons == [
                "mean test accuracy that is not known over all 100 generated networks, 96.00 % over the zoo",
                "the distance to the nearest zoo network was not measured, so novelty is not claimed",
                Self.disagreement,
            ])
    }

    private static let disagreement =
        "they predict otherwise than the nearest zoo network 1.00 times as often as fresh networks; near-copies below "
        + "0.50, new from 0.80"

    @Test("without the rows that it needs there is none", arguments: ["zoo", "generated", "fresh"])
    func none(_ what: String) {
        let verdict = Verdict(judging: [TestRows.row(what, 0.9, at: 1)], chance: 0.1)
        #expect(verdict.text == "There is no verdict: the generated networks or the zoo were not judged.")
        #expect(verdict.reasons == ["rows for \"zoo\" and \"generated\" are needed"])
        #expect(verdict.isBad && verdict.light == .red && verdict.novelty == .copies && !verdict.beatsBaselines)
    }

    @Test("over several runs: how many were good, fell short, failed")
    func runs() {
        let (green, amber, red) = (
            Self.verdict(0.96, at: 1), Self.verdict(0.96, at: 0.2), Self.verdict(0.2, at: 1)
        )
        let all = Verdict(over: [("a", amber), ("b", green), ("c", red), ("d", red)])
        let count =
            "Of 4 runs, 1 gave networks that are as good as the zoo and new, 1 fell short of that, 2 failed."
        #expect(all.text == count && all.light == .amber)
        #expect(all.isBad && all.quality == .failed && all.novelty == .nearCopies && !all.beatsBaselines)
        #expect(all.tally == .init([amber, green, red, red]))
        #expect(all.reasons == ["a: \(amber.text)", "b: \(green.text)", "c: \(red.text)", "d: \(red.text)"])
        #expect(Verdict(over: [("a", red), ("b", red)]).text.contains("Of 2 runs, none gave"))
        #expect(Verdict(over: [("a", red), ("b", red)]).light == .red)
        let good = Verdict(over: [("a", green), ("b", green)])
        #expect(good.light == .green && good.beatsBaselines && good.text.hasPrefix("Of 2 runs, all gave"))
        #expect(Verdict(over: [("only", green)]) == green && Verdict(over: []).isBad)
    }

    @Test("verdicts read back as they were written")
    func coding() throws {
        for verdict in [Self.verdict(0.96, at: 1), Self.verdict(0.2, at: nil, rms: 0.1, diverged: true)] {
            #expect(try JSONDecoder().decode(Verdict.self, from: JSONEncoder().encode(verdict)) == verdict)
        }
    }
}
