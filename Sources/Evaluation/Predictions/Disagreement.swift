import Basics
import Tensors

/// On what share of inputs a population's networks predict another class than zoo networks do.
public struct Disagreement: Sendable, Equatable, Codable {
    /// Mean over all pairs of a network and a zoo network.
    @OrNull public private(set) var mean: Double
    /// Mean over networks of the smallest disagreement with any zoo network: the nearest in what they do.
    @OrNull public private(set) var nearest: Double
    /// Mean disagreement with the zoo network that is nearest in weights; nil where none is known.
    @OrNull public private(set) var withNeighbour: Double?
    /// Mean disagreement with the zoo network that is nearest by what units contribute; nil where none is known.
    @OrNull public private(set) var withContributor: Double?

    private enum CodingKeys: String, CodingKey {
        case mean, nearest
        case withNeighbour = "with_neighbour"
        case withContributor = "with_contributor"
    }

    /// Takes numbers that were measured elsewhere.
    public init(mean: Double, nearest: Double, withNeighbour: Double? = nil, withContributor: Double? = nil) {
        self.mean = mean
        self.nearest = nearest
        self.withNeighbour = withNeighbour
        self.withContributor = withContributor
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
    init(_ rates: PredictionRates, neighbours: [Int?], contributors: [Int?] = []) {
        let rows = rates.rows
        let pairs = Double(rows.reduce(0) { $0 + $1.others })
        func mean(with others: [Int?]) -> Double? {
            let known = zip(rows.indices, others).compactMap { row, other in other.map { rates.rate(row, $0) } }
            return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
        }
        self.init(
            mean: rows.reduce(0) { $0 + $1.sum } / pairs,
            nearest: rows.reduce(0) { $0 + $1.least } / Double(rows.count),
            withNeighbour: mean(with: neighbours), withContributor: mean(with: contributors))
    }
}

/// How often each network of a population predicts otherwise than each network of a zoo, row by row.
///
/// Of the P N rates only a summary of every row is kept; a single rate is counted again where it is asked for.
struct PredictionRates: Sendable {
    /// A network beside all others.
    struct Row: Sendable {
        /// Sum of the shares of inputs on which it differs from each of the others.
        var sum = 0.0
        /// The smallest of these shares; NaN where there are no others.
        var least = Double.nan
        /// The first of the others at the smallest share.
        var nearest: Int?
        /// Number of others.
        var others = 0
    }

    /// One row a network.
    let rows: [Row]
    private let predictions: [[Int32]]
    private let zoo: [[Int32]]

    /// Compares predictions [P][n] with the zoo's [N][n]. Traps where the numbers of inputs differ.
    init(_ predictions: [[Int32]], zoo: [[Int32]]) {
        self.init(predictions, zoo, isWithin: false)
    }

    /// Compares every network with every other one of the same population.
    init(within predictions: [[Int32]]) {
        self.init(predictions, predictions, isWithin: true)
    }

    private init(_ predictions: [[Int32]], _ zoo: [[Int32]], isWithin: Bool) {
        self.predictions = predictions
        self.zoo = zoo
        var rows = [Row](repeating: Row(), count: predictions.count)
        rows.withUnsafeMutableBufferPointer { rows in
            parallelFor(predictions.count) { index in
                var row = Row()
                for other in zoo.indices where !(isWithin && other == index) {
                    let rate = Self.rate(predictions[index], zoo[other])
                    row.sum += rate
                    row.others += 1
                    if row.nearest == nil || rate < row.least { (row.least, row.nearest) = (rate, other) }
                }
                rows[index] = row
            }
        }
        self.rows = rows
    }

    /// For each network the one that predicts most like it, as a list of one or none: pairs worth matching in weights.
    var hints: [[Int]] { rows.map { $0.nearest.map { [$0] } ?? [] } }

    /// The same with one more network each, where one is known.
    func hints(and others: [Int?]) -> [[Int]] {
        hints.enumerated().map { row, hints in hints + (row < others.count ? others[row].map { [$0] } ?? [] : []) }
    }

    /// The share of inputs on which network `row` differs from zoo network `column`.
    func rate(_ row: Int, _ column: Int) -> Double { Self.rate(predictions[row], zoo[column]) }

    private static func rate(_ a: [Int32], _ b: [Int32]) -> Double {
        precondition(a.count == b.count, "Disagreement: \(a.count) and \(b.count) predictions")
        let different = a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { differences($0, a) } }
        return Double(different) / Double(a.count)
    }

    /// Number of places in which two lists of one length differ, sixteen at a time.
    private static func differences(_ a: UnsafeBufferPointer<Int32>, _ b: UnsafeBufferPointer<Int32>) -> Int {
        let (left, right) = (UnsafeRawBufferPointer(a), UnsafeRawBufferPointer(b))
        let size = MemoryLayout<SIMD16<Int32>>.size
        let whole = left.count / size * size
        var counts = SIMD16<Int32>()
        for place in stride(from: 0, to: whole, by: size) {
            let (x, y) = (
                left.loadUnaligned(fromByteOffset: place, as: SIMD16<Int32>.self),
                right.loadUnaligned(fromByteOffset: place, as: SIMD16<Int32>.self)
            )
            counts = counts.replacing(with: counts &+ 1, where: x .!= y)
        }
        var sum = Int(counts.wrappedSum())
        for input in whole / MemoryLayout<Int32>.size..<a.count { sum += a[input] == b[input] ? 0 : 1 }
        return sum
    }
}
