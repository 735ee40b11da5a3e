import Basics
import TestSupport
import Tensors
import Testing

@testable import ShiftDetection

@Suite struct ShiftMethodTests {
    private let model = ShiftModel(seed: 3)

    @Test func everyKindIsReadAndWritten() {
        let kinds = Set(ShiftMethodFamily.standard.all.map(\.name))
        for method in MethodRows.methods { #expect(kinds.contains(Described<ShiftMethodFamily>(method).kind)) }
        #expect(Described<ShiftMethodFamily>().member is EnergyMethod)
        #expect(DisagreementMethod().ensembles == [.trained] && EnergyMethod().ensembles.isEmpty)
        #expect(!EnergyMethod().needsFeatures && DiscrepancyMethod().needsFeatures)
    }

    /// Bytes do not depend on threads, on the samples beside it, or on the order in which a sample's rows are named.
    @Test(arguments: MethodRows.methods.indices) func valuesDependOnTheirSampleAlone(_ index: Int) throws {
        let method = MethodRows.methods[index]
        let pool = MethodRows.draw(60, seed: 1)
        let samples = PermutationTest.subsets(300, size: 12, of: 60, seed: 2)
        let runs = try ThreadCounts.results {
            try method.values(of: samples, in: pool, model: model, progress: .none).map(\.bitPattern)
        }
        #expect(runs.allSatisfy { $0 == runs[0] })
        let alone = try method.values(of: [samples[271].reversed()], in: pool, model: model, progress: .none)
        #expect(alone[0].bitPattern == runs[0][271])
    }

    /// Copies of one row are no evidence: everything ties, and ties are against the finding.
    @Test(arguments: MethodRows.methods.indices) func identicalRowsAreNoEvidence(_ index: Int) throws {
        let one = MethodRows.draw(1, seed: 5)
        let (reference, sample) = (one.selecting(.init(repeating: 0, count: 40)), one.selecting([0, 0, 0, 0, 0, 0, 0]))
        let test = try MethodRows.methods[index].test(
            sample, against: reference, model: model, permutations: 99, seed: 1)
        #expect(test.pValue == 1 && test.statistic.isFinite)
    }

    /// What is not a number is no evidence either, and no trap.
    @Test(arguments: MethodRows.methods.indices) func whatIsNoNumberNeitherTrapsNorFinds(_ index: Int) throws {
        let rows = MethodRows.draw(30, seed: 6)
        let sample = ShiftRows(
            features: .full([6, 2], .nan), probabilities: .full([6, 2], .nan, precision: .double),
            ensembles: [.trained: .full([3, 6, 2], .nan, precision: .double)])
        let method = MethodRows.methods[index]
        let test = try method.test(sample, against: rows, model: model, permutations: 39, seed: 1)
        // Those that count classes or bins see a class or a bin.
        #expect(test.pValue == 1 || method is ChiSquareMethod || method is DisagreementMethod, "\(method)")
    }

    /// A shift by two standard deviations is found by whatever looks at features or outputs, and p is never 0.
    @Test func aLargeShiftIsFound() throws {
        let (reference, sample) = (MethodRows.draw(80, seed: 7), MethodRows.draw(20, shift: 2, seed: 8))
        for method in MethodRows.methods where method.ensembles.isEmpty {
            let test = try method.test(sample, against: reference, model: model, permutations: 199, seed: 1)
            #expect(test.pValue <= 0.01 && test.pValue > 0, "\(method)")
        }
    }

    /// Networks that contradict each other, and outputs that are unsure, are found by those that ask ensembles.
    @Test func doubtIsFound() throws {
        let reference = MethodRows.draw(80, seed: 9)
        let halves = Tensor.full([20, 2], 0.5, precision: .double)
        let opinions = Tensor([0.9, 0.1, 0.1, 0.9, 0.2, 0.8], shape: [3, 1, 2]).broadcast(to: [3, 20, 2])
        let sample = ShiftRows(features: .zeros([20, 2]), probabilities: halves, ensembles: [.trained: opinions])
        for method in MethodRows.methods where !method.ensembles.isEmpty {
            let test = try method.test(sample, against: reference, model: model, permutations: 199, seed: 1)
            #expect(test.pValue <= 0.01, "\(method)")
        }
    }

    @Test func statisticsAreThoseOfTheirNames() throws {
        let rows = ShiftRows(
            features: Tensor([0, 1, 2, 10] as [Float], shape: [4, 1]),
            probabilities: Tensor([0.9, 0.1, 0.2, 0.8, 0.6, 0.4, 0.3, 0.7], shape: [4, 2]),
            ensembles: [
                .trained: Tensor([1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1], shape: [2, 4, 2])
            ])
        func value(_ method: any ShiftMethod, _ sample: [Int]) throws -> Double {
            try method.values(of: [sample], in: rows, model: model, progress: .none)[0]
        }
        #expect(try value(DisagreementMethod(), [1, 2]) == 0.5)
        #expect(try value(KolmogorovSmirnovMethod(on: .features), [3]) == 1)
        #expect(try value(ChiSquareMethod(), [0, 2]) == ChiSquare([[2, 0], [0, 2]]).statistic)
        // 2 E|X - Y| - E|Y - Y'| of 10 against 0, 1, 2.
        #expect(abs(try value(EnergyMethod(on: .features), [3]) - (18 - 8.0 / 9)) < 1e-12)
        #expect(rows.entropies(.trained).map { ($0 * 1000).rounded() } == [0, 693, 693, 0])
        let logit = rows.points(.logits).values[1]
        #expect(abs(logit - 1.3862943611198906) < 1e-12)
    }

    /// One row against many, and many against one.
    @Test(arguments: MethodRows.methods.indices) func theSmallestSamplesAreCompared(_ index: Int) throws {
        let (one, many) = (MethodRows.draw(1, seed: 2), MethodRows.draw(6, seed: 4))
        for (reference, sample) in [(many, one), (one, many), (one, one)] {
            let test = try MethodRows.methods[index].test(
                sample, against: reference, model: model, permutations: 19, seed: 1)
            #expect(test.statistic.isFinite && test.null.allSatisfy { $0.isFinite } && test.pValue > 0)
        }
    }

    @Test func moreThanTwoClassesAreAllCompared() throws {
        func rows(_ first: [Double], _ second: [Double]) -> ShiftRows {
            ShiftRows(
                features: nil,
                probabilities: Tensor(zip(first, second).flatMap { [$0, $1, 1 - $0 - $1] }, shape: [first.count, 3]))
        }
        let (some, none) = (rows([0.2, 0.5], [0.3, 0.5]), rows([1], [0]))
        #expect(some.points(.probabilities).width == 3)
        let logits = some.joined(with: none).points(.logits)
        #expect(logits.values.allSatisfy { $0.isFinite })
        let sums = (0..<3).map { row in (0..<3).reduce(0) { $0 + logits.values[row * 3 + $1] } }
        #expect(sums.allSatisfy { abs($0) < 1e-12 })
        // The first class is as often probable as in the reference; the second is not.
        let steps = (0..<40).map { Double($0) / 100 }
        let reference = rows(steps, steps)
        let sample = rows(steps, steps.map { $0 / 4 })
        for method in MethodRows.methods where method.ensembles.isEmpty && !method.needsFeatures {
            let found = try method.test(sample, against: reference, model: model, permutations: 199, seed: 1)
            #expect(found.pValue < 0.05 || method is ChiSquareMethod, "\(method)")
        }
    }

    @Test func binsHoldEqualValuesTogether() {
        #expect(ChiSquareMethod.bins([3, 1, 3, 2]) == [2, 0, 2, 1])
        let bins = ChiSquareMethod.bins((0..<40).map { Double($0) } + [0, 0])
        #expect(Set(bins).count == 10 && bins[40] == bins[0] && bins[41] == bins[0])
    }

    @Test func aClassifierHasALimitOfRows() {
        let rows = MethodRows.draw(ClassifierMethod.mostRows + 1, seed: 1)
        #expect(throws: DataError.self) {
            _ = try ClassifierMethod().values(of: [[0]], in: rows, model: model, progress: .none)
        }
    }
}
