import CKernels
import COpenBLAS

extension Double: KernelScalar {
    static var precision: Precision { .double }
    static var lanes: Int { kernels.vector_bytes / 8 }

    static func map(_ op: ck_unary, _ n: Int, _ x: Source, _ sx: Int, _ out: Target) {
        kernels.map_f64(op, n, x, sx, out)
    }
    static func zip(_ op: ck_binary, _ n: Int, _ a: Source, _ sa: Int, _ b: Source, _ sb: Int, _ out: Target) {
        kernels.zip_f64(op, n, a, sa, b, sb, out)
    }
    static func affine(_ n: Int, _ x: Source, _ sx: Int, _ scale: Double, _ offset: Double, _ out: Target) {
        kernels.affine_f64(n, x, sx, scale, offset, out)
    }
    static func copy(_ n: Int, _ x: Source, _ sx: Int, _ out: Target, _ so: Int) { kernels.copy_f64(n, x, sx, out, so) }
    static func gather(_ rows: Int, _ n: Int, _ x: Source, _ indices: UnsafePointer<Int32>, _ out: Target) {
        kernels.gather_f64(rows, n, x, indices, out)
    }
    static func transpose(_ rows: Int, _ cols: Int, _ x: Source, _ ldx: Int, _ out: Target, _ ldo: Int) {
        kernels.transpose_f64(rows, cols, x, ldx, out, ldo)
    }
    static func combine(_ n: Int, _ alpha: Double, _ x: Source, _ beta: Double, _ y: Source, _ out: Target) {
        kernels.combine_f64(n, alpha, x, beta, y, out)
    }
    static func sum(_ n: Int, _ x: Source, _ sx: Int) -> Double { kernels.sum_f64(n, x, sx) }
    static func dot(_ n: Int, _ a: Source, _ b: Source) -> Double { kernels.dot_f64(n, a, b) }
    static func sumRows(_ rows: Int, _ cols: Int, _ x: Source, _ ldx: Int, _ out: Target) {
        kernels.sum_rows_f64(rows, cols, x, ldx, out)
    }
    static func max(_ n: Int, _ x: Source, _ sx: Int) -> Double { kernels.max_f64(n, x, sx) }
    static func argmax(_ rows: Int, _ n: Int, _ x: Source, _ ldx: Int, _ out: UnsafeMutablePointer<Int32>) {
        kernels.argmax_f64(rows, n, x, ldx, out)
    }
    static func logSoftmax(_ rows: Int, _ n: Int, _ x: Source, _ out: Target) {
        kernels.log_softmax_f64(rows, n, x, out)
    }
    static func layerNorm(_ call: LayerNormCall<Double>, _ beta: Source, _ out: Target, _ mean: Target, _ rstd: Target)
    {
        kernels.layer_norm_f64(
            call.rows, call.n, call.x, call.gamma, beta, call.group, call.gammaStride, Double(call.epsilon), out, mean,
            rstd)
    }
    static func layerNormInput(
        _ call: LayerNormCall<Double>, _ mean: Source, _ rstd: Source, _ g: Source, _ dx: Target
    ) {
        kernels.layer_norm_dx_f64(
            call.rows, call.n, call.x, call.gamma, call.group, call.gammaStride, mean, rstd, g, dx)
    }
    static func layerNormScale(
        _ rows: Int, _ n: Int, _ x: Source, _ mean: Source, _ rstd: Source, _ g: Source, _ dgamma: Target,
        _ dbeta: Target
    ) {
        kernels.layer_norm_dgamma_f64(rows, n, x, mean, rstd, g, dgamma, dbeta)
    }
    static func thinProduct(_ call: GemmCall<Double>) {
        guard let kernel = call.transposeB ? kernels.thin_transposed_f64 : kernels.thin_f64 else {
            preconditionFailure("thin product: the kernel table has none")
        }
        kernel(
            call.beta != 0, call.m, call.n, call.k, call.a, call.lda, call.b, call.ldb, call.c, call.ldc)
    }
    static func gemm(_ call: GemmCall<Double>) {
        if call.isWithinReach, let kernel = kernels.gemm_f64 {
            return kernel(
                call.transposeA, call.transposeB, call.m, call.n, call.k, call.a, call.lda, call.b, call.ldb,
                call.start.first, call.start.step, call.c, call.ldc)
        }
        cblas_dgemm(
            CblasRowMajor, call.transposeA ? CblasTrans : CblasNoTrans, call.transposeB ? CblasTrans : CblasNoTrans,
            blasint(call.m), blasint(call.n), blasint(call.k), 1, call.a, blasint(call.lda), call.b, blasint(call.ldb),
            call.beta, call.c, blasint(call.ldc))
    }
    static func adamW(_ n: Int, _ p: Target, _ g: Source, _ m: Target, _ v: Target, _ step: ck_adamw) {
        withUnsafePointer(to: step) { kernels.adamw_f64(n, p, g, m, v, $0) }
    }
    static func adamW(_ call: AdamWProductCall<Double>, _ step: ck_adamw) {
        withUnsafePointer(to: step) {
            kernels.adamw_product_f64(
                call.rows, call.columns, call.depth, call.g, call.ldg, call.x, call.ldx, call.p, call.m, call.v,
                call.ldp, $0)
        }
    }
}

