import Testing

@testable import Evaluation

@Suite struct VerdictTests {
    @Test(arguments: [
        (0.962, Verdict.Quality.equal), (0.952, .equal), (0.972, .equal), (0.973, .better), (0.951, .worse),
        (0.863, .worse), (0.861, .failed), (0.1, .failed), (.nan, .failed),
    ])
    func quality(_ accuracy: Double, _ expected: Verdict.Quality) {
        #expect(judge(makeRow(accuracy: accuracy)).quality == expected)
    }

    @Test func aPoorZooFailsByChanceNotByPoints() {
        // The zoo has 0.1 above chance; 0.04 of it is left, a loss of only 6 points.
        #expect(judge(makeRow(accuracy: 0.24), zoo: 0.3, chance: 0.2).quality == .failed)
        #expect(judge(makeRow(accuracy: 0.26), zoo: 0.3, chance: 0.2).quality == .worse)
        #expect(judge(makeRow(accuracy: 0.2), zoo: 0.2, chance: 0.2).quality == .equal)
    }

    @Test(arguments: [
        ([0.0, 0, 0], Verdict.Class.copies), ([0.009, 0.009], .copies), ([0.011, 0.011], .nearCopies),
        ([0.49, 0.49], .nearCopies), ([0.5, 0.5], .novel), ([1.3, 0.9], .novel), ([.nan, .nan], .copies),
    ])
    func noveltyByMean(_ distances: [Double], _ expected: Verdict.Class) {
        #expect(judge(makeRow(distances: distances)).novelty == expected)
    }

    @Test func fewFarNetworksDoNotHideManyCopies() {
        let verdict = judge(makeRow(distances: [0.001, 0.001, 0.001, 9]))
        #expect(verdict.novelty == .copies)
        #expect(verdict.text.contains("copies, for 75.0 % of them lie below 0.01"))
    }

    @Test func fewNearCopiesAreTolerated() {
        let one = [0.1] + [Double](repeating: 1, count: 9)
        #expect(judge(makeRow(distances: one)).novelty == .novel)
        let two = [0.1, 0.1] + [Double](repeating: 1, count: 8)
        let verdict = judge(makeRow(distances: two))
        #expect(verdict.novelty == .nearCopies)
        #expect(verdict.text.contains("near-copies, for 20.0 % of them lie below 0.5"))
    }

    @Test func failingLikeTheZooIsCopyingToo() {
        // Half-way from a fresh network's overlap of 0.4 to 1 is 0.7.
        #expect(judge(makeRow(overlap: 0.69)).novelty == .novel)
        let verdict = judge(makeRow(overlap: 0.72))
        #expect(verdict.novelty == .nearCopies)
        #expect(verdict.text.contains("for they fail on the same test inputs as zoo networks"))
        #expect(verdict.reasons.contains { $0.contains("0.72 against 0.4") })
        #expect(judge(makeRow(overlap: 0.72), fresh: nil).novelty == .novel)
    }

    @Test func freshNetworksAreNovelByTheSameRule() {
        let verdict = judge(makeRow(accuracy: 0.962, distances: [0.8, 0.9, 1, 1.1, 1.2]))
        #expect(verdict.novelty == .novel && verdict.quality == .equal && verdict.beatsBaselines)
        #expect(!verdict.isBad)
    }

    @Test func shrunkCodesAreCollapse() {
        #expect(!judge(makeRow(codeRatio: 0.51)).collapsed)
        let verdict = judge(makeRow(codeRatio: 0.18))
        #expect(verdict.collapsed && verdict.isBad)
        #expect(verdict.text.contains("they have collapsed: they vary only 0.18 times as much as the zoo"))
    }

    @Test func withoutCodesTheWeightsAreAsked() {
        #expect(judge(makeRow(codeRatio: nil, weightRatio: 0.3)).collapsed)
        #expect(!judge(makeRow(codeRatio: nil, weightRatio: 0.9)).collapsed)
        #expect(!judge(makeRow(codeRatio: 1, weightRatio: 0.3)).collapsed)
    }

