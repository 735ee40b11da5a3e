import Basics
import Tensors

/// Two tables compared without any model: whether they could be one table, cut at random.
public struct TwoSampleTest: Codable, Sendable, Equatable {
    /// The method and its settings.
    public let method: Described<ShiftMethodFamily>
    /// Rows of the first and the second table.
    public let rows: [Int]
    /// The second table's statistic and those of random subsets of both together.
    public let permutations: PermutationTest
    /// The share of subsets with a statistic at least as large, the table itself among them; never 0.
    public let pValue: Double

    /// The methods that can do with features alone, set to look at them.
    public static let methods: [Described<ShiftMethodFamily>] = [
        Described(KolmogorovSmirnovMethod(on: .features)), Described(ChiSquareMethod(on: .features)),
        Described(DiscrepancyMethod(on: .features)), Described(EnergyMethod(on: .features)),
        Described(ClassifierMethod(on: .features)),
    ]

    /// Compares features [m, d] with others [n, d]. Traps unless the method needs features alone, both have rows, and
    /// their columns are the same.
    public static func run(
        _ method: Described<ShiftMethodFamily>, _ first: Tensor, _ second: Tensor, permutations: Int = 999,
        seed: UInt64 = 0, progress: WorkProgress = .none
    ) throws -> TwoSampleTest {
        precondition(
            method.member.ensembles.isEmpty && method.member.needsFeatures, "two samples: \(method.kind) needs a model")
        let test = try method.member.test(
            rows(second), against: rows(first), model: ShiftModel(seed: seed), permutations: permutations, seed: seed,
            progress: progress)
        return TwoSampleTest(
            method: method, rows: [first.shape[0], second.shape[0]], permutations: test, pValue: test.pValue)
    }

    /// Rows of features; the model that there is not says the same of all.
    private static func rows(_ features: Tensor) -> ShiftRows {
        ShiftRows(features: features, probabilities: .ones([features.shape[0], 1], precision: .double))
    }
}
