/// Convolution of images (strictly, cross-correlation):
/// y[o, i] = b[o] + sum_{c, k} w[o, c, k] x[c, stride i + dilation k - padding], i and k pairs of indices.
///
/// - x: [B, C, H, W], or [P, B, C, H, W] for a population; weight: [O, C/groups, kh, kw], or [P, ...];
///   bias: [O], or [P, O] with such a weight.
/// - returns [B, O, oh, ow], or [P, B, O, oh, ow] where x or weight has P; inputs without P are shared by all networks.
///
/// Traps, naming the shapes, when they do not fit or the kernel is larger than the padded image. Same as PyTorch's.
public func conv2d(
    _ x: Tensor, weight: Tensor, bias: Tensor? = nil, _ convolution: Convolution = Convolution()
) -> Tensor {
    let geometry = ConvolutionGeometry(convolution, x, weight, bias: bias)
    return .convolution(geometry, .output, x, weight, bias: bias)
}

/// `conv2d` and the largest of each window of its result: what `conv2d(...).maxPooled(Pooling(size: size))` is.
///
/// Without derivatives the images between the two are never stored. Traps where either of them does.
public func conv2d(
    _ x: Tensor, weight: Tensor, bias: Tensor? = nil, _ convolution: Convolution = Convolution(),
    maxPooledBy size: HeightWidth
) -> Tensor {
    let geometry = ConvolutionGeometry(convolution, x, weight, bias: bias)
    let operands = [x, weight] + (bias.map { [$0] } ?? [])
    let fits =
        size.height > 0 && size.width > 0 && geometry.output.height >= size.height
        && geometry.output.width >= size.width
    guard size != 1 && fits && operands.allSatisfy({ $0.node == nil }) else {
        let images = Tensor.convolution(geometry, .output, x, weight, bias: bias)
        return size == 1 ? images : images.maxPooled(Pooling(size: size))
    }
    Tensor.checkConvolution(x, weight, bias)
    return Tensor(x.backend.convolution(geometry, .output, x.array, weight.array, bias: bias?.array, pool: size))
}

/// Convolution along a line: `conv2d` of images of height 1.
///
/// - x: [B, C, L] or [P, B, C, L]; weight: [O, C/groups, k] or [P, ...]; bias: [O] or [P, O];
///   returns [B, O, l] or [P, B, O, l].
///
/// The convolution's settings along the height must be those of `Convolution(line:)`.
public func conv1d(
    _ x: Tensor, weight: Tensor, bias: Tensor? = nil, _ convolution: Convolution = Convolution(line: 1)
) -> Tensor {
    conv2d(x.asImage("conv1d"), weight: weight.asImage("conv1d"), bias: bias, convolution).asLine
}

/// Transposed convolution, the gradient of `conv2d` by its input used as a forward: each pixel adds a kernel.
///
/// - x: [B, C, h, w] or [P, B, C, h, w]; weight: [C, O/groups, kh, kw] or [P, ...]; bias: [O] or [P, O].
/// - returns [..., O, H, W], H = (h - 1) stride - 2 padding + dilation (kh - 1) + outputPadding + 1.
///
/// Traps unless outputPadding < stride (PyTorch also permits one below the dilation).
public func convTranspose2d(
    _ x: Tensor, weight: Tensor, bias: Tensor? = nil, _ convolution: Convolution = Convolution(),
    outputPadding: HeightWidth = 0
) -> Tensor {
    precondition(
        x.rank >= 4 && weight.rank >= 4 && x.shape[x.rank - 3] == weight.shape[weight.rank - 4],
        "convTranspose2d: x \(x.shape), weight \(weight.shape)")
    precondition(
        outputPadding.height < convolution.stride.height && outputPadding.width < convolution.stride.width
            && outputPadding.height >= 0 && outputPadding.width >= 0,
        "convTranspose2d: output padding \(outputPadding) with stride \(convolution.stride)")
    let kernel = weight.imageExtents
    let input = HeightWidth.map(
        x.imageExtents, convolution.stride, convolution.padding, convolution.dilation, kernel, outputPadding
    ) { ($0[0] - 1) * $0[1] - 2 * $0[2] + $0[3] * ($0[4] - 1) + $0[5] + 1 }
    let geometry = ConvolutionGeometry(convolution: convolution, input: input, kernel: kernel)
    precondition(
        geometry.output == x.imageExtents && input.height > 0 && input.width > 0,
        "convTranspose2d: x \(x.shape), weight \(weight.shape) give images of \(input)")
    let result = Tensor.convolution(geometry, .inputGradient, x, weight)
    guard let bias else { return result }
    let outputs = result.shape[result.rank - 3]
    precondition(
        bias.rank == weight.rank - 3 && bias.shape[bias.rank - 1] == outputs,
        "convTranspose2d: bias \(bias.shape) for weight \(weight.shape)")
    let lead = bias.shape.prefix(rank: bias.rank - 1).array
    return result + bias.reshaped(Shape(lead + (lead.isEmpty ? [] : [1]) + [outputs, 1, 1]))
}

/// Transposed convolution along a line: `convTranspose2d` of images of height 1.
///
/// - x: [B, C, l] or [P, B, C, l]; weight: [C, O/groups, k] or [P, ...]; bias: [O] or [P, O];
///   returns [B, O, L] or [P, B, O, L].
public func convTranspose1d(
    _ x: Tensor, weight: Tensor, bias: Tensor? = nil, _ convolution: Convolution = Convolution(line: 1),
    outputPadding: Int = 0
) -> Tensor {
    convTranspose2d(
        x.asImage("convTranspose1d"), weight: weight.asImage("convTranspose1d"), bias: bias, convolution,
        outputPadding: HeightWidth(0, outputPadding)
    ).asLine
}

