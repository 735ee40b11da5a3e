import CKernels

/// Everything that can stand in a history. Each case has a forward, a VJP and a JVP, all in tensor operations.
///
/// To add one, see the page "Add an operation" in this module's README.
enum Primitive: Sendable {
    /// The point at which a derivative is taken; one input, the tensor it stands for.
    case leaf
    case unary(ck_unary)
    case affine(scale: Double, offset: Double)
    case binary(ck_binary)
    case matmul(transposeA: Bool, transposeB: Bool)
    /// x W' + b; inputs x, W `[..., out, in]`, b `[..., out]`.
    case linear
    case sum(axes: [Int])
    case maxLast
    case logSoftmax
    /// Inputs x, gamma, beta; saved mean and 1/std.
    case layerNorm(epsilon: Double)
    case broadcast
    case reshape
    case permute([Int])
    case slice(axis: Int, start: Int)
    case pad(axis: Int, before: Int, after: Int)
    case concatenate(axis: Int)
    case gather(axis: Int, indices: [Int32])
    case scatterAdd(axis: Int, indices: [Int32])
    /// Flat `[..., D]` to all slots, one output a slot.
    case unpack([PackedSlot])
    /// All slots to flat `[..., D]`.
    case pack([PackedSlot])
    /// softmax(scale q k' + bias) v; inputs q, k, v; saved what the backend needs, then the bias if there is one.
    case attention(scale: Double, isCausal: Bool)
    /// x^p, elementwise.
    case power(exponent: Double)
    /// Patches of the last two axes as columns.
    case unfold(SlidingWindow)
    /// Columns added up into patches of the last two axes: the transpose of `unfold`.
    case fold(SlidingWindow)
    /// A whole function whose inner values are computed again where a rule needs them; one output a result.
    case checkpoint(Recomputation)
    /// A factor of the trilinear form of a convolution; inputs x, w and perhaps a bias, or g, w, or x, g.
    case convolution(ConvolutionGeometry, ConvolutionRole)
    /// Elements at given places of each row `[..., n]`.
    case take(Places)
    /// Adds each element to its place in a row of `count` zeros: the transpose of `take`.
    case put(Places, count: Int)
}

/// Where a slot lies in a flat vector.
public struct PackedSlot: Sendable, Hashable {
    /// First element.
    public let offset: Int
    /// Extents.
    public let shape: Shape

    /// Describes a slot.
    public init(offset: Int, shape: Shape) {
        self.offset = offset
        self.shape = shape
    }
}
