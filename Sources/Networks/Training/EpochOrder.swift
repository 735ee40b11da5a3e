import Tensors

/// Row indices of minibatches: every epoch a new random order of all rows, minibatches running across its end.
///
/// The order of epoch e is a pure function of (seed, purpose, e).
public struct EpochOrder: Sendable {
    private let count: Int
    private let seed: UInt64
    private let purpose: String
    private var position: Int
    private var epoch = -1
    private var order: [Int] = []

    /// Orders `count` rows, starting after the first `position` indices. Traps unless count > 0.
    public init(count: Int, seed: UInt64, purpose: String, position: Int = 0) {
        precondition(count > 0, "epoch order: no rows")
        self.count = count
        self.seed = seed
        self.purpose = purpose
        self.position = position
    }

    /// The next `batch` row indices.
    public mutating func next(_ batch: Int) -> [Int32] {
        (0..<batch).map { _ in
            if position / count != epoch {
                epoch = position / count
                var stream = RandomStream(seed: seed, purpose: purpose, index: UInt64(epoch))
                order = stream.permutation(count)
            }
            defer { position += 1 }
            return Int32(truncatingIfNeeded: order[position % count])
        }
    }
}
