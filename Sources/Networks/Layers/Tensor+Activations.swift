import Tensors

/// Activations that a few elementwise operations make up. relu is kept apart from the rest,
/// n = x - relu(x) = min(x, 0), so that at 0 the derivative is that of the lower branch, as in PyTorch, and nothing
/// grows with e^x.
extension Tensor {
    /// Elementwise x above 0, slope x below (Maas, Hannun, Ng, 2013); derivative `slope` at 0.
    public func leakyReLU(slope: Double = 0.01) -> Tensor {
        let positive = relu()
        return positive + (self - positive).scaled(by: slope)
    }

    /// Elementwise x above 0, alpha (e^x - 1) below (Clevert, Unterthiner, Hochreiter, 2016); derivative alpha at 0.
    ///
    /// The second derivative at 0 is alpha too, the lower branch's; PyTorch's is 0 there.
    public func elu(alpha: Double = 1) -> Tensor {
        let positive = relu()
        return positive + (self - positive).expm1().scaled(by: alpha)
    }

    /// Elementwise lambda elu(x, alpha), lambda = 1.0507..., alpha = 1.6733... (Klambauer et al., 2017, eq. 2 and 14).
    public func selu() -> Tensor {
        elu(alpha: 1.6732632423543772848).scaled(by: 1.0507009873554804934)
    }
}
