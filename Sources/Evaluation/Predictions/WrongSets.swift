import Basics
import Networks
import Tensors

/// For each network of a population, the set of inputs that it classifies wrongly, as bits.
///
/// Two networks that fail on the same inputs are alike in what they do, whatever their weights look like.
public struct WrongSets: Sendable, Equatable {
    /// P, the number of networks.
    public let networkCount: Int
    /// n, the number of test inputs that a set is drawn from.
    public let inputCount: Int
    /// Number of wrong inputs of each network.
    public let wrongCounts: [Int]
    /// Whether a network gave an output that is not a number, to which no class belongs.
    private let isLost: [Bool]
    private let words: [UInt64]
    private let wordsPerNetwork: Int

    /// Compares predicted classes [P][n] with labels [n]; traps where the lengths differ.
    public init(predictions: [[Int32]], labels: [Int32]) {
        let width = (labels.count + 63) / 64
        var words = [UInt64](repeating: 0, count: predictions.count * width)
        var counts: [Int] = []
        for (network, classes) in predictions.enumerated() {
            precondition(
                classes.count == labels.count, "WrongSets: \(classes.count) predictions, \(labels.count) labels")
            var count = 0
            for input in labels.indices where classes[input] != labels[input] {
                words[network * width + input / 64] |= 1 << UInt64(input % 64)
                count += 1
            }
            counts.append(count)
        }
        self.words = words
        isLost = predictions.map { $0.contains(Classifier.noClass) }
        networkCount = predictions.count
        inputCount = labels.count
        wrongCounts = counts
        wordsPerNetwork = width
    }

    /// Share of inputs classified rightly by a network; NaN without inputs, and for a network with outputs that are not
    /// numbers.
    public func accuracy(of network: Int) -> Double {
        inputCount == 0 || isLost[network] ? .nan : Double(inputCount - wrongCounts[network]) / Double(inputCount)
    }

    /// |wrong_a and wrong_b| / |wrong_a or wrong_b| of network `a` here and network `b` of another population.
    ///
    /// 1 where both are perfect (they fail alike, on nothing). Traps where the inputs differ in number.
    public func iou(_ a: Int, _ b: Int, in other: WrongSets) -> Double {
        precondition(inputCount == other.inputCount, "iou: \(inputCount) and \(other.inputCount) inputs")
        var both = 0
        for word in 0..<wordsPerNetwork {
            both += (words[a * wordsPerNetwork + word] & other.words[b * wordsPerNetwork + word]).nonzeroBitCount
        }
        let either = wrongCounts[a] + other.wrongCounts[b] - both
        return either == 0 ? 1 : Double(both) / Double(either)
    }

    /// The same for two networks of this population.
    public func iou(_ a: Int, _ b: Int) -> Double { iou(a, b, in: self) }
}

/// How much the wrong sets of a population's networks overlap with those of the zoo.
public struct WrongSetOverlap: Sendable, Equatable, Codable {
    /// Mean intersection over union, over all pairs of a network and a zoo network.
    @OrNull public private(set) var mean: Double
    /// Mean over networks of the largest intersection over union with any zoo network.
    @OrNull public private(set) var meanOfMax: Double

    private enum CodingKeys: String, CodingKey {
        case mean
        case meanOfMax = "max_mean"
    }

    /// Takes numbers that were measured elsewhere.
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
