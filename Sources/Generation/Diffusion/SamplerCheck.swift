import Basics
import Networks
import Tensors

/// What the best net says where codes are N(0, std^2), in one dimension: E[x1 | x] and E[eps | x] are linear in x.
///
/// With it a sampler's own error shows, before any net is trained: all that its samples miss is its steps.
struct NormalDenoiser: VelocityNet {
    let layout: ParameterLayout
    let dimension = 1
    private let diffusion: Diffusion

    init(_ diffusion: Diffusion) {
        var builder = ParameterLayout.Builder()
        _ = builder.addSlot("none", shape: [1], role: .bias)
        (layout, self.diffusion) = (builder.layout(), diffusion)
    }

    func initialParameters(seed: UInt64) -> Tensor { .zeros([1]) }

    func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
        let level = diffusion.schedule.level(at: input.t.doubles.first ?? 0)
        let factors = diffusion.preconditioning.factors(at: level)
        let (x, std) = (input.x / factors.input, diffusion.preconditioning.dataStd)
        let variance = level.alpha * level.alpha * std * std + level.sigma * level.sigma
        return factors.said(x * (level.alpha * std * std / variance), x * (level.sigma / variance))
    }
}

extension DiffusionConfig {
    /// Most steps that are looked at; more are enough.
    private static var mostChecked: Int { 500 }
    /// The share of the data's deviation that a sampler may miss without a word.
    private static var allowance: Double { 0.1 }

    /// A sentence where the steps are too few to give codes their spread even with a perfect net, or nil.
    ///
    /// The sampler is run on an exact denoiser of normal codes; being linear, its samples' deviation is that of its
    /// responses to the start and to the noise of each step. Adaptive steps look after themselves.
    public func doubt(_ sampling: SamplingConfig, codeStd: Double) throws -> String? {
        guard let steps = sampling.steps(of: self), steps <= Self.mostChecked else { return nil }
        let own = try diffusion(codeStd: codeStd)
        let free = Diffusion(schedule: own.schedule, preconditioning: own.preconditioning)
        let net = NormalDenoiser(free), rows = steps + 2
        func unit(_ row: Int, _ scale: Double) -> Tensor {
            Tensor((0..<rows).map { $0 == row ? scale : 0 }, shape: [rows, 1])
        }
        let ends = try sampler(sampling, of: free).sample(
            net, Parameters(layout: net.layout, flat: net.initialParameters(seed: 0)), from: unit(1, free.startStd)
        ) { unit(2 + $0, 1) }.doubles
        let share = ends.reduce(0) { $0 + $1 * $1 }.squareRoot() / free.preconditioning.dataStd
        guard !(abs(share - 1) <= Self.allowance) else { return nil }
        return
            "\(steps) steps of \(sampling.method(of: self).rawValue) are too few: with a perfect net the samples would "
            + "have \((share * 100).rounded() / 100) of the codes' spread; set sampling.steps to more"
    }
}
