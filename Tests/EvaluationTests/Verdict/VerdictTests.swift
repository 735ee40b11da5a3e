import EvaluationTestSupport
import Testing

@testable import Evaluation

/// The rules of `VerdictLimits`, each by an example on both sides of the limit.
struct VerdictTests {
    static func verdict(
        _ accuracy: Double, at ratio: Double?, rms: Double? = 1, own: Double? = nil, missed: Double = 1,
        overlap: Double? = nil, baselines: [EvaluationRow] = [], diverged: Bool = false
    ) -> Verdict {
        let rows = [
            TestRows.row("zoo", 0.96, at: 1), TestRows.row("fresh", 0.96, at: 1, overlap: 0.4),
            TestRows.row("generated", accuracy, at: ratio, rms: rms, own: own, missed: missed, overlap: overlap),
        ]
        return Verdict(judging: rows + baselines, chance: 0.1, diverged: diverged)
    }

    @Test(
        "quality",
        arguments: [
            (0.9501, Verdict.Quality.equal), (0.97, .equal), (0.9499, .worse), (0.54, .worse),
            (0.52, .failed), (0.1, .failed), (.nan, .failed),
        ])
    func quality(accuracy: Double, expected: Verdict.Quality) {
        #expect(Self.verdict(accuracy, at: 1).quality == expected)
    }

    @Test(
        "novelty goes by the median, not the mean",
        arguments: [
            (0.0, Verdict.Novelty.copies), (0.0099, .copies), (0.0101, .nearCopies), (0.49, .nearCopies),
            (0.51, .inBetween), (0.89, .inBetween), (0.9, .novel), (30, .novel), (.nan, .copies), (.infinity, .copies),
        ])
    func novelty(ratio: Double, expected: Verdict.Novelty) {
        #expect(Self.verdict(0.96, at: ratio).novelty == expected)
    }

    @Test("new weights that get the same samples wrong are near-copies")
    func overlap() {
        #expect(Self.verdict(0.96, at: 1, overlap: 0.54).novelty == .novel)
        #expect(Self.verdict(0.96, at: 1, overlap: 0.69).novelty == .inBetween)
        let copied = Self.verdict(0.96, at: 1, overlap: 0.71)
        #expect(copied.novelty == .nearCopies)
        #expect(copied.text.contains("predictions"))
    }

    @Test("only good, new and better than every baseline is green")
    func lights() {
        #expect(Self.verdict(0.96, at: 1).light == .green)
        #expect(Self.verdict(0.96, at: 0.02).light == .amber)
        #expect(Self.verdict(0.96, at: 0.8).light == .amber && Self.verdict(0.96, at: 0.8).beatsBaselines)
        #expect(Self.verdict(0.96, at: 0).light == .amber)
        #expect(Self.verdict(0.9, at: 1).light == .amber)
        #expect(Self.verdict(0.17, at: 1).light == .red)
        #expect(Self.verdict(0.96, at: 1, baselines: [TestRows.row("average-2", 0.96, at: 1.1)]).light == .amber)
        #expect(Self.verdict(0.96, at: 1, diverged: true).light == .red)
        #expect(Self.verdict(0.96, at: 1, rms: 0.49).light == .amber)
        #expect(Self.verdict(0.96, at: 1, rms: 0.19).light == .red)
        #expect(Self.verdict(0.96, at: 1, own: 0.04).light == .red)
    }

    @Test("a baseline counts only if it is as new and as good, and neither fresh networks nor copies are one")
    func baselines() {
        let others = [
            TestRows.row("noise-0.01", 0.96, at: 0.89), TestRows.row("noise-0.1", 0.95, at: 2),
            TestRows.row("nearest-zoo", 0.99, at: 5), TestRows.row("gaussian-full", 0.96, at: nil),
        ]
        #expect(Self.verdict(0.96, at: 1, baselines: others).beatsBaselines)
        let rival = TestRows.row("noise-0.02", 0.9580, at: 1)
        let beaten = Self.verdict(0.96, at: 1, baselines: others + [rival])
        #expect(!beaten.beatsBaselines)
        #expect(beaten.text.contains("noise-0.02 is as good (95.80 %)"))
        let better = Self.verdict(0.9, at: 1, baselines: [rival])
        #expect(better.text.contains("noise-0.02 is better"))
        // Ratios are medians of samples: a hair less new is as new.
        let close = Self.verdict(0.75, at: 0.906, baselines: [TestRows.row("gaussian-full", 0.79, at: 0.901)])
        #expect(!close.beatsBaselines && close.text.contains("gaussian-full is better (79.00 %) at 0.90"))
    }