    @Test func repetitionIsCollapseUnlessTheZooIsCovered() {
        let verdict = judge(makeRow(sampleToSample: 0.02, zooToSample: 0.9))
        #expect(verdict.collapsed)
        #expect(verdict.text.contains("they repeat a few networks and leave out the rest of the zoo"))
        #expect(verdict.reasons.contains("they repeat a few networks and leave out the rest of the zoo"))
        #expect(!judge(makeRow(sampleToSample: 0.02, zooToSample: 0.03)).collapsed)
        #expect(!judge(makeRow(sampleToSample: 0.2, zooToSample: 0.9)).collapsed)
    }

    @Test func divergenceIsPassedOn() {
        let verdict = judge(makeRow(), diverged: true)
        #expect(verdict.diverged && verdict.isBad && !verdict.beatsBaselines)
        #expect(verdict.text == "The generator diverged; its 4 networks reach 96.1 % against the zoo's 96.2 %.")
        #expect(verdict.reasons.contains("training or sampling left the finite numbers"))
    }

    @Test func brokenNetworksAreNamed() {
        let verdict = judge(makeRow(distances: [1, .nan, 1, 1]))
        #expect(verdict.novelty == .novel)
        #expect(verdict.text.contains("1 of 4 generated networks has weights that are not finite"))
        #expect(verdict.reasons.contains { $0.hasPrefix("1 of 4") })
        let all = judge(makeRow(accuracy: 0.1, distances: [.nan, .nan]))
        #expect(all.quality == .failed && all.novelty == .copies && all.isBad)
        #expect(all.text.hasSuffix("2 of 2 generated networks have weights that are not finite."))
        #expect(all.reasons.contains { $0.contains("novelty is not claimed") })
    }

    @Test func rawValuesAreThoseOfTheSummary() {
        let qualities = [Verdict.Quality.equal, .better, .worse, .failed]
        #expect(qualities.map(\.rawValue) == ["equal", "better", "worse", "failed"])
        #expect([Verdict.Class.copies, .nearCopies, .novel].map(\.rawValue) == ["copies", "near-copies", "novel"])
    }

    @Test func limitsCanBeChanged() {
        var limits = Verdict.Limits()
        limits.accuracyTolerance = 0.001
        limits.nearCopies = 2
        let verdict = Verdict(
            generated: makeRow(accuracy: 0.96), zoo: makeRow("zoo", accuracy: 0.962), baselines: [], chance: 0.1,
            limits: limits)
        #expect(verdict.quality == .worse && verdict.novelty == .nearCopies)
    }
}

@Suite struct VerdictRivalTests {
    private let copies = makeRow(distances: [0.02, 0.02])

    @Test func asAccurateAndAsNovelIsARival() {
        let noise = makeRow("noise-0.01", accuracy: 0.96, distances: [0.08])
        let verdict = judge(copies, baselines: [noise])
        #expect(verdict.rivals == ["noise-0.01"])
        #expect(!verdict.beatsBaselines)
    }

    @Test func eitherAloneIsNone() {
        let nearer = makeRow("noise-0.001", accuracy: 0.962, distances: [0.01])
        let poorer = makeRow("noise-0.1", accuracy: 0.9, distances: [0.8])
        let verdict = judge(copies, baselines: [nearer, poorer])
        #expect(verdict.rivals.isEmpty && verdict.beatsBaselines)
        #expect(verdict.text.hasSuffix("; no baseline is both as accurate and as far from the zoo."))
    }

    @Test func accuracyHasATolerance() {
        #expect(judge(copies, baselines: [makeRow("a", accuracy: 0.9586, distances: [1])]).rivals == ["a"])
        #expect(judge(copies, baselines: [makeRow("a", accuracy: 0.9584, distances: [1])]).rivals.isEmpty)
    }

