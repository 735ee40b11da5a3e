import Networks
import Tensors

/// What the units of networks contribute on common inputs: the form in which networks are compared as functions.
///
/// A unit u of a layer has a signal a_u(x), its activation about the mean over rows, and outgoing weights v_u. The
/// squared distance of two networks is
///
///     d^2 = sum over layers, min over matchings p, sum over units u: E_x |v_u a_u(x) - v'_p(u) a'_p(u)(x)|^2 + |m - m'|^2
///
/// with m the mean logits. Every network has its own signals, so that inputs that never change, units that are never on,
/// and scales and signs of units vanish without a special case. A layer is a symmetry group of the layout; one that several
/// slots read (a residual stream) is the sum over them, each with the signal that it reads.
///
/// - **Last layer** (a slot whose rows are the classes): v_u itself, less its mean over classes, since classes do not
///   depend on what is added to all logits.
/// - **Inner layers.** v_u counts units of the next layer, in that network's own order and scales. In its place stands one
///   number: r_u^2, the share of what the next layer's units pass on that comes through u, with
///   r_u^2 = sum_w R_w^2 (W_wu^2 var a_u) / (sum_k W_wk^2 var a_k) over readers w, R_w^2 what w's own readers get. The cost
///   is E|r_u a_u / sd - r'_u' a'_u' / sd'|^2. It does not depend on the next layer's order, scales, norms or dead units,
///   needs no matching of another layer, and where W and W' are both known up to symmetry it is a lower bound in their
///   directions: it errs towards less novelty. What becomes of the signals is compared again in the next layer.
/// - **Constants.** Signals are taken about their means, since what a constant unit adds is a bias; all biases together are
///   in the mean logits, compared once.
/// - **Maps.** Of a channel's map, tokens, or a unit's block of columns four places a row are looked at, the same for
///   all networks; means and variances are over all.
/// - **Networks without hidden units** are compared by their logits.
public struct Contributions: Sendable {
    /// One layer's units.
    struct Layer: Sendable {
        /// Number of units.
        let size: Int
        /// Whether a unit's signal may be flipped.
        let isSigned: Bool
        /// Whose products add up to the units' products.
        var factors: [Factor]
        /// E|v_u a_u|^2, [P, size].
        var norms: [Float]
    }

    /// Vectors of the units: contributions are `outer` times `signal`, or `signal` alone.
    struct Factor: Sendable {
        /// [P, size, width].
        var signal: [Float]
        let width: Int
        /// [P, size, outerWidth], or empty.
        var outer: [Float]
        let outerWidth: Int
        /// Whether a flipped unit's signal is this one with the other sign.
        let isFlippable: Bool

        init(count: Int, size: Int, width: Int, outerWidth: Int = 0, isFlippable: Bool) {
            signal = Array(repeating: 0, count: count * size * width)
            outer = Array(repeating: 0, count: count * size * outerWidth)
            (self.width, self.outerWidth, self.isFlippable) = (width, outerWidth, isFlippable)
        }
    }

    /// P, the number of networks.
    public internal(set) var count: Int
    var layers: [Layer]
    /// Mean logits less their mean over classes, [P, classes].
    var means: [Float]
    let classes: Int
    /// Networks whose contributions are all finite; others have no distance.
    var isUsable: [Bool]

    /// Some of the networks, in this order and as often as they are named.
    func selecting(_ rows: [Int]) -> Contributions {
        func chosen(_ values: [Float]) -> [Float] {
            let width = values.count / max(count, 1)
            return rows.flatMap { values[($0 * width)..<(($0 + 1) * width)] }
        }
        var result = self
        result.count = rows.count
        result.means = chosen(means)
        result.isUsable = rows.map { isUsable[$0] }
        for layer in layers.indices {
            result.layers[layer].norms = chosen(layers[layer].norms)
            for factor in layers[layer].factors.indices {
                result.layers[layer].factors[factor].signal = chosen(layers[layer].factors[factor].signal)
                result.layers[layer].factors[factor].outer = chosen(layers[layer].factors[factor].outer)
            }
        }
        return result
    }
}

/// Measures what units contribute on rows that all networks are given: training rows, never those that networks are judged
/// on.
public struct ContributionMeasure: Sendable {
    /// Training rows that are looked at where there are as many: spread evenly over all.
    public static let rowCount = 256
    /// Fewer are taken where a zoo would need more than `memory` numbers, but never less than this.
    static let leastRows = 32
    /// Numbers that a zoo's signals may take: 640 MB.
    static let memory = 160_000_000
    /// Places of a map that are looked at in a row.
    static let placesPerRow = 4

    let network: any Network
    let inputs: Tensor
    let plan: ContributionPlan

    /// Prepares to measure networks beside a zoo of `zooCount`; nil where there are fewer than two rows.
    ///
    /// - inputs: training rows, [n, features].
    public init?(_ network: any Network, inputs: Tensor, zooCount: Int) {
        let available = inputs.shape[0]
        guard available >= 2 else { return nil }
        let plan = ContributionPlan(layout: network.layout)
        let perRow = plan.readers.reduce(0) { $0 + $1.size * Self.width($1) }
        let affordable = Self.memory / max(1, zooCount * perRow)
        let rows = min(available, max(Self.leastRows, min(Self.rowCount, affordable)))
        self.network = network
        self.plan = plan
        self.inputs = inputs.gathered(axis: 0, (0..<rows).map { Int32($0 * available / rows) }).detached
    }

    /// Number of training rows that are looked at.
    public var rows: Int { inputs.shape[0] }

    /// Numbers that a unit's signal takes in a row.
    private static func width(_ reader: ContributionPlan.Reader) -> Int {
        let places = reader.isSpread ? placesPerRow : 1
        return reader.target == nil && reader.entries > 1 ? places * reader.rows * reader.tail : places
    }

    /// What networks [P, D] contribute, with their running statistics [P, bufferCount] where the layout has any.
    public func callAsFunction(_ weights: Tensor, buffers: Tensor? = nil) -> Contributions {
        var builder = ContributionBuilder(self, count: weights.shape[0])
        let hasMaps = network.layout.slots.contains { $0.shape.count >= 4 }
        let (networks, batch) = hasMaps ? (2, 64) : (10, rows)
        for first in stride(from: 0, to: weights.shape[0], by: networks) {
            let range = first..<min(weights.shape[0], first + networks)
            let flat = weights.sliced(axis: 0, range)
            let own = buffers.map { Buffers(layout: network.layout, flat: $0.sliced(axis: 0, range)) }
            builder.start(range)
            for start in stride(from: 0, to: rows, by: batch) {
                let noted = SlotInputs()
                let part = inputs.sliced(axis: 0, start..<min(rows, start + batch))
                let logits = network(Parameters(layout: network.layout, flat: flat, noting: noted), part, own)
                builder.add(noted, logits, first: start)
            }
            builder.finish(flat)
        }
        return builder.result
    }
}
