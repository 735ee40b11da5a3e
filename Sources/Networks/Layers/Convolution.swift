import Tensors

/// A convolution layer over images that holds no weights: it knows where they lie.
public struct Conv2d: Sendable {
    /// [out, in/groups, kh, kw].
    public let weight: Slot
    /// [out], or nil for a layer without.
    public let bias: Slot?
    /// How the kernel moves.
    public let convolution: Convolution

    /// Declares `name.weight` and, unless `bias` is false, `name.bias`.
    ///
    /// `inputGroup` and `outputGroup` name the symmetry groups of the channels. With channels in groups they may only
    /// be given for a depthwise layer (one channel a group): inputs and outputs then move together, in one group.
    /// `isNormalized` says that a normalisation layer follows, which undoes scales of the channels. Traps unless the
    /// groups divide the channels.
    public init(
        _ name: String, in inputs: Int, out outputs: Int, kernel: HeightWidth,
        _ convolution: Convolution = Convolution(), bias hasBias: Bool = true,
        layout: inout ParameterLayout.Builder, inputGroup: Int? = nil, outputGroup: Int? = nil,
        isNormalized: Bool = false
    ) {
        let own = GroupAction(isNormalized ? .unscaled : .incoming)
        let axes = ChannelGroups.axes(
            name, in: inputs, out: outputs, groups: convolution.groups, inputGroup, outputGroup)
        weight = layout.addSlot(
            "\(name).weight", shape: [outputs, inputs / convolution.groups, kernel.height, kernel.width],
            role: .weight, axes: axes + [nil, nil], actions: [0: own])
        bias =
            hasBias
            ? layout.addSlot("\(name).bias", shape: [outputs], role: .bias, axes: [outputGroup], actions: [0: own])
            : nil
        self.convolution = convolution
    }

    /// - x: [B, in, H, W] shared, or [P, B, in, H, W]; returns [B, out, h, w], or [P, B, out, h, w] for a population.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor) -> Tensor {
        parameters.note(x, of: weight, spatialRank: 2)
        return conv2d(x, weight: parameters[weight], bias: bias.map { parameters[$0] }, convolution)
    }

    /// The same and the largest of each of its windows of `size` side by side, as `MaxPool2d(size)` has it; without
    /// derivatives faster than one after the other.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, maxPooledBy size: HeightWidth) -> Tensor {
        parameters.note(x, of: weight, spatialRank: 2)
        return conv2d(
            x, weight: parameters[weight], bias: bias.map { parameters[$0] }, convolution, maxPooledBy: size)
    }

    /// The convolution in a pass, whose observer sees it.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        let output = self(parameters, x)
        pass.observer?.layer(weight, input: x, output: output)
        return output
    }

    /// Convolution and maximum in a pass; an observer sees what the convolution gives, before the maximum.
    public func callAsFunction(
        _ parameters: Parameters, _ x: Tensor, maxPooledBy size: HeightWidth, _ pass: inout ForwardPass
    ) -> Tensor {
        guard pass.observer != nil else { return self(parameters, x, maxPooledBy: size) }
        return MaxPool2d(size)(self(parameters, x, &pass))
    }
}

/// Which channels of a grouped convolution may change places.
enum ChannelGroups {
    /// Symmetry groups of the first two axes of a weight [out, in/groups, ...].
    static func axes(
        _ name: String, in inputs: Int, out outputs: Int, groups: Int, _ inputGroup: Int?, _ outputGroup: Int?
    ) -> [Int?] {
        precondition(
            inputs % groups == 0 && outputs % groups == 0,
            "convolution \(name): \(inputs) to \(outputs) channels in \(groups) groups")
        if groups == 1 { return [outputGroup, inputGroup] }
        let isDepthwise = inputs == groups && outputs == groups
        precondition(
            inputGroup == outputGroup && (isDepthwise || inputGroup == nil),
            "convolution \(name): channels in \(groups) groups do not permute as symmetry groups say")
        return [outputGroup, nil]
    }
}

/// A convolution layer over sequences that holds no weights: it knows where they lie.
public struct Conv1d: Sendable {
    /// [out, in/groups, k].
    public let weight: Slot
    /// [out], or nil for a layer without.
    public let bias: Slot?
    /// How the kernel moves.
    public let convolution: Convolution

    /// Declares `name.weight` and, unless `bias` is false, `name.bias`; groups as in `Conv2d`.
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
        parameters.note(x, of: weight, spatialRank: 1)
        return conv1d(x, weight: parameters[weight], bias: bias.map { parameters[$0] }, convolution)
    }
}

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

    /// Declares `name.weight` and, unless `bias` is false, `name.bias`; groups as in `Conv2d`.
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
