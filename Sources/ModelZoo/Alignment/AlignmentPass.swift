import Basics
import Networks
import Synchronization
import Tensors

/// Aligns a zoo to one reference network block after block, and keeps the account of what it did.
package struct AlignmentPass {
    /// Networks of a block, matched side by side; results do not depend on it.
    package static let blockCount = 8

    private let matching: WeightMatching
    private let reference: Int
    private var (networks, sweeps, unfinished) = (0, 0, 0)
    private var (before, after) = (0.0, 0.0)

    /// Prepares matching to `row` [D], network `reference` of its zoo. Throws `DataError` for numbers that are not
    /// finite.
    package init(reference: Int, row: [Float], layout: ParameterLayout, sweeps: Int) throws {
        self.reference = reference
        matching = try WeightMatching(
            reference: row, layout: layout, options: .init(maximumSweeps: sweeps), product: .blas)
    }

    /// What the blocks so far came to.
    package var facts: Aligner.Facts {
        Aligner.Facts(
            reference: reference, networks: networks, sweeps: sweeps, unfinished: unfinished,
            distanceBefore: before / Double(max(networks, 1)), distanceAfter: after / Double(max(networks, 1)))
    }

    /// The networks of a block, the first of which is network `first` of the zoo at `path`, aligned; buffers and
    /// checkpoints follow their network's units. Throws `DataError` for rows that are not finite.
    package mutating func align(_ block: Zoo, startingAt first: Int, path: String) throws -> Zoo {
        let layout = block.layout
        let results = try matched(block, first, path)
        var weights: [Float] = []
        weights.reserveCapacity(block.weights.count)
        for (index, result) in results.enumerated() {
            let row = Array(block.row(index))
            let aligned = result.element.apply(to: row, layout: layout)
            before += Self.distance(row, matching.reference)
            after += Self.distance(aligned, matching.reference)
            weights += aligned
            sweeps = max(sweeps, result.sweeps)
            unfinished += result.converged ? 0 : 1
        }
        networks += block.count
        let elements = results.map(\.element)
        let buffers = block.buffers.map {
            Self.each($0, layout.bufferCount, elements, per: 1) { $0.apply(toBuffers: $1, layout: layout) }
        }
        return Zoo(
            header: block.header, weights: weights, buffers: buffers,
            columns: block.columns, trajectory: block.trajectory.map { Self.moved($0, elements, layout) })
    }

    /// Alignments of the block's networks, side by side on all cores.
    private func matched(_ block: Zoo, _ first: Int, _ path: String) throws -> [Alignment] {
        let found = Mutex<[Int: Result<Alignment, any Error>]>([:])
        parallelFor(block.count) { index in
            let result = Result {
                try matching.align(Array(block.row(index)), path: "\(path), network \(first + index)")
            }
            found.withLock { $0[index] = result }
        }
        return try (0..<block.count).compactMap { index in try found.withLock { $0[index] }?.get() }
    }

    /// The checkpoints with each network's own symmetry applied to all of them.
    private static func moved(
        _ trajectory: ZooTrajectory, _ elements: [SymmetryElement], _ layout: ParameterLayout
    ) -> ZooTrajectory {
        let places = trajectory.checkpoints
        return ZooTrajectory(
            checkpoints: places, steps: trajectory.steps,
            weights: each(trajectory.weights, layout.count, elements, per: places) { $0.apply(to: $1, layout: layout) },
            buffers: trajectory.buffers.map {
                each($0, layout.bufferCount, elements, per: places) { $0.apply(toBuffers: $1, layout: layout) }
            })
    }

    /// Rows of `width`, `per` of them a network, each changed by its network's element.
    private static func each(
        _ values: [Float], _ width: Int, _ elements: [SymmetryElement], per: Int,
        _ change: (SymmetryElement, [Float]) -> [Float]
    ) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(values.count)
        for (network, element) in elements.enumerated() {
            for place in network * per..<(network + 1) * per {
                result += change(element, Array(values[place * width..<(place + 1) * width]))
            }
        }
        return result
    }

    private static func distance(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }.squareRoot()
    }
}
