import Basics
import Foundation
import Tensors
import Testing

@testable import ShiftDetection

/// What public code gets wrong, with the right values.
@Suite struct PublicDefectsTests {
    /// Average thresholded confidence found its threshold with <= and applied it with >=, and began at 0: with ties, or
    /// with no row wrong, the reference itself came out wrong.
    @Test func thresholdIsAppliedAsItIsFound() {
        let reference = EstimateFixture.rows([0.6, 0.7, 0.8, 0.9])
        let fitted = ThresholdedConfidence().fitted(to: ReferenceRows(reference, labels: [0, 1, 1, 1]), seed: 0)
        #expect(fitted.value(of: reference) == 0.75)
        let sure = ThresholdedConfidence().fitted(to: ReferenceRows(reference, labels: [1, 1, 1, 1]), seed: 0)
        #expect(sure.value(of: reference) == 1)
        // Less sure than any reference row: nothing speaks for its being right.
        #expect(sure.value(of: EstimateFixture.rows([0.55, 0.65])) == 0.5)
    }

    /// Classes whose labels are words were put in the alphabet's order, whatever the order of the columns.
    @Test func wordsForClassesKeepTheOrderOfTheColumns() throws {
        let classes = ["low", "middle", "high"]
        let said = EstimateFixture.rows([
            [0.8, 0.1, 0.1], [0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7], [0.1, 0.1, 0.8],
        ])
        let words = ["low", "low", "middle", "middle", "high", "high"]
        let reference = try ReferenceRows(said, labels: words, classes: classes)
        #expect(reference.labels == [0, 0, 1, 1, 2, 2] && reference.isRight.allSatisfy { $0 })
        let estimate = IsotonicPerformance().fitted(to: reference, seed: 0).value(of: said)
        #expect(abs(estimate - 1) < 1e-12)
        let alphabetic = try ReferenceRows(said, labels: words, classes: classes.sorted())
        #expect(IsotonicPerformance().fitted(to: alphabetic, seed: 0).value(of: said) < 0.5)
        #expect(throws: DataError.self) { try ReferenceRows(said, labels: words, classes: ["low", "mid", "high"]) }
    }

    /// Permutation p-values were k / n, which can be 0, and ties with the sample counted as evidence.
    @Test func permutationsCountTheSampleItselfAndTies() throws {
        struct File: Decodable {
            struct Sampled: Decodable {
                let as_large, permutations: Int
                let p: Double
            }
            let sampled: [Sampled]
        }
        for one in try EstimateFixture.read("permutations", File.self).sampled {
            let null = (0..<one.permutations).map { $0 < one.as_large ? 2.0 : 0 }
            #expect(abs(PermutationTest(statistic: 1, null: null).pValue - one.p) < 1e-15)
        }
        #expect(PermutationTest(statistic: 1, null: Array(repeating: 1, count: 99)).pValue == 1)
        #expect(PermutationTest(statistic: 1, null: Array(repeating: 0, count: 99)).pValue == 0.01)
    }

    /// Samples and subsets may have any sizes: nothing pairs rows.
    @Test func sizesNeedNotBeEqual() {
        let subsets = PermutationTest.subsets(5, size: 3, of: 20, seed: 1)
        #expect(subsets.allSatisfy { Set($0).count == 3 })
    }

    /// Samples were put on a scale of their own, which hides that they moved or spread.
    @Test func scoresAreRankedOnTheReferencesScale() {
        let reference = (0..<100).map { Double($0) }
        for moved in [reference.map { $0 + 60 }, reference.map { ($0 - 50) * 4 + 50 }] {
            var monitor = ShiftMonitor(reference: [RowScores(name: "x", values: reference)], seed: 1)
            _ = monitor.observe([RowScores(name: "x", values: moved)])
            #expect(monitor.alarm != nil)
        }
    }
}
