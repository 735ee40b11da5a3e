import Networks
import Tensors

/// A generator's process as Gaussian steps, so noisy that where a sample ends says nothing of where it started.
///
///     x' = A x + B net(c x, t) + o + d z,   z ~ N(0, I)
///
/// Steps from x = alpha x1 + sigma x0 to x' = alpha' x1 + sigma' x0 for x0 ~ N(m0, S), with what the net has of x1 and x0:
///
///     A x + B net = alpha' E[x1 | x] + n E[x0 | x],   n = alpha sigma'^2 / (alpha' sigma),   o = (sigma' - n) m0,
///     d^2 = (sigma'^2 - n^2) S + (alpha' - n alpha / sigma)^2 V,   V = s^2 sigma^2 S / (alpha^2 s^2 + sigma^2 S).
///
/// The first line is the mean of the process's own backward transition whatever the data are; V is Var[x1 | x] of data
/// N(m, s^2 I), so of such data the chain has the exact law at any number of steps, and of others in the limit of many.
/// Reference: Domingo-Enrich, Drozdzal, Karrer, Chen, Adjoint matching: fine-tuning flow and diffusion generative models
/// with memoryless stochastic optimal control, 2024, section 4.3: sigma_t^2 = 2 (1 - t) / t on the straight path, which is
/// the same process for small steps. Euler's steps of it need a regularised 1 / t and are off by some per cent at 50 steps
/// of N(2, 0.25); these steps have neither.
public struct MemorylessChain: Sendable {
    /// The steps in order, from the source to the data.
    public let steps: [Step]

    /// One step.
    public struct Step: Sendable {
        /// The time that the net is given.
        public let time: Double
        /// c, of x in what the net is given.
        public let input: Double
        /// A, of x.
        public let point: Double
        /// B, of what the net says.
        public let output: Double
        /// Of x, and of what the net says, in the predicted data E[x1 | x].
        public let data: (ofPoint: Double, ofOutput: Double)
        /// o, [] or [K].
        public let offset: Tensor
        /// d, [] or [K]; above zero.
        public let deviation: Tensor

        /// The mean of the step's end from x [B, K], of which the net says `said`.
        func mean(_ x: Tensor, _ said: Tensor) -> Tensor {
            x * point + said * output + offset.converted(to: x.precision)
        }
    }

    /// The process at one time: x = alpha x1 + sigma x0, of which the net is given c x and says data x1 + noise x0.
    struct Level: Sendable {
        var alpha: Double
        var sigma: Double
        var time: Double
        var input: Double
        var data: Double
        var noise: Double
    }

    /// The chain through levels with ever less noise, of which the first is noise alone, or nearly.
    ///
    /// - source: N(m, S), each [] or [K]; dataStd: s. Traps unless there are two levels and s > 0.
    init(_ levels: [Level], source: DiagonalGaussian, dataStd: Double) {
        precondition(levels.count >= 2 && dataStd > 0, "memoryless chain: \(levels.count) levels, data std \(dataStd)")
        let variance = source.std.converted(to: .double).square()
        steps = zip(levels, levels.dropFirst()).map { level, next in
            let (alpha, sigma, least) = (level.alpha, level.sigma, next.sigma)
            let kept = sigma > 0 ? alpha * least * least / (next.alpha * sigma) : 0
            // What the net says, solved for x1 and x0.
            let determinant = alpha * level.noise - sigma * level.data
            let point = (next.alpha * level.noise - kept * level.data) / determinant
            let output = (kept * alpha - next.alpha * sigma) / determinant
            let share = next.alpha - kept * alpha / sigma
            let unknown =
                variance * (dataStd * dataStd * sigma * sigma)
                / (variance * (sigma * sigma) + alpha * alpha * dataStd * dataStd)
            let square = variance * max(0, least * least - kept * kept) + unknown * (share * share)
            return Step(
                time: level.time, input: level.input, point: point, output: output,
                data: (level.noise / determinant, -sigma / determinant), offset: source.mean * (least - kept),
                deviation: square.sqrt().converted(to: .single))
        }
    }

    /// The mean of a step's end from x [B, K].
    func mean(_ net: any VelocityNet, _ parameters: Parameters, _ x: Tensor, _ step: Step) -> Tensor {
        step.mean(x, net(parameters, VelocityInput(x * step.input, at: step.time)))
    }

    /// x(0) [B, K] and the state after every step, with noise [B, K] by step.
    func states(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor
    ) -> [Tensor] {
        var states = [start]
        _ = sample(net, parameters, from: start, noise: noise) { states.append($0.state) }
        return states
    }
}

extension MemorylessChain: Sampler {
    /// One a step.
    public var evaluations: Int? { steps.count }

    /// x(0) [B, K] to x(1) [B, K].
    public func sample(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor,
        observe: ((SampleStep) -> Void)?
    ) -> Tensor {
        var x = start
        for (index, step) in steps.enumerated() {
            let drawn = noise(index)
            x = mean(net, parameters, x, step) + drawn * step.deviation.converted(to: x.precision)
            let time = index + 1 < steps.count ? steps[index + 1].time : 1
            observe?(SampleStep(time: time, state: x, noise: drawn))
        }
        return x
    }
}
