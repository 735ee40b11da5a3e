import ModelZoo
import Networks
import Synchronization
import Tensors

/// Permutes the hidden units of a zoo's networks to match a reference network, and checks that nothing else changed.
public struct Aligner {
    /// What alignment did to a zoo.
    public struct Facts: Codable, Sendable, Equatable {
        /// Row of the reference network.
        public var reference: Int
        /// Networks aligned.
        public var networks: Int
        /// Most sweeps that one network took.
        public var sweeps: Int
        /// Networks whose search ended at the cap on sweeps.
        public var unfinished: Int
        /// Mean L2 distance to the reference before.
        public var distanceBefore: Double
        /// Mean L2 distance to the reference after.
        public var distanceAfter: Double
        /// Largest difference of any logit of any network on data, before and after; nil where no data was at hand.
        public var largestLogitDifference: Double?
        /// Largest magnitude of those logits.
        public var largestLogit: Double?
    }

    /// Cap on sweeps over the symmetry groups.
    public var sweeps: Int

    /// Prepares weight matching.
    public init(sweeps: Int = 100) { self.sweeps = sweeps }

    /// The zoo with every network aligned to row `reference`. Throws `DataError` for rows that are not finite; `path` is
    /// the zoo's, for messages.
    public func align(
        _ zoo: Zoo, reference: Int, path: String, progress: (Int, Int) throws -> Void = { _, _ in }
    ) throws -> (zoo: Zoo, facts: Facts) {
        let target = Array(zoo.row(reference))
        let matching = try WeightMatching(
            reference: target, layout: zoo.layout, options: .init(maximumSweeps: sweeps), product: .blas)
        let width = zoo.layout.bufferCount
        var rows: [[Float]] = [], results: [Alignment] = [], buffers: [Float] = []
        var (before, after) = (0.0, 0.0)
        for start in stride(from: 0, to: zoo.count, by: 8) {
            let range = start..<min(zoo.count, start + 8)
            for (index, result) in zip(range, try Self.matched(zoo, range, matching, path)) {
                let row = Array(zoo.row(index))
                let aligned = result.element.apply(to: row, layout: zoo.layout)
                before += Self.distance(row, target)
                after += Self.distance(aligned, target)
                rows.append(aligned)
                if let own = zoo.buffers?[(index * width)..<((index + 1) * width)] {
                    buffers += result.element.apply(toBuffers: Array(own), layout: zoo.layout)
                }
                results.append(result)
            }
            try progress(range.upperBound, zoo.count)
        }
        let facts = Facts(
            reference: reference, networks: zoo.count, sweeps: results.map(\.sweeps).max() ?? 0,
            unfinished: results.count { !$0.converged }, distanceBefore: before / Double(zoo.count),
            distanceAfter: after / Double(zoo.count))
        let aligned = Zoo(
            header: zoo.header, weights: Array(rows.joined()), buffers: zoo.buffers == nil ? nil : buffers,
            columns: zoo.columns)
        return (aligned, facts)
    }

    /// Alignments of some networks, side by side on all cores.
    private static func matched(
        _ zoo: Zoo, _ range: Range<Int>, _ matching: WeightMatching, _ path: String
    ) throws -> [Alignment] {
        let found = Mutex<[Int: Result<Alignment, any Error>]>([:])
        parallelFor(range.count) { item in
            let index = range.lowerBound + item
            let result = Result { try matching.align(Array(zoo.row(index)), path: "\(path), network \(index)") }
            found.withLock { $0[index] = result }
        }
        return try range.compactMap { index in try found.withLock { $0[index] }?.get() }
    }

    private static func distance(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }.squareRoot()
    }

    /// The largest difference of any logit between two versions of a population, and the largest logit.
    ///
    /// - inputs: [n, features]. Traps where networks with buffers come without.
    public static func largestLogitDifference(
        _ network: any Network, before: Zoo, after: Zoo, inputs: Tensor
    ) -> (difference: Double, largest: Double) {
        var worst = (0.0, 0.0)
        for start in stride(from: 0, to: before.count, by: 10) {
            let range = start..<min(before.count, start + 10)
            let outputs = [before, after].map { zoo in
                let part = zoo.select(rows: Array(range))
                let buffers = part.bufferTensor.map { Buffers(layout: network.layout, flat: $0) }
                return network(Parameters(layout: network.layout, flat: part.population()), inputs, buffers)
            }
            worst.0 = max(worst.0, (outputs[0] - outputs[1]).abs().reshaped([1, -1]).maxLast().scalar)
            worst.1 = max(worst.1, outputs[0].abs().reshaped([1, -1]).maxLast().scalar)
        }
        return worst
    }
}
