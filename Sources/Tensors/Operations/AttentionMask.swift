/// Which keys a query may attend to.
public enum AttentionMask: Sendable {
    /// Query i sees keys 0 ... i, also where queries and keys differ in number; PyTorch's `is_causal`.
    case causal
    /// Added to the scores; broadcasts to [..., T, S]. Minus infinity, or -1e30 and less, leaves a key out. Has a
    /// derivative.
    case additive(Tensor)
    /// Keys whose number is not 0 take part; broadcasts to [..., T, S].
    ///
    /// PyTorch's `scaled_dot_product_attention` reads boolean masks so; its `nn.MultiheadAttention` the other way.
    case keeping(Tensor)
}

extension Tensor {
    /// Added to the score of a key that is left out: finite, so that no infinities are subtracted, but far below any
    /// score.
    static let maskedScore = -1e30

    /// Ones where query i sees key j (j <= i), else zeros: [queries, keys], for `AttentionMask.keeping` beside others.
    public static func causalMask(queries: Int, keys: Int, precision: Precision = .single) -> Tensor {
        let ones = (0..<queries).flatMap { query in (0..<keys).map { $0 <= query ? 1.0 : 0 } }
        return Tensor(ones, shape: [queries, keys], precision: precision)
    }
}

extension AttentionMask {
    var isCausal: Bool { if case .causal = self { true } else { false } }

    /// What is added to the scores, nowhere below `Tensor.maskedScore`; nil for the causal mask.
    var bias: Tensor? {
        switch self {
        case .causal: nil
        case .additive(let scores): scores.maximum(.full([], Tensor.maskedScore, like: scores))
        case .keeping(let keys):
            keys.detached.isEqual(to: .zeros([], like: keys)).scaled(by: Tensor.maskedScore)
        }
    }
}
