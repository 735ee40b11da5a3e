import Testing

@testable import ShiftDetection

@Suite struct ShiftVerdictTests {
    private func test(_ p: Double) -> ShiftVerdict.MethodResult {
        // Of 99 subsets as many are as large as the sample that (k + 1) / 100 is p.
        let atLeast = Int((p * 100).rounded()) - 1
        let null = (0..<99).map { $0 < atLeast ? 2.0 : 0 }
        return .init(method: "energy", permutations: PermutationTest(statistic: 1, null: null), level: .exact)
    }

    private func harm(_ change: Double, upTo upper: Double) -> HarmEstimate {
        let reference = AccuracyInterval(value: 0.8, low: 0.75, high: 0.85)
        let estimated = AccuracyInterval(value: 0.8 + change, low: 0.6, high: 0.8 + upper)
        return HarmEstimate(
            metric: .balancedAccuracy, reference: reference, estimated: estimated,
            change: AccuracyInterval(value: change, low: change - 0.1, high: upper + 0.01), upperBound: upper)
    }

    private func finding(_ p: Double, _ harm: HarmEstimate?) -> ShiftVerdict.Finding {
        ShiftVerdict(test: test(p), harm: harm, alpha: 0.05, margin: 0.05).finding
    }

    @Test func bothDecisionsMustHold() {
        #expect(finding(0.05, harm(-0.08, upTo: -0.01)) == .harmful)
        #expect(finding(0.06, harm(-0.08, upTo: -0.01)) == .noEvidence)
        #expect(finding(0.05, harm(-0.04, upTo: -0.01)) == .different)
        #expect(finding(0.05, harm(-0.08, upTo: 0.01)) == .different)
        #expect(finding(0.05, nil) == .different)
    }

    @Test func clearlyMeansTheWholeInterval() {
        #expect(harm(-0.08, upTo: -0.07).isClearlyWorse(by: 0.05))
        #expect(!harm(-0.08, upTo: -0.01).isClearlyWorse(by: 0.05))
    }

    @Test func anObstacleIsNoDecision() {
        let verdict = ShiftVerdict(
            test: test(0.01), harm: nil, alpha: 0.05, margin: 0.05, obstacle: "Two rows are too few.")
        #expect(verdict.finding == .cannotSay)
        #expect(verdict.reasons == ["Two rows are too few."])
    }
}
