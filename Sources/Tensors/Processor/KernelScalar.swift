import CKernels
import COpenBLAS

/// Float or Double: maps each kernel to its entry in the table of the instruction set in force.
protocol KernelScalar: BinaryFloatingPoint, Sendable {
    static var precision: Precision { get }
    typealias Source = UnsafePointer<Self>
    typealias Target = UnsafeMutablePointer<Self>

    /// Elements of a vector register.
    static var lanes: Int { get }

    static func map(_ op: ck_unary, _ n: Int, _ x: Source, _ sx: Int, _ out: Target)
    static func zip(_ op: ck_binary, _ n: Int, _ a: Source, _ sa: Int, _ b: Source, _ sb: Int, _ out: Target)
    static func affine(_ n: Int, _ x: Source, _ sx: Int, _ scale: Self, _ offset: Self, _ out: Target)
    static func copy(_ n: Int, _ x: Source, _ sx: Int, _ out: Target, _ so: Int)
    static func gather(_ rows: Int, _ n: Int, _ x: Source, _ indices: UnsafePointer<Int32>, _ out: Target)
    static func transpose(_ rows: Int, _ cols: Int, _ x: Source, _ ldx: Int, _ out: Target, _ ldo: Int)
    static func combine(_ n: Int, _ alpha: Self, _ x: Source, _ beta: Self, _ y: Source, _ out: Target)
    static func sum(_ n: Int, _ x: Source, _ sx: Int) -> Double
    static func dot(_ n: Int, _ a: Source, _ b: Source) -> Double
    static func sumRows(_ rows: Int, _ cols: Int, _ x: Source, _ ldx: Int, _ out: Target)
    static func max(_ n: Int, _ x: Source, _ sx: Int) -> Self
    static func argmax(_ rows: Int, _ n: Int, _ x: Source, _ ldx: Int, _ out: UnsafeMutablePointer<Int32>)
    static func logSoftmax(_ rows: Int, _ n: Int, _ x: Source, _ out: Target)
    static func layerNorm(_ call: LayerNormCall<Self>, _ beta: Source, _ out: Target, _ mean: Target, _ rstd: Target)
    static func layerNormInput(_ call: LayerNormCall<Self>, _ mean: Source, _ rstd: Source, _ g: Source, _ dx: Target)
    static func layerNormScale(
        _ rows: Int, _ n: Int, _ x: Source, _ mean: Source, _ rstd: Source, _ g: Source, _ dgamma: Target,
        _ dbeta: Target)
    static func attentionSoftmax(_ call: AttentionRows<Self>, _ x: Target, _ tops: Target, _ inverses: Target)
    static func attentionSoftmaxGradient(
        _ call: AttentionRows<Self>, _ x: Target, _ g: Target, _ tops: Source, _ inverses: Source)
    /// A whole head of attention, for shapes that `AttentionHeadCall.isWithinReach` names.
    static func attentionHead(
        _ call: AttentionHeadCall<Self>, _ out: Rows<Self>, _ tops: Target, _ inverses: Target, _ scratch: Target)
    static func attentionHeadGradient(
        _ call: AttentionHeadCall<Self>, _ g: Rows<Self>, _ tops: Source, _ inverses: Source, _ dq: Rows<Self>,
        _ dk: Rows<Self>, _ dv: Rows<Self>, _ scratch: Target)
    static func gemm(_ call: GemmCall<Self>)
    /// The same for few rows of an untransposed A, and beta 0 or 1.
    static func thinProduct(_ call: GemmCall<Self>)
    static func adamW(_ n: Int, _ p: Target, _ g: Source, _ m: Target, _ v: Target, _ step: ck_adamw)
    static func adamW(_ call: AdamWProductCall<Self>, _ step: ck_adamw)

    typealias Indices = UnsafeMutablePointer<Int32>
    static func convolutionScratch(_ c: ck_convolution, gradient: Bool) -> Int
    static func correlate(
        _ c: ck_convolution, _ call: CorrelationCall<Self>, _ w: Source, _ bias: Source?, _ out: Target)
    static func correlateWeights(_ c: ck_convolution, _ call: CorrelationCall<Self>, _ g: Source, _ out: Target)
    static func maxPool(_ c: ck_pooling, _ planes: Int, _ x: Source, _ out: Target, _ places: Indices?)
    static func maxPoolPairs(
        _ height: Int, _ width: Int, _ planes: Int, _ x: Source, _ out: Target, _ places: Indices?)
    static func take(_ rows: Int, _ n: Int, _ m: Int, _ x: Source, _ places: Indices, _ out: Target)
    static func put(_ rows: Int, _ n: Int, _ m: Int, _ x: Source, _ places: Indices, _ out: Target)
}

