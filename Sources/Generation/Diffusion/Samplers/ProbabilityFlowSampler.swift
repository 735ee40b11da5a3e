import Foundation
import Networks
import Tensors

/// A diffusion's probability flow, the differential equation with the diffusion's marginals, by any solver.
///
/// In z = x / sqrt(alpha^2 s^2 + sigma^2), which is what the net is given, and the angle tan(phi) = sigma / (alpha s),
/// s the data's standard deviation, a diffusion is a rotation, z = cos(phi) x1 / s + sin(phi) eps, and its flow is
///
///     dz / dphi = cos(phi) eps - sin(phi) x1 / s = v:
///
/// a net of the velocity parameterization is its own flow. Time u in [0, 1] goes evenly in phi from the most noise to
/// tan(phi) = `least`, the schedule's own least noise where it has one; from there the last step is the predicted data.
/// `velocity` also serves `Likelihood`: of codes / s, from N(0, I).
/// Reference: Song et al., Score-based generative modeling through stochastic differential equations, 2021, eq. 13;
/// Salimans, Ho, Progressive distillation for fast sampling of diffusion models, 2022, appendix D (the angle).
public struct ProbabilityFlowSampler: Sampler {
    /// The diffusion that the net was trained on.
    public let diffusion: Diffusion
    /// How the flow is solved.
    public let solver: Solver
    /// sigma / (alpha s) at u = 1.
    public let least: Double

    /// Where a schedule goes down to no noise at all.
    private static let usualLeast = 1e-3

    /// - least: nil is the schedule's noise at t = 1 (EDM's sigmaMin / s), or 0.001 where that is none. Traps unless it
    ///   is positive.
    public init(_ diffusion: Diffusion, solver: Solver, least: Double? = nil) {
        let own = diffusion.schedule.level(at: 1).ratio / diffusion.preconditioning.dataStd
        let least = least ?? (own > 0 ? own : Self.usualLeast)
        precondition(least > 0, "probability flow: least noise \(least)")
        (self.diffusion, self.solver, self.least) = (diffusion, solver, least)
    }

    /// The solver's and one more; nil for adaptive ones.
    public var evaluations: Int? { solver.evaluations.map { $0 + 1 } }

    private var dataStd: Double { diffusion.preconditioning.dataStd }
    private var angles: (first: Double, last: Double) {
        (atan(diffusion.schedule.level(at: 0).ratio / dataStd), atan(least))
    }

    private func level(at u: Double) -> NoiseLevel {
        let (first, last) = angles
        return diffusion.schedule.level(ratio: dataStd * tan(first + (last - first) * u))
    }

    /// dz/du at z [B, K] and u.
    public func velocity(_ net: any VelocityNet, _ parameters: Parameters) -> (_ z: Tensor, _ u: Double) -> Tensor {
        let (first, last) = angles
        return { z, u in
            let level = level(at: u)
            let factors = Preconditioning(.velocity, dataStd: dataStd).factors(at: level)
            let prediction = diffusion.predict(net, parameters, z / factors.input, level)
            return factors.said(prediction.data, prediction.noise) * (last - first)
        }
    }

    /// x(0) [B, K] to x(1) [B, K]; draws no noise.
    public func sample(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor,
        observe: ((SampleStep) -> Void)?
    ) -> Tensor {
        func input(_ level: NoiseLevel) -> Double { diffusion.preconditioning.factors(at: level).input }
        let (first, last) = (level(at: 0), level(at: 1))
        // The last state before the data is that at the least noise.
        let end = solver.integrate(
            start * input(first), velocity: velocity(net, parameters),
            observe: observe.map { see in
                { z, u in
                    let level = level(at: u)
                    see(SampleStep(time: level.time, state: z / input(level), noise: nil))
                }
            })
        let data = diffusion.predict(net, parameters, end / input(last), last).data
        observe?(SampleStep(time: 1, state: data, noise: nil))
        return data
    }
}
