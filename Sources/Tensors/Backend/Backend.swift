import CKernels

/// What computes: the small seam behind which memory and kernels sit.
///
/// Every block of storage holds its backend: an operation asks its operands, and its result lies where they do. Arrays
/// come in as strided views and go out contiguous. An operand that is `consuming` may be written over, where nobody
/// else holds its block: see `StridedArray.blockForResult()`. Everything above (operations, derivatives) knows only
/// this protocol, so a second implementation can be held to the same derivative table.
protocol Backend: AnyObject, Sendable {
    /// Name of the backend in messages, with its article: "the processor".
    var name: String { get }

    // Memory.

    /// A block of at least `bytes`, aligned to 64, and the size class under which `free` takes it back.
    func allocate(bytes: Int) -> (block: UnsafeMutableRawPointer, sizeClass: Int)
    /// Takes back a block that `allocate` gave.
    func free(_ block: UnsafeMutableRawPointer, sizeClass: Int)
    /// A fresh array whose elements `body` writes, in row-major order, to the program's memory.
    func upload(
        _ shape: Shape, _ precision: Precision, from body: (UnsafeMutableRawPointer) throws -> Void
    ) rethrows -> StridedArray
    /// Hands `body` the elements of `x`, in row-major order, in the program's memory.
    func download<Result>(_ x: StridedArray, to body: (UnsafeRawPointer) throws -> Result) rethrows -> Result

    // Operations.