    @Test("the near-copies of a flow on a hundred networks are called so, beside noise")
    func nearCopies() {
        let verdict = Self.verdict(
            0.9611, at: 0.021,
            baselines: [TestRows.row("noise-0.003", 0.9612, at: 0.027), TestRows.row("noise-0.01", 0.9599, at: 0.085)])
        #expect(verdict.quality == .equal)
        #expect(verdict.novelty == .nearCopies)
        #expect(!verdict.isBad)
        #expect(
            verdict.text
                == "The generated networks are as good as the zoo (96.11 % test accuracy against the zoo's 96.00 %) "
                + "but they are near-copies: 0.021 of a fresh network's distance from the zoo; the baseline "
                + "noise-0.01 is as good (95.99 %) at 0.085.")
    }

    @Test(
        "samples of a zoo that hardly differs collapse only where their spread says nothing, or too little",
        arguments: [(Double?.none, true), (.infinity, true), (0.98, false), (0.05, true)])
    func repeatedZoo(rms: Double?, collapsed: Bool) {
        let rows = [
            TestRows.row("zoo", 0.96, at: 0.001), TestRows.row("fresh", 0.96, at: 1),
            TestRows.row("generated", 0.96, at: 0.001, rms: rms, own: 0.001, missed: 0.001, zooToZoo: 0.0008),
        ]
        #expect(Verdict(judging: rows, chance: 0.1).collapsed == collapsed)
    }

    @Test("bad results: failed, diverged, collapsed, or not there at all")
    func bad() {
        #expect(Self.verdict(0.17, at: 1).isBad)
        #expect(!Self.verdict(0.17, at: 1).beatsBaselines)
        #expect(Self.verdict(0.96, at: 1, diverged: true).quality == .failed)
        #expect(Self.verdict(0.96, at: 1, rms: 0.05).collapsed)
        #expect(!Self.verdict(0.96, at: 1, rms: 0.6, own: 0.2).collapsed)
        // Many samples near all of a small zoo are near each other too: copies, not a collapse.
        #expect(!Self.verdict(0.96, at: 0.02, own: 0.01, missed: 0.02).collapsed)
        #expect(Self.verdict(0.96, at: 0.02, own: 0.01, missed: 0.9).collapsed)
        #expect(Verdict(judging: [], chance: 0.1).isBad)
        #expect(Self.verdict(.nan, at: .nan).text.contains("not a number"))
    }

    @Test("novelty that was not measured is not claimed")
    func unmeasured() {
        let verdict = Self.verdict(0.96, at: nil)
        #expect(verdict.novelty == .copies)
        #expect(verdict.text.contains("not measured"))
        #expect(verdict.light == .amber)
    }

    @Test("over several runs the verdict is theirs together")
    func several() {
        let green = Self.verdict(0.96, at: 1)
        let red = Self.verdict(0.17, at: 1)
        let amber = Self.verdict(0.96, at: 0.02)
        let verdict = Verdict(over: [("a", amber), ("b", red), ("c", green)])
        #expect(verdict.light == .amber)
        #expect(
            verdict.text
                == "Of 3 runs, 1 gave networks that are as good as the zoo and new, 1 fell short of that, 1 failed.")
        #expect(verdict.reasons.count == 3)
        #expect(Verdict(over: [("a", green)]) == green)
        #expect(Verdict(over: []).isBad)
    }

    @Test("networks whose outputs are not numbers count as never right, and are named")
    func notFinite() {
        var row = TestRows.row("generated", 0.96, at: 1)
        row.testAccuracy = SampleStatistics(mean: 0.96, sd: 0.003, count: 100, nonFinite: 25)
        let rows = [TestRows.row("zoo", 0.96, at: 1), TestRows.row("fresh", 0.96, at: 1)]
        let some = Verdict(judging: rows + [row], chance: 0.1)
        #expect(some.quality == .worse && some.text.contains("72.00 %"))
        #expect(some.reasons.contains { $0.contains("the outputs of 25 of 100 networks are not finite numbers") })
        row.testAccuracy = SampleStatistics([Double](repeating: .nan, count: 100))
        let all = Verdict(judging: rows + [row], chance: 0.1)
        #expect(all.text == "The generated networks do not work: their outputs are not finite numbers.")
    }
}
