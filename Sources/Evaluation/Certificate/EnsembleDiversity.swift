import Basics

/// How much the networks of an ensemble differ from each other, beside as many networks of the zoo.
///
/// Distances are up to permutations, scales and signs, in units of a fresh network's distance from the zoo. A mean distance
/// to the nearest other network falls with their number, and so both sides are of equal number: the ensemble's first n
/// networks, and n of the zoo's spread evenly over it, at most ``most``.
public struct EnsembleDiversity: Sendable, Equatable {
    /// The most networks that are compared.
    public static let most = 1000

    /// A number of the ensemble and the same of the zoo.
    public struct Comparison: Sendable, Equatable {
        /// The ensemble's.
        public var own: Double
        /// The zoo's.
        public var zoo: Double

        /// The ensemble's in units of the zoo's.
        public var ratio: Double { own / zoo }
    }

    /// n, the networks that were compared on each side.
    public var count: Int
    /// Mean distance over all pairs.
    public var pairwise: Comparison
    /// Mean distance to the nearest other network.
    public var nearest: Comparison
    /// Mean share of test inputs on which two networks predict differently.
    public var disagreement: Comparison

    /// Takes numbers that were measured elsewhere.
    public init(count: Int, pairwise: Comparison, nearest: Comparison, disagreement: Comparison) {
        (self.count, self.pairwise, self.nearest, self.disagreement) = (count, pairwise, nearest, disagreement)
    }
}

extension EnsembleEvaluation {
    /// How much the networks of a population differ, beside as many of the zoo; nil for fewer than two.
    public func diversity(of population: JudgedPopulation) -> EnsembleDiversity? {
        let count = min(population.count, zoo.count, EnsembleDiversity.most)
        guard count > 1 else { return nil }
        let own = spread(population.selecting(Array(0..<count)))
        let other = spread(zoo.selecting((0..<count).map { $0 * zoo.count / count }))
        func comparison(_ path: KeyPath<Spread, Double>) -> EnsembleDiversity.Comparison {
            .init(own: own[keyPath: path], zoo: other[keyPath: path])
        }
        return EnsembleDiversity(
            count: count, pairwise: comparison(\.pairwise), nearest: comparison(\.nearest),
            disagreement: comparison(\.disagreement))
    }

    private struct Spread {
        let pairwise, nearest, disagreement: Double
    }

    private func spread(_ population: JudgedPopulation) -> Spread {
        let rates = PredictionRates(within: population.predictions)
        let distances = frame.distances(within: population.networks, hints: rates.hints)
        let nearest = distances.nearestToRows().map { unit.ratio($0.distance) }
        return Spread(
            pairwise: unit.ratio(distances.meanOfPairs), nearest: SampleStatistics(nearest).mean,
            disagreement: Disagreement(rates, neighbours: []).mean)
    }
}

extension DistanceMatrix {
    /// The mean distance over all pairs of two networks of one population that is finite.
    var meanOfPairs: Double {
        var (sum, count) = (0.0, 0)
        for row in 0..<rowCount {
            for column in 0..<row {
                let square = squared(row, column)
                guard square.isFinite else { continue }
                sum += max(0, square).squareRoot()
                count += 1
            }
        }
        return sum / Double(count)
    }
}

extension EnsembleDiversity.Comparison: Codable {
    private enum CodingKeys: String, CodingKey { case own, zoo, ratio }

    /// Writes both numbers and their ratio, null where not finite.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeNumber(own, forKey: .own)
        try container.encodeNumber(zoo, forKey: .zoo)
        try container.encodeNumber(ratio, forKey: .ratio)
    }

    /// Reads both numbers; null becomes NaN.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            own: try container.decodeNumber(forKey: .own), zoo: try container.decodeNumber(forKey: .zoo))
    }
}

extension EnsembleDiversity: Codable {
    private enum CodingKeys: String, CodingKey {
        case count = "n"
        case pairwise, nearest, disagreement
    }
}
