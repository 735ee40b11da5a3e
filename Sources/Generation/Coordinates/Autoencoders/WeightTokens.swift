import Networks
import Tensors

/// The weights of a network as tokens: one an output channel, its incoming weights, bias and norm one after the other.
///
/// Row o of a weight slot [out, ...] takes along element o of every vector slot [out] that follows it in the layout; a
/// vector that follows no such slot is a token of its own. Rows longer than `width` are cut into as many tokens as they
/// need; what is left of a token is padding. Every weight stands in exactly one place.
///
/// Source: Schürholt, Mahoney, Borth, Towards scalable and versatile weight space learning (SANE), 2024, as released.
struct WeightTokens: Sendable {
    /// T.
    let count: Int
    /// Places of a token, W.
    let width: Int
    /// D.
    let parameterCount: Int
    /// For each of T W places the index of its weight, or D for padding.
    let sources: [Int32]
    /// For each of D weights its place.
    let places: [Int32]

    /// Lays out the tokens; no wider than `maximumWidth` and the longest row. Traps unless that is positive and D is.
    init(_ layout: ParameterLayout, maximumWidth: Int) {
        precondition(
            maximumWidth > 0 && layout.count > 0, "tokens of \(maximumWidth) places for \(layout.count) weights")
        let rows = Self.rows(of: layout)
        let width = min(maximumWidth, rows.map(\.count).max() ?? 1)
        let padding = Int32(truncatingIfNeeded: layout.count)
        var sources: [Int32] = []
        for row in rows {
            sources += row
            sources += Array(repeating: padding, count: (width - row.count % width) % width)
        }
        var places = [Int32](repeating: 0, count: layout.count)
        for (place, source) in sources.enumerated() where source != padding {
            places[Int(source)] = Int32(truncatingIfNeeded: place)
        }
        (self.width, self.sources, self.places) = (width, sources, places)
        (count, parameterCount) = (sources.count / width, layout.count)
    }

    /// Weights [B, D] to tokens [B, T, W], zeros in padding.
    func callAsFunction(_ x: Tensor) -> Tensor {
        x.padded(axis: 1, before: 0, after: 1).gathered(axis: 1, sources).reshaped([x.shape[0], count, width])
    }

    /// Tokens [B, T, W] to weights [B, D]; padding is not looked at.
    func weights(of tokens: Tensor) -> Tensor {
        tokens.reshaped([tokens.shape[0], count * width]).gathered(axis: 1, places)
    }

    /// The indices of each channel's weights.
    private static func rows(of layout: ParameterLayout) -> [[Int32]] {
        var finished: [[Int32]] = [], open: [[Int32]] = []
        for slot in layout.slots {
            let isVector = slot.shape.count < 2
            let channels = isVector ? 1 : slot.shape[0]
            let each = slot.count / max(channels, 1)
            let indices = slot.range.map { Int32(truncatingIfNeeded: $0) }
            if isVector && slot.count == open.count {
                for channel in open.indices { open[channel].append(indices[channel]) }
                continue
            }
            let rows = (0..<channels).map { Array(indices[($0 * each)..<(($0 + 1) * each)]) }
            if isVector {
                finished += rows
            } else {
                finished += open
                open = rows
            }
        }
        return (finished + open).filter { !$0.isEmpty }
    }
}
