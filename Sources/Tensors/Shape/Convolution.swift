/// How a kernel moves over an image; the names and defaults are PyTorch's.
public struct Convolution: Hashable, Sendable {
    /// Distance between neighbouring windows, in pixels.
    public let stride: HeightWidth
    /// Zeros added on each side.
    public let padding: HeightWidth
    /// Distance between neighbouring elements of a window.
    public let dilation: HeightWidth
    /// Channels are divided into so many groups, each with kernels of its own.
    public let groups: Int

    /// Traps unless strides, dilations and groups are positive and paddings not negative.
    public init(
        stride: HeightWidth = 1, padding: HeightWidth = 0, dilation: HeightWidth = 1, groups: Int = 1
    ) {
        let positive = [stride.height, stride.width, dilation.height, dilation.width, groups].allSatisfy { $0 > 0 }
        precondition(
            positive && padding.height >= 0 && padding.width >= 0,
            "convolution: stride \(stride), padding \(padding), dilation \(dilation), groups \(groups)")
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
    }

    /// A convolution along a line: an image of height 1.
    public init(line stride: Int, padding: Int = 0, dilation: Int = 1, groups: Int = 1) {
        self.init(
            stride: HeightWidth(1, stride), padding: HeightWidth(0, padding), dilation: HeightWidth(1, dilation),
            groups: groups)
    }
}

/// A number for each of an image's two axes: extents, strides, paddings.
public struct HeightWidth: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// The number for the axis of rows.
    public var height: Int
    /// The number for the axis of columns.
    public var width: Int

    /// A number for each axis, height first.
    public init(_ height: Int, _ width: Int) {
        self.height = height
        self.width = width
    }

    /// The same number for both axes: `let stride: HeightWidth = 2`.
    public init(integerLiteral value: Int) { self.init(value, value) }

    /// Height and width, as in `3x5`.
    public var description: String { "\(height)x\(width)" }

    /// Height times width.
    var area: Int { height * width }

    /// Combines height with height and width with width.
    static func map(_ parts: HeightWidth..., by f: ([Int]) -> Int) -> HeightWidth {
        HeightWidth(f(parts.map(\.height)), f(parts.map(\.width)))
    }
}

/// Which factor of the trilinear form T(x, w, g) = <g, x * w> a convolution computes as the derivative by it.
///
/// The derivatives of each role by its two factors are the other two roles, so every order of derivative is there.
enum ConvolutionRole: Hashable, Sendable {
    /// F(x, w), the convolution itself, of the shape of g.
    case output
    /// G(g, w), of the shape of x: also known as transposed convolution.
    case inputGradient
    /// H(x, g), of the shape of w.
    case weightGradient
}

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
