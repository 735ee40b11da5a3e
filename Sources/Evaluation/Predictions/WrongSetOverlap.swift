import Tensors
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
        self.init(networks, zoo, isWithin: false)
    }

    /// Compares every network with every *other* one: a network's overlap with itself, always 1, stays out.
    public init(within networks: WrongSets) {
        self.init(networks, networks, isWithin: true)
    }

    private init(_ networks: WrongSets, _ zoo: WrongSets, isWithin: Bool) {
        var rows = [(sum: Double, largest: Double, others: Int)](repeating: (0, .nan, 0), count: networks.networkCount)
        rows.withUnsafeMutableBufferPointer { rows in
            parallelFor(rows.count) { index in
                var row = (sum: 0.0, largest: Double.nan, others: 0)
                for other in 0..<zoo.networkCount where !(isWithin && other == index) {
                    let overlap = networks.iou(index, other, in: zoo)
                    row.sum += overlap
                    row.largest = row.others == 0 ? overlap : max(row.largest, overlap)
                    row.others += 1
                }
                rows[index] = row
            }
        }
        self.init(
            mean: rows.reduce(0) { $0 + $1.sum } / Double(rows.reduce(0) { $0 + $1.others }),
            meanOfMax: rows.reduce(0) { $0 + $1.largest } / Double(rows.count))
    }
}