    @Test func equalDistanceCounts() {
        #expect(judge(copies, baselines: [makeRow("a", distances: [0.02])]).rivals == ["a"])
    }

    @Test func mostNovelFirst() {
        let rows = [("a", 0.1), ("b", 0.9), ("c", 0.5), ("d", 0.9)].map { makeRow($0.0, distances: [$0.1]) }
        #expect(judge(copies, baselines: rows).rivals == ["b", "d", "c", "a"])
    }

    @Test func failedNetworksBeatNothing() {
        #expect(!judge(makeRow(accuracy: 0.2), baselines: []).beatsBaselines)
    }

    @Test func unmeasuredBaselinesAreNoRivals() {
        #expect(judge(copies, baselines: [makeRow("a", distances: [.nan])]).rivals.isEmpty)
    }
}

@Suite struct VerdictTextTests {
    @Test func nearCopies() {
        let noise = makeRow(
            "noise-0.01", accuracy: 0.96, distances: [0.08], label: Baseline.noise(sigma: 0.01).label)
        let generated = makeRow(distances: [Double](repeating: 0.02, count: 100))
        #expect(
            judge(generated, baselines: [noise]).text
                == "100 generated networks are as accurate as the zoo (96.1 % against 96.2 %) but lie 0.02 "
                + "fresh-network distances from their nearest zoo network: near-copies; zoo networks plus noise of "
                + "0.01 are further away (0.08) at 96.0 %.")
    }

    @Test func novelAndGood() {
        let verdict = judge(
            makeRow(distances: [0.93, 0.93]), baselines: [makeRow("noise-0.1", accuracy: 0.8, distances: [1])])
        #expect(
            verdict.text
                == "2 generated networks are as accurate as the zoo (96.1 % against 96.2 %) and lie 0.93 "
                + "fresh-network distances from their nearest zoo network: novel; no baseline is both as accurate and "
                + "as far from the zoo.")
    }

    @Test func conjunctions() {
        #expect(
            judge(makeRow(accuracy: 0.93)).text.contains(
                "are less accurate than the zoo (93.0 % against 96.2 %) but lie"))
        #expect(judge(makeRow(accuracy: 0.93, distances: [0.1])).text.contains("(93.0 % against 96.2 %) and lie 0.1 "))
        #expect(
            judge(makeRow(accuracy: 0.98)).text.contains(
                "are more accurate than the zoo (98.0 % against 96.2 %) and"))
    }

    @Test func failure() {
        let verdict = judge(makeRow(accuracy: 0.171))
        #expect(
            verdict.text == "The 4 generated networks do not work: they reach 17.1 % against the zoo's 96.2 %.")
    }

    @Test func aStandInUnitIsNamed() {
        let verdict = judge(makeRow(origin: .leaveOneOut))
        #expect(verdict.text.contains("lie 1 zoo-to-zoo distances from"))
        #expect(verdict.text.hasSuffix("no baseline was measured."))
    }

    @Test func everyVerdictGivesAccuracyAndDistanceAsReasons() {
        let verdict = judge(makeRow(distances: [0.005, 0.3, 1, 1.2]))
        #expect(
            verdict.reasons[0]
                == "mean test accuracy over all 4 generated networks: 96.1 % against the zoo's 96.2 %")
        #expect(
            verdict.reasons[1]
                == "distance to the nearest zoo network, in fresh-network distances: mean 0.63, "
                + "25.0 % of the networks below 0.01 (copies), 50.0 % below 0.5 (near-copies)")
        #expect(verdict.reasons.count == 2)
    }

    @Test(arguments: [
        (0.0, "0"), (0.00001, "less than 0.0001"), (0.0203, "0.02"), (0.934, "0.93"), (1.24, "1.2"), (18.4, "18"),
        (123.4, "123"), (.nan, "unknown"),
    ])
    func numbers(_ value: Double, _ expected: String) {
        #expect(Figures.number(value) == expected)
    }
}
