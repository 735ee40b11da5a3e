import Networks
import Tensors

/// The way in and out of one kind of token, the network's own or one group's units: h = W x + b, v = W_out h + b_out.
///
/// A kind without entries of its own (units that only edges know) starts as b and has no way out.
struct TokenPort: Sendable {
    private let entry: Linear?
    private let start: Slot?
    private let head: Linear?

    init(_ name: String, features: Int, width: Int, layout: inout ParameterLayout.Builder) {
        if features > 0 {
            entry = Linear("\(name).entry", in: features, out: width, layout: &layout)
            head = Linear("\(name).head", in: width, out: features, layout: &layout)
            start = nil
        } else {
            start = layout.addSlot("\(name).start", shape: [width], role: .bias)
            (entry, head) = (nil, nil)
        }
    }

    /// The layers that are zero at the start.
    var closed: [Linear] { head.map { [$0] } ?? [] }

    /// - x: [B, units, F], or nil where F = 0; returns [B, units, W].
    func open(_ parameters: Parameters, _ x: Tensor?, batch: Int, units: PackedSlot) -> Tensor {
        if let entry, let x { return entry.tokens(parameters, x) }
        guard let start else { return .zeros(Shape([batch] + units.shape.array), precision: parameters.flat.precision) }
        return parameters[start].broadcast(to: Shape([batch] + units.shape.array))
    }

    /// - h: [B, units, W]; returns [B, units, F], nil where F = 0.
    func close(_ parameters: Parameters, _ h: Tensor) -> Tensor? { head.map { $0.tokens(parameters, h) } }
}
