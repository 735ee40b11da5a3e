import CKernels

/// One convolution over samples that lie `stride` apart.
struct CorrelationCall<Scalar> {
    var samples: Int
    var x: UnsafePointer<Scalar>, stride: Int
    /// Distance between samples of the output, or of its upstream gradient.
    var outputStride: Int
    /// Memory for the kernel's own use.
    var scratch: UnsafeMutablePointer<Scalar>
}

extension Float {
    static func convolutionScratch(_ c: ck_convolution, gradient: Bool) -> Int {
        withUnsafePointer(to: c) { kernels.conv_scratch_f32($0, gradient) }
    }
    static func correlate(
        _ c: ck_convolution, _ call: CorrelationCall<Float>, _ w: Source, _ bias: Source?, _ out: Target
    ) {
        withUnsafePointer(to: c) {
            kernels.correlate_f32(
                $0, call.samples, call.x, call.stride, w, bias, out, call.outputStride, call.scratch)
        }
    }
    static func correlateWeights(_ c: ck_convolution, _ call: CorrelationCall<Float>, _ g: Source, _ out: Target) {
        withUnsafePointer(to: c) {
            kernels.correlate_weights_f32(
                $0, call.samples, call.x, call.stride, g, call.outputStride, out, call.scratch)
        }
    }
    static func maxPool(_ c: ck_pooling, _ planes: Int, _ x: Source, _ out: Target, _ places: Indices) {
        withUnsafePointer(to: c) { kernels.max_pool_f32($0, planes, x, out, places) }
    }
    static func maxPoolPairs(
        _ height: Int, _ width: Int, _ planes: Int, _ x: Source, _ out: Target, _ places: Indices
    ) {
        kernels.max_pool_2x2_f32(height, width, planes, x, out, places)
    }
    static func take(_ rows: Int, _ n: Int, _ m: Int, _ x: Source, _ places: Indices, _ out: Target) {
        kernels.take_f32(rows, n, m, x, places, out)
    }
    static func put(_ rows: Int, _ n: Int, _ m: Int, _ x: Source, _ places: Indices, _ out: Target) {
        kernels.put_f32(rows, n, m, x, places, out)
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
    static func maxPool(_ c: ck_pooling, _ planes: Int, _ x: Source, _ out: Target, _ places: Indices) {
        withUnsafePointer(to: c) { kernels.max_pool_f64($0, planes, x, out, places) }
    }
    static func maxPoolPairs(
        _ height: Int, _ width: Int, _ planes: Int, _ x: Source, _ out: Target, _ places: Indices
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
