import Tensors

/// What a net is given and what it says at a noise level: p = a x1 + b eps, seen from x = alpha x1 + sigma eps.
///
/// Both are one linear system in x1 and eps, so every parameterization converts into every other exactly:
///
///     x1 = (b x - sigma p) / d,   eps = (alpha p - a x) / d,   d = alpha b - sigma a,
///
/// which is the form D(x) = skip x + out p(in x, t) of Karras et al. (Elucidating the design space of diffusion-based
/// generative models, 2022, eq. 7 and table 1) with skip = b / d, out = -sigma / d. Their VP preconditioning is
/// `noise`, theirs is `velocity` (with the other sign of the net), both at alpha = 1. The least-squares loss of the
/// net is unweighted: for EDM that is lambda = 1 / out^2, for noise Ho et al.'s simple loss.
public struct Preconditioning: Sendable, Equatable {
    /// What the net says.
    public let parameterization: Parameterization
    /// Standard deviation of the data, s.
    public let dataStd: Double

    /// Traps unless dataStd > 0.
    public init(_ parameterization: Parameterization, dataStd: Double = 1) {
        precondition(dataStd > 0, "preconditioning: data std \(dataStd)")
        (self.parameterization, self.dataStd) = (parameterization, dataStd)
    }

    /// The factors at a level.
    public func factors(at level: NoiseLevel) -> Factors {
        let (alpha, sigma) = (level.alpha, level.sigma)
        let norm = (alpha * alpha * dataStd * dataStd + sigma * sigma).squareRoot()
        let (data, noise): (Double, Double) =
            switch parameterization {
            case .noise: (0, 1)
            case .data: (1, 0)
            case .velocity: (-sigma / (dataStd * norm), alpha * dataStd / norm)
            }
        return Factors(level: level, input: 1 / norm, data: data, noise: noise)
    }

    /// The factors of a preconditioning at one level.
    public struct Factors: Sendable, Equatable {
        let level: NoiseLevel
        /// Of x in what the net is given, so that it has unit variance.
        public let input: Double
        /// a, of x1 in what the net says.
        public let data: Double
        /// b, of eps.
        public let noise: Double

        private var determinant: Double { level.alpha * noise - level.sigma * data }
        /// Of x in the predicted data.
        public var skip: Double { noise / determinant }
        /// Of what the net says in the predicted data.
        public var out: Double { -level.sigma / determinant }

        /// What the net should say, [B, K], of data and noise [B, K].
        public func said(_ x1: Tensor, _ eps: Tensor) -> Tensor { x1 * data + eps * noise }

        /// Data and noise, each [B, K], of a point x and what the net says there. Traps at sigma = 0 for a net that
        /// says the data: nothing tells the noise there.
        public func prediction(at x: Tensor, _ said: Tensor) -> Prediction {
            precondition(determinant != 0, "preconditioning: no noise at this level, and the net says the data")
            return Prediction(
                data: x * skip + said * out,
                noise: said * (level.alpha / determinant) - x * (data / determinant))
        }
    }
}

/// What a net says about x = alpha x1 + sigma eps.
public enum Parameterization: String, Codable, Sendable, CaseIterable {
    /// eps (Ho, Jain, Abbeel, Denoising diffusion probabilistic models, 2020).
    case noise
    /// x1.
    case data
    /// The v of Salimans and Ho (Progressive distillation for fast sampling of diffusion models, 2022):
    /// (alpha s eps - sigma x1 / s) / sqrt(alpha^2 s^2 + sigma^2) for data of standard deviation s, which is
    /// alpha eps - sigma x1 where variance is preserved and s = 1. Its variance is 1 at every level.
    case velocity
}

/// What a point of a diffusion is made of, as a net has it: x = alpha data + sigma noise.
public struct Prediction: Sendable {
    /// x1, [B, K].
    public let data: Tensor
    /// eps, [B, K].
    public let noise: Tensor

    /// The same with data within +-limit, and the noise that x at this level then must hold.
    func clamped(to limit: Double, at x: Tensor, _ level: NoiseLevel) -> Prediction {
        let bounded = data.clamped(to: -limit...limit)
        return Prediction(data: bounded, noise: (x - bounded * level.alpha) / level.sigma)
    }
}
