/// How much the wrong sets of a population's networks overlap with those of the zoo.
public struct WrongSetOverlap: Sendable, Equatable {
    /// Mean intersection over union, over all pairs of a network and a zoo network.
    public let mean: Double
    /// Mean over networks of the largest intersection over union with any zoo network.
    public let meanOfMax: Double

    /// Takes both numbers.
    public init(mean: Double, meanOfMax: Double) {
        self.mean = mean
        self.meanOfMax = meanOfMax
    }

    /// Compares every network with every zoo network; NaN where there is no pair.
    public init(_ networks: WrongSets, zoo: WrongSets) {
        self.init(rows: networks.networkCount) { row in
            (0..<zoo.networkCount).map { networks.iou(row, $0, in: zoo) }
        }
    }

    /// Compares every network with every *other* one: a network's overlap with itself, always 1, stays out.
    public init(within networks: WrongSets) {
        self.init(rows: networks.networkCount) { row in
            (0..<networks.networkCount).filter { $0 != row }.map { networks.iou(row, $0) }
        }
    }

    private init(rows: Int, _ overlaps: (Int) -> [Double]) {
        var (sums, largest, pairs) = (0.0, 0.0, 0)
        for row in 0..<rows {
            let values = overlaps(row)
            sums += values.reduce(0, +)
            largest += values.max() ?? .nan
            pairs += values.count
        }
        self.init(mean: sums / Double(pairs), meanOfMax: largest / Double(rows))
    }
}
