import Networks
import Tensors

/// What units hear from the units on the other side of a slot of weights:
/// m_i = W_o sum_jc E_ijc phi_c(h_j) / sqrt(J F), phi_c(h) = W_c h + b_c.
///
/// E_ijc is entry c (a kernel's pixel, say) of the weight between units i and j of J; [B, I, J F] as a matrix.
struct EdgeMessages: Sendable {
    /// Position of the listening group.
    let target: Int
    /// Position of the group that is heard.
    let source: Int
    private let values: Linear
    private let output: Linear
    private let features: Int
    private let width: Int

    init(
        _ name: String, target: Int, source: Int, features: Int, width: Int, edgeWidth: Int,
        layout: inout ParameterLayout.Builder
    ) {
        values = Linear("\(name).values", in: width, out: features * edgeWidth, layout: &layout)
        output = Linear("\(name).output", in: edgeWidth, out: width, bias: false, layout: &layout)
        (self.target, self.source, self.features, self.width) = (target, source, features, edgeWidth)
    }

    /// - matrix: E as [B, I, J F]; h: the tokens that are heard, [B, J, W]; returns [B, I, W].
    func callAsFunction(_ parameters: Parameters, _ matrix: Tensor, _ h: Tensor) -> Tensor {
        let terms = h.shape[1] * features
        let heard = values.tokens(parameters, h).reshaped([h.shape[0], terms, width])
        return output.tokens(parameters, matmul(matrix, heard).scaled(by: 1 / Double(terms).squareRoot()))
    }
}
