import Networks
import Tensors

/// What else climbs a reward without learning anything: the methods that tuning must be compared with at equal cost.
public struct RewardRivals: Sendable {
    /// The untuned generator.
    public let generator: Generator
    /// Its process.
    public let chain: MemorylessChain
    /// The reward.
    public let reward: any Reward
    /// Key of the samples.
    public let seed: UInt64

    /// Puts the parts together.
    public init(_ generator: Generator, chain: MemorylessChain, reward: any Reward, seed: UInt64) {
        (self.generator, self.chain, self.reward, self.seed) = (generator, chain, reward, seed)
    }

    /// The rewards of codes [P, K], a block at a time.
    public func rewards(_ codes: Tensor) -> [Double] {
        inBlocks(codes.shape[0]) { rows in
            reward(generator.coordinates.decode(codes.sliced(axis: 0, rows))).doubles
        }
    }

    /// Of n samples each the one with the most reward, `count` times: codes [count, K]. Samples i n ..< (i + 1) n of the seed
    /// compete for place i, so that places are independent of each other.
    ///
    /// The law of the best of n differs from the base's by log n - (n - 1) / n in relative entropy, a tilt of strength s on
    /// a Gaussian reward by s^2 / 2. Traps unless n and count are positive.
    public func bestOf(_ n: Int, count: Int) -> Tensor {
        precondition(n >= 1 && count >= 1, "best of \(n), \(count) times")
        let places = max(1, Generator.block / n)
        let chosen = stride(from: 0, to: count, by: places).map { first -> Tensor in
            let last = min(count, first + places)
            let codes = generator.sample((first * n)..<(last * n), seed: seed).codes
            let found = rewards(codes)
            let best = (0..<(last - first)).map { place -> Int32 in
                let rivals = (place * n)..<((place + 1) * n)
                // A reward that is no number is never the best.
                return Int32(
                    rivals.max {
                        (found[$0].isNaN ? -.infinity : found[$0]) < (found[$1].isNaN ? -.infinity : found[$1])
                    }
                        ?? rivals.lowerBound)
            }
            return codes.gathered(axis: 0, best)
        }
        return .concatenate(chosen, axis: 0)
    }

    /// Samples [P, K] moved by steps of Adam along the reward's own gradient: further training, away from what the generator
    /// has learnt. Costs no evaluation of the net, and a gradient of the reward a step and sample.
    public func ascended(_ codes: Tensor, steps: Int, rate: Double) -> Tensor {
        let ends = inBlocks(codes.shape[0]) { rows -> [Tensor] in
            var x = codes.sliced(axis: 0, rows)
            var optimizer = AdamW(shape: x.shape)
            let plain = CodeReward(reward: reward, coordinates: generator.coordinates, strength: 1)
            for _ in 0..<steps { optimizer.update(&x, along: -plain.gradient(at: x).gradient, rate: rate) }
            return [x]
        }
        return .concatenate(ends, axis: 0)
    }

    /// The generator guided by the reward's gradient (`GuidedChain`), which counts `strength` times.
    public func guided(_ strength: Double) -> Generator {
        let guide = CodeReward(reward: reward, coordinates: generator.coordinates, strength: strength)
        return Generator(
            coordinates: generator.coordinates, net: generator.net, parameters: generator.parameters,
            source: generator.source, sampler: GuidedChain(chain: chain, reward: guide))
    }

    /// What a closure gives for rows of a block each, in order.
    private func inBlocks<Item>(_ count: Int, _ body: (Range<Int>) -> [Item]) -> [Item] {
        stride(from: 0, to: count, by: Generator.block).flatMap { body($0..<min(count, $0 + Generator.block)) }
    }
}

/// Steps of a memoryless chain, each moved along the gradient of the reward of what the net predicts from there:
///
///     x' = mu(x) + d^2 grad_x r(E[x1 | x]) + d z.
///
/// Exact in the limit of small steps for linear rewards of Gaussians, and no more than a guess for others: the reward of
/// the mean stands for the mean of exp(r). Two evaluations of the net a step, and a gradient of the reward.
/// Reference: Chung, Kim, McCann, Klasky, Ye, Diffusion posterior sampling for general noisy inverse problems, 2023, for
/// the gradient at the predicted data; the factor here is that of the optimal control.
struct GuidedChain: Sampler {
    let chain: MemorylessChain
    let reward: CodeReward

    var evaluations: Int? { 2 * chain.steps.count }

    func sample(
        _ net: any VelocityNet, _ parameters: Parameters, from start: Tensor, noise: (_ step: Int) -> Tensor,
        observe: ((SampleStep) -> Void)?
    ) -> Tensor {
        var x = start
        for (index, step) in chain.steps.enumerated() {
            let (said, pull) = pullback(at: x) { net(parameters, VelocityInput($0 * step.input, at: step.time)) }
            let wanted = reward.gradient(at: x * step.data.ofPoint + said * step.data.ofOutput).gradient
            let push = wanted * step.data.ofPoint + pull(wanted * step.data.ofOutput)
            let deviation = step.deviation.converted(to: x.precision)
            let drawn = noise(index)
            x = step.mean(x, said) + push * deviation.square() + drawn * deviation
            let time = index + 1 < chain.steps.count ? chain.steps[index + 1].time : 1
            observe?(SampleStep(time: time, state: x, noise: drawn))
        }
        return x
    }
}
