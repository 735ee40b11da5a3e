import Basics
import Tensors

/// The share of networks that contradict the model in use, averaged over the sample: large where networks that learnt
/// the same rows were not made to agree.
///
/// Source: Ginsberg, Liang and Krishnan, A learning based hypothesis test for harmful covariate shift, 2023, whose
/// deep-ensemble baselines are this and ``EntropyMethod``.
public struct DisagreementMethod: ShiftMethod {
    /// The networks that are asked.
    public var ensemble = EnsembleKind.trained

    /// Networks trained on T.
    public init() {}

    /// The networks that are asked.
    public static let keys = [EnsembleKind.key]

    /// The one that is asked.
    public var ensembles: Set<EnsembleKind> { [ensemble] }

    /// The mean over the sample of the share of networks that predict another class than the model in use.
    public func values(
        of samples: [[Int]], in pool: ShiftRows, model: ShiftModel, progress: WorkProgress
    ) throws -> [Double] {
        let own = pool.predictions
        let predictions = pool.asked(ensemble).argmax()
        let networks = predictions.count / max(1, pool.count)
        let counts = own.indices.map { row in
            (0..<networks).count { predictions[$0 * own.count + row] != own[row] }
        }
        return try map(samples, of: pool, progress: progress) { sample in
            Double(sample.reduce(0) { $0 + counts[$1] }) / Double(sample.count * networks)
        }
    }
}

extension EnsembleKind {
    /// The key under which methods are told whom to ask.
    static let key = ConfigKey(
        "ensemble", .choice(allCases.map(\.rawValue)), "Where the networks that are asked come from")
}

extension ShiftRows {
    /// What an ensemble says, [M, n, C]. Traps where the rows do not have it.
    func asked(_ kind: EnsembleKind) -> Tensor {
        guard let outputs = ensembles[kind] else {
            preconditionFailure("shift rows: the ensemble \(kind) is asked, and rows have \(ensembles.keys)")
        }
        return outputs
    }
}
