import EvaluationTestSupport
import Testing

@testable import Evaluation

/// Where exactly each verdict begins and ends: at limits that binary numbers hold exactly, and one step beside them.
@Suite("Verdicts at their limits")
struct VerdictLimitTests {
    private static let limits: VerdictLimits = {
        var limits = VerdictLimits()
        (limits.accuracyLoss, limits.keptAboveChance, limits.copies, limits.novel) = (0.125, 0.5, 0.125, 0.75)
        (limits.nearCopies, limits.novelDisagreement, limits.novelWrongSets) = (0.5, 0.75, 0.75)
        (limits.baselineLoss, limits.narrowSpread, limits.repeated, limits.missed) = (0.0625, 0.5, 0.25, 0.5)
        limits.near = 0.375
        limits.baselineDistance = 0.75
        return limits
    }()

    /// What is judged, with good and new networks for everything that is not given.
    private struct Case {
        var accuracy = 0.875, ratio: Double? = 1, rms: Double? = 1, own = 1.0, missed = 0.0, overlap = 0.5
        var contribution: Double?? = .none, disagreement: Double? = 0.25
        var baseline: (accuracy: Double, ratio: Double, disagreement: Double)?
        var count = 100

        /// A zoo at 0.875 over a chance of 0.125, and fresh networks with an overlap of 0.5.
        var verdict: Verdict {
            var generated = TestRows.row(
                "generated", accuracy, at: ratio, rms: rms, own: own, missed: missed, overlap: overlap,
                contribution: contribution, disagreement: disagreement)
            generated.count = count
            let rows = [
                TestRows.row("zoo", 0.875, at: 1),
                TestRows.row("fresh", 0.875, at: 1, overlap: 0.5, disagreement: 0.25), generated,
            ]
            let rival =
                baseline.map { [TestRows.row("noise-1.0", $0.accuracy, at: $0.ratio, disagreement: $0.disagreement)] }
                ?? []
            return Verdict(judging: rows + rival, chance: 0.125, limits: VerdictLimitTests.limits)
        }
    }

    @Test(
        "quality: equal down to the loss allowed, failed below half of what the zoo has above chance",
        arguments: [
            (0.75, Verdict.Quality.equal), (0.75.nextDown, .worse), (0.5, .worse), (0.5.nextDown, .failed),
            (1, .equal), (0, .failed),
        ])
    func quality(_ accuracy: Double, _ expected: Verdict.Quality) {
        #expect(Case(accuracy: accuracy).verdict.quality == expected)
    }

    @Test(
        "novelty: a limit belongs to the better side",
        arguments: [
            (0.125, Verdict.Novelty.nearCopies), (0.125.nextDown, .copies), (0.5, .inBetween),
            (0.5.nextDown, .nearCopies),
            (0.75, .novel), (0.75.nextDown, .inBetween),
        ])
    func novelty(_ ratio: Double, _ expected: Verdict.Novelty) {
        #expect(Case(ratio: ratio).verdict.novelty == expected)
        #expect(Case(ratio: ratio, contribution: 1).verdict.novelty == expected, "weights alone")
        #expect(Case(ratio: 1, contribution: ratio).verdict.novelty == expected, "contributions alone")
        #expect(Case(ratio: ratio).verdict.beatsBaselines == (expected > .nearCopies))
    }

    @Test(
        "disagreement: half as often as fresh networks is a near-copy, its own limit new",
        arguments: [
            (0.125, Verdict.Novelty.inBetween), (0.125.nextDown, .nearCopies), (0.1875, .novel),
            (0.1875.nextDown, .inBetween), (0, .nearCopies), (1, .novel),
        ])
    func disagreement(_ rate: Double, _ expected: Verdict.Novelty) {
        #expect(Case(disagreement: rate).verdict.novelty == expected)
    }

    @Test(
        "wrong sets: half-way from a fresh network's overlap to a copy's is in between, a quarter of the way new",
        arguments: [
            (0.75, Verdict.Novelty.inBetween), (0.75.nextUp, .nearCopies), (1, .nearCopies), (0, .novel),
            (0.625, .novel), (0.625.nextUp, .inBetween), (.nan, .inBetween),
        ])
    func overlap(_ overlap: Double, _ expected: Verdict.Novelty) {
        #expect(Case(overlap: overlap).verdict.novelty == expected)
    }

    @Test(
        "a baseline is a rival from its share of the distance on, down to the loss allowed it",
        arguments: [
            (0.8125, 0.75, 0.25, false), (0.8125.nextDown, 0.75, 0.25, true), (1, 0.75.nextDown, 0.25, true),
            (0.8125, .infinity, 0.25, true), (.nan, 1, 0.25, true), (1, 1, 0.1875, false),
            (1, 1, 0.1875.nextDown, true),
        ])
    func rivals(_ accuracy: Double, _ ratio: Double, _ disagreement: Double, _ isAhead: Bool) {
        #expect(Case(baseline: (accuracy, ratio, disagreement)).verdict.beatsBaselines == isAhead)
    }

    @Test(
        "a rival is better only by more than the loss allowed it",
        arguments: [
            (0.9375, "as good"), (0.9375.nextUp, "better"),
        ])
    func better(_ accuracy: Double, _ word: String) {
        #expect(Case(baseline: (accuracy, 1, 0.25)).verdict.text.contains("noise-1.0 is \(word) ("))
    }

    @Test(
        "a collapse: samples near each other that spread too little, or on each other with the zoo far from them",
        arguments: [
            (0.5, 0.25, 1.0, false), (0.5.nextDown, 0.375.nextDown, 1, true), (0.5.nextDown, 0.375, 1, false),
            (.nan, 1, 1, false), (1, 0.25, 1, false),
            (1, 0.25.nextDown, 1, true), (1, 0, 0.5, false), (1, 0, 0.5.nextUp, true),
        ])
    func collapse(_ rms: Double, _ own: Double, _ missed: Double, _ expected: Bool) {
        let verdict = Case(rms: rms, own: own, missed: missed).verdict
        #expect(verdict.collapsed == expected && verdict.isBad == expected)
        #expect(verdict.underDispersed == (!expected && rms < 0.5))
    }

    @Test("half of the zoo's spread is enough; less is under-dispersed, which is no failure but not green")
    func underDispersed() {
        #expect(!Case(rms: 0.5).verdict.underDispersed && Case(rms: 0.5).verdict.light == .green)
        let narrow = Case(rms: 0.48).verdict
        #expect(narrow.underDispersed && !narrow.collapsed && !narrow.isBad && narrow.light == .amber)
        #expect(narrow.text.contains("; they are under-dispersed, at 0.48 of the zoo's spread"))
        #expect(
            narrow.reasons.contains { $0.hasPrefix("the samples are under-dispersed: their codes spread 0.48 times") })
    }

    @Test("one sample has no other to collapse with")
    func single() {
        #expect(Case(own: 0, missed: 1, count: 2).verdict.collapsed)
        #expect(!Case(own: 0, missed: 1, count: 1).verdict.collapsed)
    }

    @Test(
        "networks whose distance was not measured are not said to beat baselines",
        arguments: [Double?.none, .nan, .infinity])
    func unmeasured(_ ratio: Double?) {
        let verdict = Case(ratio: ratio).verdict
        #expect(!verdict.beatsBaselines && verdict.novelty == .copies && verdict.quality == .equal)
        #expect(verdict.reasons.contains { $0.contains("novelty is not claimed") })
    }
}
