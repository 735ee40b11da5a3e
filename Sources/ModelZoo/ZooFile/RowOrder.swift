import Basics
import Networks

/// How the rows of a file lie where its layout has the architecture's tensors in another order: rows are read by the
/// file's layout and handed on in the architecture's.
struct RowOrder: Sendable, Equatable {
    /// For every slot the places in the file's row; nil where they are the same.
    private let weights: [Range<Int>]?
    /// The same of buffers.
    private let buffers: [Range<Int>]?

    /// Rows as they lie.
    static let same = RowOrder(weights: nil, buffers: nil)

    private init(weights: [Range<Int>]?, buffers: [Range<Int>]?) {
        (self.weights, self.buffers) = (weights, buffers)
    }

    /// The order of a file's layout, or nil where its tensors are not those of `layout`.
    init?(of stored: ParameterLayout, for layout: ParameterLayout) {
        guard let weights = Self.places(of: layout.slots, in: stored.slots),
            let buffers = Self.places(of: layout.buffers, in: stored.buffers)
        else { return nil }
        self.init(weights: weights, buffers: buffers)
    }

    private static func places(of slots: [Slot], in stored: [Slot]) -> [Range<Int>]? {
        guard slots.count == stored.count else { return nil }
        let byName = Dictionary(stored.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let found = slots.compactMap { slot in
            byName[slot.name].flatMap { $0.shape == slot.shape ? $0.range : nil }
        }
        return found.count == slots.count ? found : nil
    }

    /// Rows of weights, or of checkpoints, in the layout's order.
    func weights(_ rows: [Float]) -> [Float] { Self.ordered(rows, weights) }

    /// Rows of buffers in the layout's order.
    func buffers(_ rows: [Float]) -> [Float] { Self.ordered(rows, buffers) }

    private static func ordered(_ rows: [Float], _ places: [Range<Int>]?) -> [Float] {
        guard let places, let width = places.map(\.upperBound).max(), width > 0 else { return rows }
        var result: [Float] = []
        result.reserveCapacity(rows.count)
        for start in stride(from: 0, to: rows.count, by: width) {
            for place in places { result += rows[start + place.lowerBound..<start + place.upperBound] }
        }
        return result
    }
}