    /// out = op(x), elementwise.
    func map(_ op: ck_unary, _ x: consuming StridedArray) -> StridedArray
    /// out = scale x + offset.
    func affine(_ x: consuming StridedArray, scale: Double, offset: Double) -> StridedArray
    /// out = op(a, b), elementwise; both already have the shape of the result (stride 0 where stretched).
    func zip(_ op: ck_binary, _ a: consuming StridedArray, _ b: consuming StridedArray) -> StridedArray
    /// A contiguous copy in a block of its own.
    func copy(_ x: StridedArray) -> StridedArray
    /// Writes `x` into the view `target`, which is being built and not yet shared.
    func copy(_ x: StridedArray, into target: StridedArray)
    /// Fills the view `target`, which is being built and not yet shared.
    func fill(_ target: StridedArray, with value: Double)
    /// Sum over the given axes, which stay with extent 1.
    func sum(_ x: StridedArray, axes: [Int]) -> StridedArray
    /// Largest over the last axis, which stays with extent 1.
    func maxLast(_ x: StridedArray) -> StridedArray
    /// Index of the first largest over the last axis.
    func argmaxLast(_ x: StridedArray) -> [Int32]
    /// C = op(A) op(B) + bias over equal batch shapes; bias `[..., 1 or M, N]` or nil.
    func matmul(_ a: StridedArray, _ b: StridedArray, bias: StridedArray?) -> StridedArray
    /// log softmax over the last axis.
    func logSoftmax(_ x: StridedArray) -> StridedArray
    /// Layer norm over the last axis; gamma and beta `[n]` or `[groups, n]`. Returns the result, mean and 1/std `[rows]`.
    func layerNorm(_ x: StridedArray, gamma: StridedArray, beta: StridedArray, epsilon: Double) -> [StridedArray]
    /// The gradients of `layerNorm` by x, gamma and beta from the cotangent g.
    func layerNormGradients(
        _ x: StridedArray, gamma: StridedArray, mean: StridedArray, rstd: StridedArray, g: StridedArray
    ) -> [StridedArray]
    /// softmax(scale q k' + bias) v over `[..., T, d]`, `[..., S, d]`, `[..., S, e]` of equal leading axes.
    ///
    /// The bias broadcasts to `[..., T, S]` or is nil; a key whose bias is at `Tensor.maskedScore` or below, or
    /// (causal) which comes after the query, is left out. Returns the result, whose axes lie in memory in the order of
    /// q's, and what the gradients need.
    func attention(
        _ q: StridedArray, _ k: StridedArray, _ v: StridedArray, bias: StridedArray?, scale: Double, isCausal: Bool
    ) -> [StridedArray]
    /// The gradients of `attention` by q, k and v, each lying in memory as its tensor does; `saved` is what the forward
    /// returned after its result.
    func attentionGradients(
        _ q: StridedArray, _ k: StridedArray, _ v: StridedArray, bias: StridedArray?, scale: Double, isCausal: Bool,
        saved: [StridedArray], g: StridedArray
    ) -> [StridedArray]
    /// Rows `indices` of axis `axis`.
    func gather(_ x: StridedArray, axis: Int, indices: [Int32]) -> StridedArray
    /// The transpose of `gather`: adds row i of `x` to row `indices[i]` of a zero array with `count` rows.
    func scatterAdd(_ x: StridedArray, axis: Int, indices: [Int32], count: Int) -> StridedArray
    /// Patches of the last two axes as columns: `[..., C, H, W]` to `[..., C kh kw, L]`, zeros outside.
    func unfold(_ x: StridedArray, _ window: SlidingWindow) -> StridedArray
    /// The transpose of `unfold`: `[..., C kh kw, L]` to `[..., C, H, W]`, adding up where patches overlap.
    func fold(_ x: StridedArray, _ window: SlidingWindow, to extents: Shape) -> StridedArray
    /// One role of a convolution: a and b are x and w, g and w, or x and g; a bias only with the first, and only there a
    /// pool other than 1: of each such window of the result, side by side, the largest, as `maxPool` has it.
    func convolution(
        _ geometry: ConvolutionGeometry, _ role: ConvolutionRole, _ a: StridedArray, _ b: StridedArray,
        bias: StridedArray?, pool: HeightWidth
    ) -> StridedArray
    /// The largest of each window of `[..., H, W]`, the first of equals, and its index in its plane where that is asked
    /// for.
    func maxPool(_ x: StridedArray, rows: PoolingWindows, columns: PoolingWindows, findsPlaces: Bool)
        -> (StridedArray, Places?)
    /// Elements `places` of each row: `[..., n]` to `[..., m]`.
    func take(_ x: StridedArray, _ places: Places) -> StridedArray
    /// The transpose of `take`: adds element i of each row of `x` to element `places[i]` of a row of `count` zeros.
    func put(_ x: StridedArray, _ places: Places, count: Int) -> StridedArray
    /// Eigenvalues of a symmetric matrix [n, n] in double precision, rising, and its orthonormal eigenvectors, the rows
    /// of an array [n, n]; nil where the search for them does not converge. The lower triangle is read.
    func symmetricEigen(_ matrix: StridedArray) -> (values: [Double], vectors: StridedArray)?

    // Updates in place of arrays that are contiguous and that nobody else holds.

    /// target <- factor target + weight x.
    func scale(_ target: StridedArray, by factor: Double, adding x: StridedArray, times weight: Double)
    /// One AdamW step on parameters and moments `[..., D]`; the slots lie side by side and cover all D elements.
    func stepAdamW(
        _ parameters: StridedArray, firstMoment: StridedArray, secondMoment: StridedArray,
        along gradient: [SlotGradient], _ step: AdamWStep)
}

/// The scalars of one AdamW step.
struct AdamWStep: Sendable {
    var rate: Double, beta1: Double, beta2: Double, epsilon: Double, decay: Double
    /// 1 - beta^k for both betas, k the number of the step, from 1.
    var correction1: Double, correction2: Double
}

/// The gradient by one slot of a flat vector `[..., D]`, with the vector's leading axes.
struct SlotGradient: Sendable {
    enum Value: Sendable {
        case zero
        /// The gradient itself, `[..., slot shape]`.
        case dense(StridedArray)
        /// g' x for g `[..., B, out]` and x `[..., B, in]`, not yet formed.
        case product(g: StridedArray, x: StridedArray)
    }

    let slot: PackedSlot
    let value: Value
}
