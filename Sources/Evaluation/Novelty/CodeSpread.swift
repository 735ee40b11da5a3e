import Basics
import Tensors

/// Whether the spread of generated codes matches that of the zoo's: below 1 the samples crowd together.
///
/// Variances have divisor n - 1, so that populations of different size compare. Rows that are not finite are left out
/// and counted.
public struct CodeSpread: Sendable, Equatable {
    /// sqrt(mean |z_gen - mean_gen|^2 / mean |z_zoo - mean_zoo|^2).
    public let rmsRatio: Double
    /// sqrt(mean |z_gen - mean_zoo|^2 / mean |z_zoo - mean_zoo|^2): also grows where the samples' mean is off.
    public let rmsRatioAboutZoo: Double
    /// Ratios of standard deviations, code dimension by dimension, over those in which the zoo varies.
    public let perDimension: SampleStatistics
    /// Generated rows that are not finite.
    public let nonFinite: Int

    /// Takes numbers that were measured elsewhere; what is not given is not known, which is NaN.
    public init(
        rmsRatio: Double, rmsRatioAboutZoo: Double = .nan,
        perDimension: SampleStatistics = SampleStatistics(mean: .nan, sd: .nan), nonFinite: Int = 0
    ) {
        self.rmsRatio = rmsRatio
        self.rmsRatioAboutZoo = rmsRatioAboutZoo
        self.perDimension = perDimension
        self.nonFinite = nonFinite
    }

    /// Compares codes [P, K] with the zoo's [N, K]; NaN where fewer than two rows are finite. Traps where K differs.
    public init(generated: Tensor, zoo: Tensor) {
        precondition(
            generated.rank == 2 && zoo.rank == 2 && generated.shape[1] == zoo.shape[1],
            "CodeSpread: \(generated.shape) and \(zoo.shape)")
        let (own, reference) = (Moments(generated), Moments(zoo))
        let scale = reference.variances.reduce(0, +)
        let shift = zip(own.means, reference.means).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let total = own.variances.reduce(0, +)
        let aboutOwnMean = total * Double(own.count - 1) / Double(own.count)
        self.init(
            rmsRatio: (total / scale).squareRoot(),
            rmsRatioAboutZoo: ((aboutOwnMean + shift) / scale).squareRoot(),
            perDimension: SampleStatistics(
                zip(own.variances, reference.variances).filter { $0.1 > 0 }.map { ($0 / $1).squareRoot() }),
            nonFinite: generated.shape[0] - own.count)
    }
}

extension CodeSpread: Codable {
    private enum CodingKeys: String, CodingKey {
        case rms
        case aboutZoo = "rms_about_zoo"
        case perDimension = "per_dimension"
        case nonFinite = "non_finite"
    }

    /// Writes an object; numbers that are not finite are null, and `non_finite` stands where there are such rows.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeNumber(rmsRatio, forKey: .rms)
        try container.encodeNumber(rmsRatioAboutZoo, forKey: .aboutZoo)
        try container.encode(perDimension, forKey: .perDimension)
        if nonFinite > 0 { try container.encode(nonFinite, forKey: .nonFinite) }
    }

    /// Reads an object; null becomes NaN.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            rmsRatio: try container.decodeNumber(forKey: .rms),
            rmsRatioAboutZoo: try container.decodeNumber(forKey: .aboutZoo),
            perDimension: try container.decode(SampleStatistics.self, forKey: .perDimension),
            nonFinite: try container.decodeIfPresent(Int.self, forKey: .nonFinite) ?? 0)
    }
}

/// Means and variances of the finite rows of a matrix, in double precision.
private struct Moments {
    var means: [Double]
    var variances: [Double]
    var count = 0

    init(_ rows: Tensor) {
        let width = rows.shape[1]
        means = [Double](repeating: 0, count: width)
        variances = [Double](repeating: 0, count: width)
        // Welford's update, row by row: one row in double precision at a time.
        for index in 0..<rows.shape[0] {
            let row = rows.selected(axis: 0, index).doubles
            guard row.allSatisfy(\.isFinite) else { continue }
            count += 1
            for column in 0..<width {
                let difference = row[column] - means[column]
                means[column] += difference / Double(count)
                variances[column] += difference * (row[column] - means[column])
            }
        }
        for column in 0..<width { variances[column] = count < 2 ? .nan : variances[column] / Double(count - 1) }
        if count == 0 { means = [Double](repeating: .nan, count: width) }
    }
}
