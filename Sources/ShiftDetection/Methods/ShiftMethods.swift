import Basics

/// The ways to tell a sample from the reference, one line each: `method:`.
public enum ShiftMethodFamily: ConfigFamily {
    /// The energy distance first.
    public static let standard: ConfigKinds<any ShiftMethod> = [
        ConfigKind("energy", EnergyMethod.self, "the energy distance, by default of the model's logits") { $0 },
        ConfigKind(
            "ks", KolmogorovSmirnovMethod.self, "the largest Kolmogorov-Smirnov distance, by default of probabilities"
        ) { $0 },
        ConfigKind("chi-square", ChiSquareMethod.self, "chi-square of predicted classes, or of features in bins") {
            $0
        },
        ConfigKind("mmd", DiscrepancyMethod.self, "the maximum mean discrepancy with a Gaussian kernel") { $0 },
        ConfigKind("c2st", ClassifierMethod.self, "a classifier that learns to tell the sample from the reference") {
            $0
        },
        ConfigKind("disagreement", DisagreementMethod.self, "networks that contradict the model in use") { $0 },
        ConfigKind("entropy", EntropyMethod.self, "how unsure an ensemble is") { $0 },
        ConfigKind("detectron", Detectron.self, "networks that are trained to contradict the model on the sample") {
            $0
        },
        ConfigKind(
            "meta-detectron", MetaDetectron.self,
            "a generator of networks that is tuned to contradict the model on the sample"
        ) { $0 },
        ConfigKind("d3m", D3M.self, "the most that networks fixed beforehand contradict the model") { $0 },
    ]
}

extension ShiftMethod {
    /// Compares a sample with reference rows: its statistic against those of `permutations` subsets of both together.
    ///
    /// The p-value is exact given the models, for methods whose level is; those of nested splits have a null of their
    /// own. Traps unless both have rows.
    public func test(
        _ sample: ShiftRows, against reference: ShiftRows, model: ShiftModel, permutations: Int, seed: UInt64,
        progress: WorkProgress = .none
    ) throws -> PermutationTest {
        let pool = reference.joined(with: sample)
        let subsets = PermutationTest.subsets(permutations, size: sample.count, of: pool.count, seed: seed)
        let own = Array(reference.count..<pool.count)
        let values = try values(of: [own] + subsets, in: pool, model: model, progress: progress)
        return PermutationTest(statistic: values[0], null: Array(values.dropFirst()))
    }
}
