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
