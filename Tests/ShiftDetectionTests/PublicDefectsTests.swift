import Basics
import Evaluation
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

    /// A class that neither sample has made chi-square's p-value a random number; it says nothing, and is left out.
    @Test func aClassThatNobodyHasIsLeftOut() {
        let (with, without) = (ChiSquare([[10, 0, 20], [15, 0, 5]]), ChiSquare([[10, 20], [15, 5]]))
        #expect(with.statistic == without.statistic && with.degrees == 1 && with.pValue == without.pValue)
        // SciPy's chi2_contingency([[10, 20], [15, 5]], correction=False).
        #expect(near(with.statistic, 8.333333333333334) && near(with.pValue, 0.0038924171227786397, 1e-9))
        let single = ChiSquare([[10, 0], [15, 0]])
        #expect(single.statistic == 0 && single.pValue == 1)
    }

    /// "Bonferroni" returned the smallest p-value, and left the division of alpha to the reader.
    @Test func theSmallestOfManyPValuesIsNoPValue() {
        #expect(MultipleTesting.bonferroni([0.01, 0.2, 0.6]) == [0.03, 0.6000000000000001, 1])
        #expect(MultipleTesting.holm([0.01, 0.2, 0.6]) == [0.03, 0.4, 0.6])
        // The largest distance over columns is one statistic, whose p-value is that of subsets.
        let method = KolmogorovSmirnovMethod(on: .features)
        let pool = MethodRows.draw(24, seed: 3)
        let values = try? method.values(of: [Array(0..<8)], in: pool, model: ShiftModel(seed: 1), progress: .none)
        #expect(values?.count == 1)
    }

    /// p was k / n of bootstraps of a pool that could be smaller than two samples: too narrow, and 0 at times. Subsets of
    /// both together are as wide as they must be, whatever the sizes.
    @Test func subsetsAreOfBothSamplesTogether() throws {
        let (reference, sample) = (MethodRows.draw(12, seed: 5), MethodRows.draw(10, seed: 6))
        let test = try EnergyMethod().test(
            sample, against: reference, model: ShiftModel(seed: 1), permutations: 19, seed: 4)
        let pool = reference.joined(with: sample)
        let subsets = PermutationTest.subsets(19, size: 10, of: 22, seed: 4)
        #expect(subsets.contains { $0.contains { $0 >= 12 } && $0.contains { $0 < 12 } })
        #expect(
            try test.null == EnergyMethod().values(of: subsets, in: pool, model: ShiftModel(seed: 1), progress: .none))
        #expect(test.pValue >= 0.05)
    }

    /// Repeated runs on the same sample were pooled as if they were samples: ten runs of a detector made ten rows of one.
    /// Here one sample has one value, and runs that differ by a seed alone say the same of the same rows.
    @Test func runsOnOneSampleAreNoSamples() {
        let (reference, sample) = ((0..<20).map { Double($0) }, [11.5, 13.5, 15.5])
        let once = MannWhitney.pValues(sample, against: reference)?.twoSided ?? 0
        let pooled = MannWhitney.pValues((0..<10).flatMap { _ in sample }, against: reference)?.twoSided ?? 1
        #expect(once > 0.3 && pooled < 0.02, "\(once), \(pooled)")
        let test = PermutationTest(statistic: 0.7, null: (0..<19).map { Double($0) / 20 })
        #expect(test.pValue == 0.3)
    }

    /// Counts furthest from the mean were trimmed, and runs out of tolerance dropped. A value that is no number counts
    /// against the finding, and none is left out.
    @Test func nothingIsDropped() {
        let null = [0.1, 0.2, .nan, 0.9, 50]
        #expect(PermutationTest(statistic: 0.5, null: null).pValue == 4.0 / 6)
        #expect(PermutationTest(statistic: .nan, null: null).pValue == 1)
        #expect(PermutationTest(statistic: 1e9, null: [.infinity, 0, 0]).pValue == 0.5)
    }

    /// The same of features: they are put on T's scale, so that a sample that moved and spread shows it.
    @Test func featuresAreOnTheScaleOfTheTraining() throws {
        func table(_ values: [Double]) throws -> Table {
            try Table(bytes: Array(("x\n" + values.map { "\($0)\n" }.joined()).utf8), path: "t")
        }
        let encoding = try TableEncoding(
            fitting: table([-1, 1, -1, 1]), except: [], impute: nil, path: "t")
        let moved = try encoding.read(table([2, 3, 4]), except: [], path: "t").rows
        #expect(try encoding.features(moved, path: "t").doubles == [2, 3, 4])
    }
}
