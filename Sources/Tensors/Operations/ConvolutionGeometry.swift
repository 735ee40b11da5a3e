/// A convolution with the extents of what it reads: all that its three roles need besides their tensors.
struct ConvolutionGeometry: Hashable, Sendable {
    let convolution: Convolution
    let input: HeightWidth
    let kernel: HeightWidth

    /// floor((input + 2 padding - dilation (kernel - 1) - 1) / stride) + 1.
    var output: HeightWidth {
        .map(input, convolution.padding, convolution.dilation, kernel, convolution.stride) {
            let room = $0[0] + 2 * $0[1] - $0[2] * ($0[3] - 1) - 1
            return room < 0 ? 0 : room / $0[4] + 1
        }
    }
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
