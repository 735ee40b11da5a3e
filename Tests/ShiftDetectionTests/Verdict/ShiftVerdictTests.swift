import Foundation
import Testing

@testable import ShiftDetection

@Suite struct ShiftVerdictTests {
    private static func verdict(
        p: Double, drop: (Double, Double, Double)? = nil, level: ShiftLevel = .exact, isBound: Bool = false,
        obstacle: HarmObstacle? = nil
    ) -> ShiftVerdict {
        let atLeast = Int((p * 1_000).rounded()) - 1
        let null = (0..<999).map { $0 < atLeast ? 2.0 : 0 }
        let test = ShiftVerdict.MethodResult(
            method: "energy", permutations: PermutationTest(statistic: 1, null: null), level: level)
        let estimate = drop.map { value, low, high in
            PerformanceEstimate(
                metric: .balancedAccuracy,
                sample: AccuracyInterval(value: 0.77 - value, low: 0.77 - high, high: isBound ? 1 : 0.77 - low),
                reference: AccuracyInterval(value: 0.77, low: 0.7, high: 0.83),
                drop: AccuracyInterval(value: value, low: low, high: high), level: 0.9, classes: 2, isBound: isBound)
        }
        return ShiftVerdict(rows: 50, test: test, estimate: estimate, alpha: 0.05, margin: 0.05, obstacle: obstacle)
    }

    @Test func harmfulNeedsBothDecisions() {
        #expect(Self.verdict(p: 0.05, drop: (0.08, 0.01, 0.15)).finding == .harmful)
        #expect(Self.verdict(p: 0.051, drop: (0.08, 0.01, 0.15)).finding == .noEvidence)
        #expect(Self.verdict(p: 0.001, drop: (0.08, -0.01, 0.15)).finding == .different)
        #expect(Self.verdict(p: 0.001, drop: (0.04, 0.01, 0.07)).finding == .different)
        #expect(Self.verdict(p: 0.001).finding == .different)
        #expect(Self.verdict(p: 0.001, drop: (0.4, 0.2, 0.5), isBound: true).finding == .different)
    }

    /// What stands against a word about harm: it takes back *harmful*, and *different* stays.
    @Test func obstaclesToHarm() {
        let fall = (0.08, 0.01, 0.15)
        #expect(Self.verdict(p: 0.001, drop: fall).obstacle == nil)
        let outside = Self.verdict(p: 0.001, drop: fall, obstacle: .outsideReference(rows: 31))
        #expect(outside.finding == .different && outside.sentence.contains("of 31 of them the model is surer"))
        // Of 0.77, guessing is 0.27 away: an interval whose lower half is wider shows nothing, whatever the value.
        #expect(Self.verdict(p: 0.001, drop: (0.2, -0.06, 0.3)).obstacle == nil)
        let wide = Self.verdict(p: 0.001, drop: (0.2, -0.08, 0.3))
        #expect(wide.obstacle == .tooWide && wide.finding == .different)
        #expect(wide.sentence.contains("harm cannot be judged") && wide.sentence.contains("of 50 rows is so wide"))
        #expect(Self.verdict(p: 0.001).obstacle == .noLabels)
        #expect(Self.verdict(p: 0.5, drop: fall, obstacle: .outsideReference(rows: 31)).finding == .noEvidence)
    }

    @Test func clearlyHarmfulIsWhollyBelowTheMargin() {
        #expect(!Self.verdict(p: 0.001, drop: (0.08, 0.01, 0.15)).isClearlyHarmful)
        #expect(Self.verdict(p: 0.001, drop: (0.18, 0.06, 0.25)).isClearlyHarmful)
    }

    @Test func sentencesSayWhatWasFound() {
        let harmful = """
            Harmful: these 50 rows are drawn differently from the reference (p = 0.001), and the model's balanced \
            accuracy there is estimated at 0.69 (0.62 to 0.76), 0.08 below the reference's 0.77.
            """
        #expect(Self.verdict(p: 0.001, drop: (0.08, 0.01, 0.15)).sentence == harmful)
        let chance = Self.verdict(p: 0.001, drop: (0.06, -0.01, 0.15)).sentence
        #expect(chance.hasSuffix("below the reference's 0.77, which chance explains."))
        let little = Self.verdict(p: 0.001, drop: (0.03, 0.01, 0.05)).sentence
        #expect(little.contains("less than the margin of 0.05"))
        let better = Self.verdict(p: 0.001, drop: (-0.03, -0.1, 0.05)).sentence
        #expect(better.contains("0.03 above the reference's 0.77."))
        #expect(Self.verdict(p: 0.001).sentence.contains("without labels of the reference rows"))
        let nothing = """
            No evidence of a shift: rows drawn like the reference differ as much in 340 of 1000 samples (p = 0.340).
            """
        #expect(Self.verdict(p: 0.34).sentence == nothing)
        let bound = Self.verdict(p: 0.001, drop: (0.4, 0.1, 0.5), isBound: true).sentence
        #expect(bound.contains("no more than guessing"))
        let none = ShiftVerdict(cannotSay: ["there are 3 rows, and 5 are needed."], rows: 3, alpha: 0.05, margin: 0.05)
        #expect(none.sentence == "Cannot say: there are 3 rows, and 5 are needed." && none.finding == .cannotSay)
    }

    @Test func meaningNamesWhatTheLevelRestsOn() {
        #expect(Self.verdict(p: 0.02).meaning?.contains("exact") == true)
        #expect(Self.verdict(p: 0.02, level: .nestedSplits).meaning?.contains("learns anew") == true)
    }

    @Test func readsWhatItWrote() throws {
        let verdict = Self.verdict(p: 0.02, drop: (0.08, 0.01, 0.15))
        let read = try JSONDecoder().decode(ShiftVerdict.self, from: JSONEncoder().encode(verdict))
        #expect(read == verdict)
    }
}
