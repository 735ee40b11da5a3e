/// The increasing function that is nearest to points by least squares, from their violators pooled (PAVA).
///
/// Points of equal x are one point of their weighted mean. Between knots it is linear, beyond the outermost constant.
///
/// Source: scikit-learn's `IsotonicRegression(out_of_bounds="clip")`, whose values it has.
public struct IsotonicRegression: Sendable, Equatable {
    /// Where the knots are, increasing.
    public let x: [Double]
    /// The values there, never decreasing.
    public let y: [Double]

    /// Fits points with weights, 1 each unless given. Traps on none, and unless x is finite and weights are positive.
    public init(x: [Double], y: [Double], weights: [Double]? = nil) {
        let weights = weights ?? Array(repeating: 1, count: x.count)
        precondition(
            !x.isEmpty && x.count == y.count && weights.count == x.count && x.allSatisfy(\.isFinite)
                && weights.allSatisfy { $0 > 0 },
            "isotonic regression: \(x.count) places, \(y.count) values, \(weights.count) weights")
        var blocks: [Block] = []
        for point in Self.merged(x, y, weights) {
            blocks.append(point)
            while blocks.count > 1, blocks[blocks.count - 2].mean >= blocks[blocks.count - 1].mean {
                let last = blocks.removeLast()
                blocks[blocks.count - 1].absorb(last)
            }
        }
        let knots = blocks.flatMap { block in
            (block.first == block.last ? [block.first] : [block.first, block.last]).map { ($0, block.mean) }
        }
        (self.x, self.y) = (knots.map(\.0), knots.map(\.1))
    }

    /// The value at `place`.
    public func callAsFunction(_ place: Double) -> Double {
        // The first knot beyond the place, by halving.
        var (low, high) = (0, x.count)
        while low < high {
            let middle = (low + high) / 2
            if x[middle] <= place { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return y[0] }
        guard low < x.count else { return y[x.count - 1] }
        return y[low - 1] + (y[low] - y[low - 1]) * (place - x[low - 1]) / (x[low] - x[low - 1])
    }

    /// Neighbouring points with one value.
    private struct Block {
        let first: Double
        var (last, mean, weight): (Double, Double, Double)

        mutating func absorb(_ next: Block) {
            let total = weight + next.weight
            (last, mean, weight) = (next.last, (mean * weight + next.mean * next.weight) / total, total)
        }
    }

    private static func merged(_ x: [Double], _ y: [Double], _ weights: [Double]) -> [Block] {
        var points: [Block] = []
        for place in x.indices.sorted(by: { (x[$0], $0) < (x[$1], $1) }) {
            let point = Block(first: x[place], last: x[place], mean: y[place], weight: weights[place])
            if points.last?.first == x[place] {
                points[points.count - 1].absorb(point)
            } else {
                points.append(point)
            }
        }
        return points
    }
}
