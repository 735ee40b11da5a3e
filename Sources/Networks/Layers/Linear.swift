import Tensors

/// An affine layer y = x W' + b that holds no weights: it knows where they lie.
public struct Linear: Sendable {
    /// [out, in].
    public let weight: Slot
    /// [out].
    public let bias: Slot

    /// Declares `name.weight` and `name.bias`. `inputGroup` and `outputGroup` name the symmetry groups of the axes.
    public init(
        _ name: String, in inputs: Int, out outputs: Int, layout: inout ParameterLayout.Builder,
        inputGroup: Int? = nil, outputGroup: Int? = nil
    ) {
        weight = layout.addSlot(
            "\(name).weight", shape: [outputs, inputs], role: .weight, axes: [outputGroup, inputGroup])
        bias = layout.addSlot("\(name).bias", shape: [outputs], role: .bias, axes: [outputGroup])
    }

    /// - x: [B, in] shared, or [P, B, in]; returns [B, out], or [P, B, out] for a population.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor) -> Tensor {
        linear(x, weight: parameters[weight], bias: parameters[bias])
    }
}
