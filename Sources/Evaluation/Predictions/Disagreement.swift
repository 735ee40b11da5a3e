import Tensors

/// On what share of inputs a population's networks predict another class than zoo networks do.
public struct Disagreement: Sendable, Equatable {
    /// Mean over all pairs of a network and a zoo network.
    public let mean: Double
    /// Mean over networks of the smallest disagreement with any zoo network: the nearest in what they do.
    public let nearest: Double
    /// Mean disagreement with the zoo network that is nearest in weights; nil where none is known.
    public let withNeighbour: Double?

    /// Takes the numbers.
    public init(mean: Double, nearest: Double, withNeighbour: Double? = nil) {
        self.mean = mean
        self.nearest = nearest
        self.withNeighbour = withNeighbour
    }

    /// Compares predictions [P][n] with the zoo's [N][n]; NaN where there is no pair.
    ///
    /// - neighbours: for each network the zoo network nearest in weights, nil where it has none.
    ///
    /// Traps where the numbers of inputs differ.
    public init(_ predictions: [[Int32]], zoo: [[Int32]], neighbours: [Int?] = []) {
        self.init(Self.rates(predictions, zoo), neighbours: neighbours, excludingSelf: false)
    }

    /// Compares every network with every *other* one of the same population.
    public init(within predictions: [[Int32]], neighbours: [Int?] = []) {
        self.init(Self.rates(predictions, predictions), neighbours: neighbours, excludingSelf: true)
    }

    /// For each network the zoo network that predicts most like it, as a list of one or none.
    static func nearest(_ predictions: [[Int32]], zoo: [[Int32]]) -> [[Int]] {
        rates(predictions, zoo).map { values in values.indices.min { values[$0] < values[$1] }.map { [$0] } ?? [] }
    }

    /// For each network the other network of the population that predicts most like it.
    static func nearest(within predictions: [[Int32]]) -> [[Int]] {
        rates(predictions, predictions).enumerated().map { row, values in
            values.indices.filter { $0 != row }.min { values[$0] < values[$1] }.map { [$0] } ?? []
        }
    }

    private init(_ rates: [[Double]], neighbours: [Int?], excludingSelf: Bool) {
        var (sum, smallest, pairs) = (0.0, 0.0, 0)
        for (row, values) in rates.enumerated() {
            let others = values.indices.filter { !(excludingSelf && $0 == row) }.map { values[$0] }
            sum += others.reduce(0, +)
            smallest += others.min() ?? .nan
            pairs += others.count
        }
        let known = zip(rates, neighbours).compactMap { values, neighbour in neighbour.map { values[$0] } }
        self.init(
            mean: sum / Double(pairs), nearest: smallest / Double(rates.count),
            withNeighbour: known.isEmpty ? nil : known.reduce(0, +) / Double(known.count))
    }

    /// Shares of different entries, [P][N].
    private static func rates(_ a: [[Int32]], _ b: [[Int32]]) -> [[Double]] {
        var result = [[Double]](repeating: [], count: a.count)
        result.withUnsafeMutableBufferPointer { result in
            parallelFor(a.count) { row in result[row] = b.map { rate(a[row], $0) } }
        }
        return result
    }

    private static func rate(_ a: [Int32], _ b: [Int32]) -> Double {
        precondition(a.count == b.count, "Disagreement: \(a.count) and \(b.count) predictions")
        var different = 0
        for input in a.indices { different &+= a[input] == b[input] ? 0 : 1 }
        return Double(different) / Double(a.count)
    }
}
