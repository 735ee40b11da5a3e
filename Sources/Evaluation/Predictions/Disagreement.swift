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
        self.init(PredictionRates(predictions, zoo: zoo), neighbours: neighbours)
    }

    /// Compares every network with every *other* one of the same population.
    public init(within predictions: [[Int32]], neighbours: [Int?] = []) {
        self.init(PredictionRates(within: predictions), neighbours: neighbours)
    }

    /// Means over what was compared.
    init(_ rates: PredictionRates, neighbours: [Int?]) {
        let rows = rates.rows
        let pairs = Double(rows.reduce(0) { $0 + $1.others })
        let known = zip(rows.indices, neighbours).compactMap { row, neighbour in
            neighbour.map { rates.rate(row, $0) }
        }
        self.init(
            mean: rows.reduce(0) { $0 + $1.sum } / pairs,
            nearest: rows.reduce(0) { $0 + $1.least } / Double(rows.count),
            withNeighbour: known.isEmpty ? nil : known.reduce(0, +) / Double(known.count))
    }
}
