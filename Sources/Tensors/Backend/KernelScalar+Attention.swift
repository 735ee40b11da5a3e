import CKernels

/// Rows of scores, of queries one behind the other: what is added to them, and which keys a row sees.
struct AttentionRows<Scalar> {
    var rows: Int, keys: Int
    var scale: Double
    /// Added to the scores, its rows `biasStride` apart; nil where there is none.
    var bias: UnsafePointer<Scalar>?
    var biasStride: Int
    /// The last key that the first row sees in causal attention; -1 where all rows see all keys.
    var first: Int
}

extension Float {
    static func attentionSoftmax(_ call: AttentionRows<Float>, _ x: Target, _ tops: Target, _ inverses: Target) {
        kernels.attention_softmax_f32(
            call.rows, call.keys, x, Float(call.scale), call.bias, call.biasStride, call.first, tops, inverses)
    }
    static func attentionSoftmaxGradient(
        _ call: AttentionRows<Float>, _ x: Target, _ g: Target, _ tops: Source, _ inverses: Source
    ) {
        kernels.attention_softmax_gradient_f32(
            call.rows, call.keys, x, g, Float(call.scale), call.bias, call.biasStride, call.first, tops, inverses)
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
}
