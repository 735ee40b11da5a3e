import Networks
import Tensors

/// What a part of a minibatch comes to: its loss and its gradient, or sums of such.
public struct PartSum: Sendable {
    /// The loss.
    public let loss: Double
    /// The gradient, [D].
    public let gradient: Tensor

    /// Describes a part; traps unless the gradient is [D].
    public init(loss: Double, gradient: Tensor) {
        precondition(gradient.rank == 1, "PartSum: gradient \(gradient.shape)")
        self.loss = loss
        self.gradient = gradient
    }

    static func + (first: PartSum, second: PartSum) -> PartSum {
        PartSum(loss: first.loss + second.loss, gradient: first.gradient + second.gradient)
    }
}

/// The order in which the parts of a minibatch are summed: a binary tree over the parts, the same whoever computes them.
///
/// The sum of parts a ..< b is the sum of a ..< m plus that of m ..< b, m = (a + b) / 2 rounded down. Ranks have runs of
/// parts; subtrees that are of one rank are summed there, and only their sums are handed on.
struct PartTree: Sendable {
    /// Number of parts.
    let parts: Int
    /// Number of ranks that share them.
    let ranks: Int

    /// A subtree that one rank sums.
    struct Piece: Sendable, Equatable {
        let range: Range<Int>
        let rank: Int
    }

    /// The rank that computes a part; ranks beyond the parts have none.
    func rank(of part: Int) -> Int { part * min(ranks, parts) / parts }

    /// The largest subtrees that are of one rank, from the left.
    var pieces: [Piece] { pieces(of: 0..<parts) }

    private func pieces(of range: Range<Int>) -> [Piece] {
        let (first, last) = (rank(of: range.lowerBound), rank(of: range.upperBound - 1))
        guard first != last else { return [Piece(range: range, rank: first)] }
        let halves = Self.halves(range)
        return pieces(of: halves.0) + pieces(of: halves.1)
    }

    private static func halves(_ range: Range<Int>) -> (Range<Int>, Range<Int>) {
        let middle = (range.lowerBound + range.upperBound) / 2
        return (range.lowerBound..<middle, middle..<range.upperBound)
    }

    /// The sum of a subtree whose parts `part` computes, one after the other: at most one sum a level is held.
    static func sum(_ range: Range<Int>, _ part: (Int) -> PartSum) -> PartSum {
        guard range.count > 1 else { return part(range.lowerBound) }
        let halves = halves(range)
        return sum(halves.0, part) + sum(halves.1, part)
    }

    /// The sum of all parts from those of the pieces, in their order; traps unless there is one for each.
    func sum(_ sums: [PartSum]) -> PartSum {
        let pieces = pieces
        precondition(sums.count == pieces.count, "PartTree: \(sums.count) sums of \(pieces.count) pieces")
        func sum(_ range: Range<Int>) -> PartSum {
            if let place = pieces.firstIndex(where: { $0.range == range }) { return sums[place] }
            let halves = Self.halves(range)
            return sum(halves.0) + sum(halves.1)
        }
        return sum(0..<parts)
    }
}

/// The ranks that share the parts of minibatches with this one, rank 0, which alone keeps the state of the training.
public protocol PartHelpers: Sendable {
    /// How many ranks there are, this one included.
    var ranks: Int { get }
    /// Asks the others for their parts of a step at weights [D]; returns at once.
    func ask(step: Int, at parameters: Tensor) throws
    /// What they answered: by rank from 1, the sums of their pieces in order.
    func answers() throws -> [[PartSum]]
    /// Tells them that no more steps come.
    func dismiss() throws
}