/// One matrix product: C = op(A) op(B) + beta C, row-major.
struct GemmCall<Scalar> {
    var transposeA: Bool, transposeB: Bool
    var m: Int, n: Int, k: Int
    var a: UnsafePointer<Scalar>, lda: Int
    var b: UnsafePointer<Scalar>, ldb: Int
    var beta: Scalar
    var c: UnsafeMutablePointer<Scalar>, ldc: Int
    /// Where the sums start instead of C, its rows `step` apart; for products within the kernels' reach alone.
    var bias: (first: UnsafePointer<Scalar>, step: Int)?
}

extension GemmCall where Scalar: KernelScalar {
    /// Whether the kernel set's own product is at least as fast as OpenBLAS: by shape alone, so that bytes depend on
    /// nothing else.
    var isWithinReach: Bool { k > 0 && min(m, n, k) <= kernels.gemm_reach && (beta == 0 || beta == 1) }

    /// What the sums start from, and the distance of its rows; nil is 0.
    var start: (first: UnsafePointer<Scalar>?, step: Int) {
        bias.map { ($0.first, $0.step) } ?? (beta == 0 ? nil : UnsafePointer(c), ldc)
    }
}

extension GemmCall where Scalar: KernelScalar {
    /// Writes the bias into C, for products that can only add to it.
    mutating func writeBias() {
        guard let bias else { return }
        for row in 0..<m { Scalar.copy(n, bias.first + row * bias.step, 1, c + row * ldc, 1) }
        (self.bias, beta) = (nil, 1)
    }
}

/// Rows to normalise, and the scale that belongs to them: row r uses `gamma + r / group * gammaStride`.
struct LayerNormCall<Scalar> {
    var rows: Int, n: Int
    var x: UnsafePointer<Scalar>
    var gamma: UnsafePointer<Scalar>
    var group: Int, gammaStride: Int
    var epsilon: Double
}

/// Parameters of a weight matrix and their moments, and the factors of its gradient g' x.
struct AdamWProductCall<Scalar> {
    var rows: Int, columns: Int, depth: Int
    var g: UnsafePointer<Scalar>, ldg: Int
    var x: UnsafePointer<Scalar>, ldx: Int
    var p: UnsafeMutablePointer<Scalar>, m: UnsafeMutablePointer<Scalar>, v: UnsafeMutablePointer<Scalar>
    var ldp: Int
}

/// One convolution over samples that lie `stride` apart.
struct CorrelationCall<Scalar> {
    var samples: Int
    var x: UnsafePointer<Scalar>, stride: Int
    /// Distance between samples of the output, or of its upstream gradient.
    var outputStride: Int
    /// Memory for the kernel's own use.
    var scratch: UnsafeMutablePointer<Scalar>
}

/// Rows of scores of consecutive queries: what is added to them, and which keys each row sees.
struct AttentionRows<Scalar> {
    var rows: Int, keys: Int
    var scale: Double
    /// Added to the scores, its rows `biasStride` apart; nil where there is none.
    var bias: UnsafePointer<Scalar>?
    var biasStride: Int
    /// The last key that the first row sees in causal attention; -1 where all rows see all keys.
    var first: Int
}

/// Rows of contiguous elements that lie `step` apart.
struct Rows<Scalar> {
    var first: UnsafeMutablePointer<Scalar>
    var step: Int
}

/// One head of attention without masks.
struct AttentionHeadCall<Scalar> {
    var queries: Int, keys: Int, width: Int, valueWidth: Int
    var scale: Double
    var q: Rows<Scalar>, k: Rows<Scalar>, v: Rows<Scalar>
}

extension AttentionHeadCall where Scalar: KernelScalar {
    /// Tokens up to which scores and factors stay in the first two caches.
    private static var reach: Int { 80 }

    /// Whether the kernels take a head as a whole: by shape alone, so that bytes depend on nothing else.
    static func isWithinReach(queries: Int, keys: Int, width: Int, valueWidth: Int) -> Bool {
        queries <= reach && keys <= reach && width % Scalar.lanes == 0 && valueWidth % Scalar.lanes == 0
    }

    /// Elements of scratch memory that suffice for either kernel.
    static func scratch(queries: Int, keys: Int, width: Int, valueWidth: Int) -> Int {
        (2 * queries + max(width, valueWidth)) * ((keys + Scalar.lanes - 1) / Scalar.lanes * Scalar.lanes)
    }
}
