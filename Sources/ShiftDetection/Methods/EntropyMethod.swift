import Basics
import Foundation

/// How unsure an ensemble is: the entropy of its mean probabilities, row by row.
///
/// As in Detectron's baselines the sample's entropies are compared with the others' by Kolmogorov and Smirnov, in both
/// directions; `mean` asks for more entropy alone.
public struct EntropyMethod: ShiftMethod {
    /// The networks that are asked.
    public var ensemble = EnsembleKind.trained
    /// How the sample's entropies are compared with the others'.
    public var statistic = Statistic.ks

    /// How two sets of entropies are compared.
    public enum Statistic: String, Codable, Sendable, CaseIterable {
        /// The largest gap between their distribution functions.
        case ks
        /// The sample's mean.
        case mean
    }

    /// Networks trained on T, by Kolmogorov and Smirnov.
    public init() {}

    /// What can be set.
    public static let keys = [
        EnsembleKind.key,
        ConfigKey(
            "statistic", .choice(Statistic.allCases.map(\.rawValue)),
            "Compare whole distributions (ks) or ask for a larger mean (mean)"),
    ]

    /// The one that is asked.
    public var ensembles: Set<EnsembleKind> { [ensemble] }

    /// The gap between distribution functions, or the mean.
    public func values(
        of samples: [[Int]], in pool: ShiftRows, model: ShiftModel, progress: WorkProgress
    ) throws -> [Double] {
        let entropies = pool.entropies(ensemble)
        switch statistic {
        case .ks:
            let columns = OrderedColumns(Points(entropies))
            return try map(samples, of: pool, progress: progress) { columns.largestGap(of: $0) }
        case .mean:
            return try map(samples, of: pool, progress: progress) { sample in
                sample.reduce(0) { $0 + entropies[$1] } / Double(sample.count)
            }
        }
    }
}

extension ShiftRows {
    /// The entropy of an ensemble's mean probabilities in each row, in nats: 0 to ln C.
    func entropies(_ kind: EnsembleKind) -> [Double] {
        let mean = asked(kind).mean(axes: [0])
        let values = mean.doubles
        return (0..<count).map { row in
            values[(row * classes)..<((row + 1) * classes)].reduce(0) { $0 - ($1 == 0 ? 0 : $1 * log($1)) }
        }
    }
}
