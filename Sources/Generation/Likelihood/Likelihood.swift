import Foundation
import Tensors

/// The log density of a flow's samples: along dx/dt = v(x, t) it changes as d log p / dt = -div v, so
///
///     log p1(x(1)) = log p0(x(0)) - integral of div v(x(t), t) dt from 0 to 1.
///
/// x and the integral are one state, solved together by any solver. Everything is made of tensor operations:
/// gradients by x(1), x(0) or by what the velocity closes over pass through (memory grows with the evaluations).
/// Densities are those of codes; an invertible linear map to weights adds the log of its determinant.
/// Reference: Chen, Rubanova, Bettencourt, Duvenaud, Neural ordinary differential equations, 2018, eq. 8; Grathwohl
/// et al., FFJORD, 2019.
public struct Likelihood: Sendable, Equatable {
    /// How the flow is solved.
    public let solver: Solver
    /// How the divergence is found.
    public let divergence: Divergence

    /// Traps unless there is a probe, where there are any.
    public init(solver: Solver, divergence: Divergence = .exact) {
        if case .hutchinson(let probes, _) = divergence { precondition(probes >= 1, "likelihood: \(probes) probes") }
        (self.solver, self.divergence) = (solver, divergence)
    }

    /// The other end of a trajectory and the density at its data end.
    public struct Evaluation: Sendable {
        /// x(0) of `backward`, x(1) of `forward`, [B, K].
        public let point: Tensor
        /// log p1(x(1)), [B], in nats; NaN where an adaptive solver gave up.
        public let logDensity: Tensor
    }

    /// The density of given data x(1) [B, K]. `source` is log p0, [B, K] to [B].
    public func backward(
        _ x1: Tensor, source: (Tensor) -> Tensor, velocity: (_ x: Tensor, _ t: Double) -> Tensor
    ) -> Evaluation {
        let (start, integral) = solve(x1, from: 1, to: 0, velocity)
        return Evaluation(point: start, logDensity: source(start) + integral)
    }

    /// Data x(1) from a source draw x(0) [B, K], with their density. `source` is log p0, [B, K] to [B].
    public func forward(
        _ x0: Tensor, source: (Tensor) -> Tensor, velocity: (_ x: Tensor, _ t: Double) -> Tensor
    ) -> Evaluation {
        let (end, integral) = solve(x0, from: 0, to: 1, velocity)
        return Evaluation(point: end, logDensity: source(x0) - integral)
    }

    /// The end and the integral [B] of the divergence in the direction of time that was gone.
    private func solve(
        _ start: Tensor, from: Double, to: Double, _ velocity: (_ x: Tensor, _ t: Double) -> Tensor
    ) -> (end: Tensor, integral: Tensor) {
        precondition(start.rank == 2, "likelihood: points \(start.shape), not [B, K]")
        let dimension = start.shape[1]
        let divergence = divergence.prepared(start.shape)
        let state = Tensor.concatenate([start, .zeros([start.shape[0], 1], precision: start.precision)], axis: 1)
        let end = solver.integrate(state, from: from, to: to) { y, t in
            let (v, rate) = divergence(at: y.sliced(axis: 1, 0..<dimension)) { velocity($0, t) }
            return .concatenate([v, rate], axis: 1)
        }
        return (end.sliced(axis: 1, 0..<dimension), end.selected(axis: 1, dimension))
    }
}

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

extension GaussianSource {
    /// log p0 of codes [B, K], in nats: -|x|^2 / (2 std^2) - K/2 log(2 pi std^2), [B].
    public func logDensity(_ x: Tensor) -> Tensor {
        let constant = Double(dimension) / 2 * log(2 * .pi * std * std)
        return x.square().sum(axes: [1]).scaled(by: -0.5 / (std * std), plus: -constant)
    }
}