extension Double {
    static func attentionSoftmax(_ call: AttentionRows<Double>, _ x: Target, _ tops: Target, _ inverses: Target) {
        kernels.attention_softmax_f64(
            call.rows, call.keys, x, call.scale, call.bias, call.biasStride, call.first, tops, inverses)
    }
    static func attentionSoftmaxGradient(
        _ call: AttentionRows<Double>, _ x: Target, _ g: Target, _ tops: Source, _ inverses: Source
    ) {
        kernels.attention_softmax_gradient_f64(
            call.rows, call.keys, x, g, call.scale, call.bias, call.biasStride, call.first, tops, inverses)
    }
    static func attentionHead(
        _ call: AttentionHeadCall<Double>, _ out: Rows<Double>, _ tops: Target, _ inverses: Target, _ scratch: Target
    ) {
        kernels.attention_head_f64(
            call.queries, call.keys, call.width, call.valueWidth, call.q.first, call.q.step, call.k.first, call.k.step,
            call.v.first, call.v.step, call.scale, out.first, out.step, tops, inverses, scratch)
    }
    static func attentionHeadGradient(
        _ call: AttentionHeadCall<Double>, _ g: Rows<Double>, _ tops: Source, _ inverses: Source, _ dq: Rows<Double>,
        _ dk: Rows<Double>, _ dv: Rows<Double>, _ scratch: Target
    ) {
        kernels.attention_head_gradient_f64(
            call.queries, call.keys, call.width, call.valueWidth, call.q.first, call.q.step, call.k.first, call.k.step,
            call.v.first, call.v.step, g.first, g.step, call.scale, tops, inverses, dq.first, dq.step, dk.first,
            dk.step,
            dv.first, dv.step, scratch)
    }
}

extension Double {
    static func convolutionScratch(_ c: ck_convolution, gradient: Bool) -> Int {
        withUnsafePointer(to: c) { kernels.conv_scratch_f64($0, gradient) }
    }
    static func correlate(
        _ c: ck_convolution, _ call: CorrelationCall<Double>, _ w: Source, _ bias: Source?, _ out: Target
    ) {
        withUnsafePointer(to: c) {
            kernels.correlate_f64(
                $0, call.samples, call.x, call.stride, w, bias, out, call.outputStride, call.scratch)
        }
    }
    static func correlateWeights(_ c: ck_convolution, _ call: CorrelationCall<Double>, _ g: Source, _ out: Target) {
        withUnsafePointer(to: c) {
            kernels.correlate_weights_f64(
                $0, call.samples, call.x, call.stride, g, call.outputStride, out, call.scratch)
        }
    }
    static func maxPool(_ c: ck_pooling, _ planes: Int, _ x: Source, _ out: Target, _ places: Indices?) {
        withUnsafePointer(to: c) { kernels.max_pool_f64($0, planes, x, out, places) }
    }
    static func maxPoolPairs(
        _ height: Int, _ width: Int, _ planes: Int, _ x: Source, _ out: Target, _ places: Indices?
    ) {
        kernels.max_pool_2x2_f64(height, width, planes, x, out, places)
    }
    static func take(_ rows: Int, _ n: Int, _ m: Int, _ x: Source, _ places: Indices, _ out: Target) {
        kernels.take_f64(rows, n, m, x, places, out)
    }
    static func put(_ rows: Int, _ n: Int, _ m: Int, _ x: Source, _ places: Indices, _ out: Target) {
        kernels.put_f64(rows, n, m, x, places, out)
    }
}
