import Basics
import Tensors

/// Where the last layer of a classifier lies: logits = W h + b.
public struct ClassifierHead: Sendable {
    /// W, [C, in].
    public let weight: Slot
    /// b, [C]; nil for a layer without.
    public let bias: Slot?
    /// C.
    public var classes: Int { weight.shape[0] }

    /// The last layer of a layout; throws `DataError` (configuration, `finish`) where the last weights are not a matrix
    /// whose rows are classes: a hidden layer's can be permuted.
    public init(_ layout: ParameterLayout) throws {
        guard let index = layout.slots.lastIndex(where: { $0.role == .weight }),
            layout.slots[index].shape.count == 2, layout.slots[index].axes[0] == nil
        else {
            let last = layout.slots.last { $0.role == .weight }
            throw DataError(
                .configuration, path: "finish", expected: "networks that end in a linear layer with a row a class",
                found: last.map { "\($0.name) \($0.shape)" } ?? "no weights", hint: "set finish.kind to none")
        }
        weight = layout.slots[index]
        let next = index + 1 < layout.slots.count ? layout.slots[index + 1] : nil
        bias = next.flatMap { $0.role == .bias && $0.shape == [layout.slots[index].shape[0]] ? $0 : nil }
    }

    /// Numbers of the layer, (in + 1) C with a bias.
    var count: Int { weight.count + (bias?.count ?? 0) }
}

extension [Double] {
    /// Multiplies what a unit computes and adds to it: row `unit` of a layer's weights [out, ...] is scaled by `gain`,
    /// and its bias b becomes gain b + offset. `start` is where the network begins in these rows.
    mutating func fold(gain: Double, offset: Double, unit: Int, weight: Slot, bias: Slot?, from start: Int) {
        let width = weight.count / weight.shape[0]
        let first = start + weight.offset + unit * width
        for place in first..<(first + width) { self[place] *= gain }
        guard let bias else { return }
        let place = start + bias.offset + unit
        self[place] = self[place] * gain + offset
    }
}
