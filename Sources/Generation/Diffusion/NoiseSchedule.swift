import Tensors

/// How a diffusion mixes noise in over time, which levels it trains on and which a sampler visits.
public protocol NoiseSchedule: Sendable {
    /// Standard deviation of x(0), the source; the data's share there is neglected.
    var startStd: Double { get }
    /// The level at time t in [0, 1]: 0 is the most noise.
    func level(at time: Double) -> NoiseLevel
    /// The level whose noise is `ratio` times its signal; the time told lies within the schedule's own, [0, 1],
    /// also where the ratio does not.
    func level(ratio: Double) -> NoiseLevel
    /// The levels of a sampler with `steps` steps, from the most noise to none: steps + 1 of them.
    func levels(steps: Int) -> [NoiseLevel]
    /// Random levels for a minibatch.
    func draw(_ count: Int, _ stream: inout RandomStream) -> [NoiseLevel]
}
