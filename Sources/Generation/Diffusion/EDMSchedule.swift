import Foundation
import Tensors

/// The noise levels of EDM: x = x1 + sigma eps, log sigma ~ N(logMean, logStd^2) in training, and
/// sigma_i = (sigmaMax^(1/rho) + i / (N - 1) (sigmaMin^(1/rho) - sigmaMax^(1/rho)))^rho, sigma_N = 0 in sampling.
///
/// The net is told t = log(sigmaMax / sigma) / log(sigmaMax / sigmaMin), in [0, 1] between the bounds: a linear
/// function of EDM's c_noise = log(sigma) / 4, so that nets are told times of one kind by flows and diffusions.
/// Reference: Karras, Aittala, Aila, Laine, Elucidating the design space of diffusion-based generative models, 2022,
/// eq. 5 and table 1.
public struct EDMSchedule: NoiseSchedule, Equatable {
    /// Bounds, spacing and training distribution.
    public let config: EDMConfig

    /// Traps unless the config has no problem.
    public init(_ config: EDMConfig) {
        precondition(config.problem == nil, "EDM: \(config.problem ?? "")")
        self.config = config
    }

    /// sigmaMax.
    public var startStd: Double { config.sigmaMax }

    private var range: Double { log(config.sigmaMax / config.sigmaMin) }

    /// Log sigma falls linearly in t; sigmaMin at t = 1.
    public func level(at time: Double) -> NoiseLevel {
        NoiseLevel(alpha: 1, sigma: config.sigmaMax * exp(-range * time), time: time)
    }

    /// sigma = ratio; beyond the bounds the time of the nearer one.
    public func level(ratio: Double) -> NoiseLevel {
        NoiseLevel(alpha: 1, sigma: ratio, time: min(max(time(of: ratio), 0), 1))
    }

    private func time(of sigma: Double) -> Double { sigma > 0 ? log(config.sigmaMax / sigma) / range : 1 }

    /// sigma_0 ... sigma_N. Traps unless steps >= 1.
    public func levels(steps: Int) -> [NoiseLevel] {
        precondition(steps >= 1, "EDM: \(steps) sampling steps")
        let (first, last) = (pow(config.sigmaMax, 1 / config.rho), pow(config.sigmaMin, 1 / config.rho))
        let span = Double(max(steps - 1, 1))
        let sigmas = (0..<steps).map { pow(first + Double($0) / span * (last - first), config.rho) } + [0]
        return sigmas.map(level(ratio:))
    }

    /// Log-normal sigmas. The few beyond the bounds are told as what they are, by times a little outside [0, 1].
    public func draw(_ count: Int, _ stream: inout RandomStream) -> [NoiseLevel] {
        stream.normal([count]).doubles.map {
            let sigma = exp(config.logMean + config.logStd * $0)
            return NoiseLevel(alpha: 1, sigma: sigma, time: time(of: sigma))
        }
    }
}
