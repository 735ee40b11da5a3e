import Tensors

/// A transposed convolution layer over sequences (the gradient of a convolution by its input, as a layer of its own).
public struct ConvTranspose1d: Sendable {
    /// [in, out/groups, k], PyTorch's order.
    public let weight: Slot
    /// [out], or nil for a layer without.
    public let bias: Slot?
    /// How the kernel moves.
    public let convolution: Convolution
    /// Elements added at the end of the result.
    public let outputPadding: Int

    /// Declares `name.weight` and, unless told otherwise, `name.bias`; groups as in `Conv2d`.
    public init(
        _ name: String, in inputs: Int, out outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
        outputPadding: Int = 0, dilation: Int = 1, groups: Int = 1, bias hasBias: Bool = true,
        layout: inout ParameterLayout.Builder, inputGroup: Int? = nil, outputGroup: Int? = nil
    ) {
        convolution = Convolution(line: stride, padding: padding, dilation: dilation, groups: groups)
        self.outputPadding = outputPadding
        // The first axis counts inputs here.
        let axes = ChannelGroups.axes(name, in: outputs, out: inputs, groups: groups, outputGroup, inputGroup)
        weight = layout.addSlot(
            "\(name).weight", shape: [inputs, outputs / groups, kernel], role: .weight, axes: axes + [nil])
        bias = hasBias ? layout.addSlot("\(name).bias", shape: [outputs], role: .bias, axes: [outputGroup]) : nil
    }

    /// - x: [B, in, l] shared, or [P, B, in, l]; returns [B, out, L], or [P, B, out, L] for a population,
    ///   L = (l - 1) stride - 2 padding + dilation (k - 1) + outputPadding + 1.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor) -> Tensor {
        convTranspose1d(
            x, weight: parameters[weight], bias: bias.map { parameters[$0] }, convolution, outputPadding: outputPadding)
    }
}
