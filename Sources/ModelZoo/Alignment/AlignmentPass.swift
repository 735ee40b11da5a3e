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

    /// The networks of a block, the first of which is network `first` of the zoo at `path`, aligned and counted; buffers
    /// and checkpoints follow their network's units. Throws `DataError` for rows that are not finite.
    package mutating func align(_ block: Zoo, startingAt first: Int, path: String) throws -> Zoo {
        let (aligned, matches) = try aligned(block, startingAt: first, path: path)
        count(matches)
        return aligned
    }

    /// The same without counting them, beside what was found for each; any process may do so for any block.
    package func aligned(
        _ block: Zoo, startingAt first: Int, path: String
    ) throws -> (zoo: Zoo, matches: [AlignmentMatch]) {
        let results = try matched(block, first, path)
        let aligned = block.moved(by: results.map(\.element))
        let matches = results.enumerated().map { index, result in
            AlignmentMatch(
                element: result.element, sweeps: result.sweeps, converged: result.converged,
                before: Self.distance(Array(block.row(index)), matching.reference),
                after: Self.distance(Array(aligned.row(index)), matching.reference))
        }
        return (aligned, matches)
    }

    /// Counts what was found for networks. Distances are summed in the order of the calls: that of the zoo.
    package mutating func count(_ matches: [AlignmentMatch]) {
        for match in matches {
            before += match.before
            after += match.after
            sweeps = max(sweeps, match.sweeps)
            unfinished += match.converged ? 0 : 1
        }
        networks += matches.count
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

    private static func distance(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }.squareRoot()
    }
}
