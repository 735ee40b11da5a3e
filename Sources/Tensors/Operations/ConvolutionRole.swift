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
