import Tensors

/// How the divergence of a velocity, the trace of its Jacobian by x, is found.
public enum Divergence: Sendable, Equatable {
    /// All K diagonal elements: K vector-Jacobian products of one evaluation.
    case exact
    /// The mean of e' J e over random signs e, unbiased with variance 2 sum_(i != j) J_ij^2 / probes (J symmetric): one
    /// evaluation and one Jacobian-vector product a probe. The signs of a row depend on seed and row alone and stay
    /// the same along a solution. Reference: Hutchinson, A stochastic estimator of the trace of the influence matrix,
    /// 1989; Grathwohl et al., FFJORD, 2019.
    case hutchinson(probes: Int, seed: UInt64)

    /// The divergence for points of one shape, its random signs drawn.
    func prepared(_ shape: Shape) -> PreparedDivergence {
        switch self {
        case .exact: PreparedDivergence(probes: nil)
        case .hutchinson(let count, let seed):
            PreparedDivergence(
                probes: (0..<count).map { index in
                    var stream = RandomStream(seed: seed, purpose: "likelihood.probe", index: UInt64(index))
                    return stream.uniform(shape).isGreaterOrEqual(to: .full(shape, 0.5)) * 2 - 1
                })
        }
    }
}

/// A divergence whose random signs are drawn.
struct PreparedDivergence {
    /// Signs [B, K], one tensor a probe; nil where the divergence is exact.
    let probes: [Tensor]?

    /// v(x) [B, K] and div v [B, 1] at x [B, K]; row i of v must depend on row i of x alone.
    func callAsFunction(at x: Tensor, of velocity: (Tensor) -> Tensor) -> (velocity: Tensor, divergence: Tensor) {
        guard let probes else { return exact(at: x, of: velocity) }
        var (value, total): (Tensor?, Tensor) = (nil, .zeros([x.shape[0], 1], precision: x.precision))
        for probe in probes {
            let e = probe.converted(to: x.precision)
            let (v, product) = pushforward(at: x, along: e, of: velocity)
            value = v
            total = total + (product * e).sum(axes: [1], keepingDims: true)
        }
        return (value ?? velocity(x), total / Double(max(probes.count, 1)))
    }

    private func exact(at x: Tensor, of velocity: (Tensor) -> Tensor) -> (velocity: Tensor, divergence: Tensor) {
        let (value, pull) = pullback(at: x, of: velocity)
        let dimension = x.shape[1]
        var total = Tensor.zeros([x.shape[0], 1], precision: x.precision)
        for index in 0..<dimension {
            let unit = Tensor.oneHot([Int32(index)], classes: dimension, precision: x.precision).broadcast(to: x.shape)
            total = total + pull(unit).sliced(axis: 1, index..<(index + 1))
        }
        return (value, total)
    }
}
