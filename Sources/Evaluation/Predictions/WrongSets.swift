/// For each network of a population, the set of inputs that it classifies wrongly, as bits.
///
/// Two networks that fail on the same inputs are alike in what they do, whatever their weights look like.
public struct WrongSets: Sendable, Equatable {
    /// P, the number of networks.
    public let networkCount: Int
    /// Number of inputs.
    public let inputCount: Int
    /// Number of wrong inputs of each network.
    public let wrongCounts: [Int]
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
        networkCount = predictions.count
        inputCount = labels.count
        wrongCounts = counts
        wordsPerNetwork = width
    }

    /// Share of inputs classified rightly by a network; NaN without inputs.
    public func accuracy(of network: Int) -> Double {
        inputCount == 0 ? .nan : Double(inputCount - wrongCounts[network]) / Double(inputCount)
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
