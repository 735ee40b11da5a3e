import Basics

/// The settings of a diffusion; all kinds share their samplers.
public protocol DiffusionConfig: ProcessConfig {
    /// The diffusion for codes of a root mean square. Throws where `check` does.
    func diffusion(codeStd: Double) throws -> Diffusion
}

extension DiffusionConfig {
    /// It is.
    public var isDiffusion: Bool { true }

    /// Where the noise ends.
    public func startStd(codeStd: Double) throws -> Double? { try diffusion(codeStd: codeStd).startStd }

    /// The diffusion itself, whatever the source.
    public func objective(_ source: any Source, codeStd: Double) throws -> any Objective {
        try diffusion(codeStd: codeStd)
    }

    /// The reverse chain, the implicit sampler, Karras et al.'s, or the probability flow by a solver.
    public func sampler(_ sampling: SamplingConfig, _ source: any Source, codeStd: Double) throws -> any Sampler {
        let diffusion = try diffusion(codeStd: codeStd)
        switch sampling.method(of: self) {
        case .ancestral:
            return AncestralSampler(
                diffusion, steps: try sampling.fixedSteps(of: self), variance: sampling.variance ?? .posterior)
        case .ddim:
            return DDIMSampler(diffusion, steps: try sampling.fixedSteps(of: self), eta: sampling.eta ?? 0)
        case .solver(.heun):
            var churn = Churn()
            churn.strength = sampling.churn ?? 0
            return HeunDiffusionSampler(diffusion, steps: try sampling.fixedSteps(of: self), churn: churn)
        case .solver(let method):
            return ProbabilityFlowSampler(diffusion, solver: sampling.solver(method, of: self))
        case .eulerMaruyama: throw sampling.notOf(self)
        }
    }
}