extension Tensor {
    /// One role of a convolution, recorded; a bias goes with the role `output` alone.
    static func convolution(
        _ geometry: ConvolutionGeometry, _ role: ConvolutionRole, _ a: Tensor, _ b: Tensor, bias: Tensor? = nil
    ) -> Tensor {
        checkConvolution(a, b, bias)
        let result = a.backend.convolution(geometry, role, a.array, b.array, bias: bias?.array, pool: 1)
        return .recorded(.convolution(geometry, role), [a, b] + (bias.map { [$0] } ?? []), result)
    }

    /// Traps unless both factors and the bias have one precision and lie on one backend.
    static func checkConvolution(_ a: Tensor, _ b: Tensor, _ bias: Tensor?) {
        precondition(
            a.precision == b.precision && (bias == nil || bias?.precision == a.precision),
            "convolution: precisions \(a.precision) and \(b.precision)")
        a.checkBackend(b, "convolution")
        if let bias { a.checkBackend(bias, "convolution") }
    }

    /// Extents of the last two axes.
    var imageExtents: HeightWidth { HeightWidth(shape[rank - 2], shape[rank - 1]) }

    /// A line [..., C, L] as an image [..., C, 1, L].
    func asImage(_ operation: StaticString) -> Tensor {
        precondition(rank >= 1 && rank < Shape.maximumRank, "\(operation): shape \(shape)")
        return reshaped(Shape(shape.array.dropLast() + [1, shape[rank - 1]]))
    }

    /// An image [..., C, 1, L] as a line [..., C, L].
    var asLine: Tensor { reshaped(shape.removing([rank - 2])) }
}

extension ConvolutionGeometry {
    /// The geometry of a convolution of `x`; traps where the shapes do not fit.
    init(_ convolution: Convolution, _ x: Tensor, _ weight: Tensor, bias: Tensor?) {
        let fits =
            (4...5).contains(x.rank) && (4...5).contains(weight.rank)
            && x.shape[x.rank - 3] == weight.shape[weight.rank - 3] * convolution.groups
            && weight.shape[weight.rank - 4] % convolution.groups == 0
            && (x.rank < 5 || weight.rank < 5 || x.shape[0] == weight.shape[0])
        precondition(fits, "conv2d: x \(x.shape), weight \(weight.shape), groups \(convolution.groups)")
        if let bias {
            precondition(
                bias.shape == weight.shape.prefix(rank: weight.rank - 3),
                "conv2d: bias \(bias.shape) for weight \(weight.shape)")
        }
        self.init(convolution: convolution, input: x.imageExtents, kernel: weight.imageExtents)
        precondition(
            output.height > 0 && output.width > 0,
            "conv2d: kernel \(kernel), dilation \(convolution.dilation) on \(input), padding \(convolution.padding)")
    }
}

extension Primitive {
    /// Each role is linear in both of its factors; its derivatives are the other two roles.
    static func convolutionVJP(
        _ rule: Rule, _ g: Tensor, _ geometry: ConvolutionGeometry, _ role: ConvolutionRole
    ) -> [Tensor?] {
        let (a, b) = (rule.inputs[0], rule.inputs[1])
        func term(_ role: ConvolutionRole, _ left: Tensor, _ right: Tensor, like input: Tensor) -> Tensor {
            Tensor.convolution(geometry, role, left, right).summed(to: input.shape)
        }
        switch role {
        case .output:
            let gradients = [
                rule.ifNeeded(0) { term(.inputGradient, g, b, like: a) },
                rule.ifNeeded(1) { term(.weightGradient, a, g, like: b) },
            ]
            guard rule.inputs.count == 3 else { return gradients }
            return gradients + [rule.ifNeeded(2) { biasGradient(g, like: rule.inputs[2]) }]
        case .inputGradient:
            return [
                rule.ifNeeded(0) { term(.output, g, b, like: a) },
                rule.ifNeeded(1) { term(.weightGradient, g, a, like: b) },
            ]
        case .weightGradient:
            return [
                rule.ifNeeded(0) { term(.inputGradient, b, g, like: a) },
                rule.ifNeeded(1) { term(.output, a, g, like: b) },
            ]
        }
    }

    static func convolutionJVP(
        _ rule: Rule, _ tangents: [Tensor?], _ geometry: ConvolutionGeometry, _ role: ConvolutionRole
    ) -> Tensor? {
        let (a, b) = (rule.inputs[0], rule.inputs[1])
        let shape = rule.outputShapes[0]
        var terms = [
            tangents[0].map { Tensor.convolution(geometry, role, $0, b) },
            tangents[1].map { Tensor.convolution(geometry, role, a, $0) },
        ]
        if rule.inputs.count == 3, let tangent = tangents[2] {
            let lead = tangent.shape.prefix(rank: tangent.rank - 1).array
            let row = lead + (lead.isEmpty ? [] : [1]) + [tangent.shape[tangent.rank - 1], 1, 1]
            terms.append(tangent.reshaped(Shape(row)).broadcast(to: shape))
        }
        return total(terms)
    }

    /// The sum over samples and pixels: [..., B, O, oh, ow] to [..., O].
    private static func biasGradient(_ g: Tensor, like bias: Tensor) -> Tensor {
        g.sum(axes: [-4, -2, -1]).summed(to: bias.shape)
    }
}
