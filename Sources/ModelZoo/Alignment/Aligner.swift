import Basics
import Networks
import Tensors

/// Permutes the hidden units of a zoo's networks to match a reference network, and checks that nothing else changed.
public struct Aligner {
    /// What alignment did to a zoo.
    public struct Facts: Codable, Sendable, Equatable {
        /// Row of the reference network.
        public var reference: Int
        /// How many networks were aligned.
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

    /// Prepares weight matching with so many sweeps a network at most.
    public init(sweeps: Int = 100) { self.sweeps = sweeps }

    /// The zoo with every network aligned to row `reference`, its buffers and checkpoints too. Throws `DataError` for
    /// rows that are not finite; `path` is the zoo's, for messages.
    public func align(
        _ zoo: Zoo, reference: Int, path: String, progress: WorkProgress = .none
    ) throws -> (zoo: Zoo, facts: Facts) {
        var pass = try AlignmentPass(
            reference: reference, row: Array(zoo.row(reference)), layout: zoo.layout, sweeps: sweeps)
        var weights: [Float] = [], buffers: [Float] = [], checkpoints: [Float] = [], checkpointBuffers: [Float] = []
        weights.reserveCapacity(zoo.weights.count)
        for start in stride(from: 0, to: zoo.count, by: AlignmentPass.blockCount) {
            let range = start..<min(zoo.count, start + AlignmentPass.blockCount)
            let block = try pass.align(zoo.select(rows: Array(range)), startingAt: start, path: path)
            weights += block.weights
            buffers += block.buffers ?? []
            checkpoints += block.trajectory?.weights ?? []
            checkpointBuffers += block.trajectory?.buffers ?? []
            try progress.report(range.upperBound, of: zoo.count)
        }
        let trajectory = zoo.trajectory.map {
            ZooTrajectory(
                checkpoints: $0.checkpoints, steps: $0.steps, weights: checkpoints,
                buffers: $0.buffers == nil ? nil : checkpointBuffers)
        }
        let aligned = Zoo(
            header: zoo.header, weights: weights, buffers: zoo.buffers == nil ? nil : buffers, columns: zoo.columns,
            trajectory: trajectory)
        return (aligned, pass.facts)
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
                let buffers = part.bufferTensor().map { Buffers(layout: network.layout, flat: $0) }
                return network(Parameters(layout: network.layout, flat: part.population()), inputs, buffers)
            }
            worst.0 = max(worst.0, (outputs[0] - outputs[1]).abs().reshaped([1, -1]).maxLast().scalar)
            worst.1 = max(worst.1, outputs[0].abs().reshaped([1, -1]).maxLast().scalar)
        }
        return worst
    }
}
