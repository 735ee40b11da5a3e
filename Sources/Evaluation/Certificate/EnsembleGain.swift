import Basics
import Tensors

/// What networks are worth together: the accuracy of a vote, and of averaged probabilities, of a few of them drawn at
/// random, beside as many fresh ones.
///
/// Networks of one mistake gain nothing by a vote. Each draw takes `size` different networks by a stream of its own;
/// ties of a vote go to the lowest class. A network with outputs that are not numbers has no vote and no probability
/// to add.
public struct EnsembleGain: Sendable, Equatable {
    /// Networks of one draw where there are that many.
    public static let usualSize = 10
    /// Draws of each population.
    public static let usualDraws = 100

    /// The accuracies of one population.
    public struct Side: Sendable, Equatable, Codable {
        /// Networks to draw from.
        public var count: Int
        /// Single networks.
        public var single: SampleStatistics
        /// The most frequent class, over draws.
        public var vote: SampleStatistics
        /// The class of the largest mean probability, over draws.
        public var average: SampleStatistics

        private enum CodingKeys: String, CodingKey {
            case count = "n"
            case single, vote, average
        }
    }

    /// Networks of one draw.
    public var size: Int
    /// The key of the draws.
    public var seed: UInt64
    /// The ensemble's own.
    public var own: Side
    /// The fresh networks'.
    public var fresh: Side

    /// How much better the ensemble's vote is than its single networks, in accuracy.
    public var gain: Double { own.vote.mean - own.single.mean }
    /// The same of the fresh networks.
    public var freshGain: Double { fresh.vote.mean - fresh.single.mean }

    /// Draws from both; nil where one has fewer than two networks. Traps where the numbers of inputs differ.
    public init?(
        _ own: EnsembleOutputs, fresh: EnsembleOutputs, labels: [Int32], draws: Int = usualDraws, seed: UInt64 = 0
    ) {
        size = min(Self.usualSize, own.count, fresh.count)
        guard size > 1 else { return nil }
        self.seed = seed
        self.own = own.accuracies(labels: labels, size: size, draws: draws, seed: seed)
        self.fresh = fresh.accuracies(labels: labels, size: size, draws: draws, seed: seed)
    }
}

/// What the networks of a population say of every input: probabilities of C classes, [P, n, C].
public struct EnsembleOutputs: Sendable {
    /// P, the number of networks.
    public let count: Int
    /// C, the number of classes.
    public let classes: Int
    /// n, the number of inputs.
    let inputs: Int
    private let probabilities: [Float]

    /// Takes probabilities [P, n, C], row after row; traps where they are not that many.
    public init(_ probabilities: [Float], count: Int, classes: Int) {
        precondition(
            count > 0 && classes > 0 && probabilities.count % (count * classes) == 0,
            "EnsembleOutputs: \(probabilities.count) probabilities of \(count) networks and \(classes) classes")
        (self.probabilities, self.count, self.classes) = (probabilities, count, classes)
        inputs = probabilities.count / (count * classes)
    }

    /// Accuracies of single networks, and over draws of `size` of them.
    func accuracies(labels: [Int32], size: Int, draws: Int, seed: UInt64) -> EnsembleGain.Side {
        precondition(labels.count == inputs, "EnsembleOutputs: \(labels.count) labels for \(inputs) inputs")
        // All draws of all networks are one draw.
        let draws = size == count ? 1 : draws
        let votes = (0..<count).map { predictions(of: $0) }
        var rates = [(vote: Double, average: Double)](repeating: (0, 0), count: draws)
        rates.withUnsafeMutableBufferPointer { rates in
            parallelFor(draws) { draw in
                var stream = RandomStream(seed: seed, purpose: "certificate.gain", index: UInt64(draw))
                let members = stream.permutation(count).prefix(size)
                rates[draw] = rate(of: members, votes, labels)
            }
        }
        return EnsembleGain.Side(
            count: count,
            single: SampleStatistics(votes.map { Self.share($0, labels) }),
            vote: SampleStatistics(rates.map(\.vote)), average: SampleStatistics(rates.map(\.average)))
    }

    /// The share of inputs whose label has the largest mean probability over all networks; traps unless every input has a
    /// label.
    public func averageAccuracy(labels: [Int32]) -> Double {
        accuracies(labels: labels, size: count, draws: 1, seed: 0).average.mean
    }

    /// The class of every input by one network; -1 where an output is not a number.
    private func predictions(of network: Int) -> [Int32] {
        (0..<inputs).map { input in
            let row = row(network, input)
            guard row.allSatisfy(\.isFinite), let largest = row.max() else { return -1 }
            return Int32((row.firstIndex(of: largest) ?? row.startIndex) - row.startIndex)
        }
    }

    private func row(_ network: Int, _ input: Int) -> ArraySlice<Float> {
        let start = (network * inputs + input) * classes
        return probabilities[start..<start + classes]
    }

    private func rate(
        of members: ArraySlice<Int>, _ votes: [[Int32]], _ labels: [Int32]
    ) -> (vote: Double, average: Double) {
        var right = (vote: 0, average: 0)
        for input in 0..<inputs {
            var (counts, sums) = ([Int](repeating: 0, count: classes), [Double](repeating: 0, count: classes))
            for member in members where votes[member][input] >= 0 {
                counts[Int(votes[member][input])] += 1
                for (index, value) in row(member, input).enumerated() { sums[index] += Double(value) }
            }
            let label = Int(labels[input])
            if Self.largest(counts) == label { right.vote += 1 }
            if Self.largest(sums) == label { right.average += 1 }
        }
        let total = Double(max(inputs, 1))
        return (Double(right.vote) / total, Double(right.average) / total)
    }

    /// The first place of the largest number; nil where all are zero.
    private static func largest<Number: Comparable & Numeric>(_ values: [Number]) -> Int? {
        values.max().flatMap { largest in largest > .zero ? values.firstIndex(of: largest) : nil }
    }

    private static func share(_ predictions: [Int32], _ labels: [Int32]) -> Double {
        let right = zip(predictions, labels).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
        return Double(right) / Double(max(labels.count, 1))
    }
}

extension EnsembleGain: Codable {
    private enum CodingKeys: String, CodingKey { case size, seed, own, fresh }
}
