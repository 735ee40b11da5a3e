import Tensors

/// A convolution layer over sequences that holds no weights: it knows where they lie.
public struct Conv1d: Sendable {
    /// [out, in/groups, k].
    public let weight: Slot
    /// [out], or nil for a layer without.
    public let bias: Slot?
    /// How the kernel moves.
    public let convolution: Convolution

    /// Declares `name.weight` and, unless told otherwise, `name.bias`; groups as in `Conv2d`.
    public init(
        _ name: String, in inputs: Int, out outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
        dilation: Int = 1, groups: Int = 1, bias hasBias: Bool = true, layout: inout ParameterLayout.Builder,
        inputGroup: Int? = nil, outputGroup: Int? = nil
    ) {
        convolution = Convolution(line: stride, padding: padding, dilation: dilation, groups: groups)
        let axes = ChannelGroups.axes(name, in: inputs, out: outputs, groups: groups, inputGroup, outputGroup)
        weight = layout.addSlot(
            "\(name).weight", shape: [outputs, inputs / groups, kernel], role: .weight, axes: axes + [nil])
        bias = hasBias ? layout.addSlot("\(name).bias", shape: [outputs], role: .bias, axes: [outputGroup]) : nil
    }

    /// - x: [B, in, L] shared, or [P, B, in, L]; returns [B, out, l], or [P, B, out, l] for a population.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor) -> Tensor {
        conv1d(x, weight: parameters[weight], bias: bias.map { parameters[$0] }, convolution)
    }
}
