/// How much noise EDM's stochastic sampler adds before a step (S_churn, S_tmin, S_tmax, S_noise).
///
/// Reference: Karras, Aittala, Aila, Laine, Elucidating the design space of diffusion-based generative models, 2022,
/// algorithm 2.
public struct Churn: Codable, Sendable, Equatable {
    /// Over all steps; 0 makes the sampler deterministic.
    public var strength = 0.0
    /// Least sigma / alpha at which noise is added.
    public var from = 0.0
    /// Largest; nil for no bound.
    public var to: Double?
    /// Standard deviation of what is added, relative to what would keep the noise right.
    public var noise = 1.0

    /// None.
    public init() {}

    /// By what the noise at a ratio grows, in a sampler of `steps` steps: 1 + min(strength / steps, sqrt(2) - 1).
    func growth(at ratio: Double, steps: Int) -> Double {
        guard ratio >= from, ratio <= to ?? .infinity else { return 1 }
        return 1 + min(strength / Double(steps), 2.0.squareRoot() - 1)
    }
}
