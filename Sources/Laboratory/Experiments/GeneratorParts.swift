import Basics
import Generation
import Networks
import Tensors

/// A generator's parts as an experiment's settings ask for them.
struct GeneratorParts {
    let config: ExperimentConfig
    /// Where the networks' weights lie.
    let layout: ParameterLayout
    let coordinates: any StoredCoordinates
    /// Root mean square of the training networks' codes.
    let codeStd: Double

    /// Takes them. Throws `DataError` where no process can be made of codes of that width.
    init(
        config: ExperimentConfig, layout: ParameterLayout, coordinates: any StoredCoordinates, codeStd: Double
    ) throws {
        try config.process.check(codeStd: codeStd)
        (self.config, self.layout, self.coordinates, self.codeStd) = (config, layout, coordinates, codeStd)
    }

    /// The diffusion; nil for a flow.
    private var diffusion: Diffusion? { config.process.diffusion(codeStd: codeStd) }

    /// The net, untrained.
    var net: any VelocityNet { config.generator.net(dimension: coordinates.dimension, layout: layout) }

    /// The source fitted to training networks [N, D]. Throws `DataError` where they are not finite.
    func source(_ weights: Tensor) throws -> any Source {
        switch config.source {
        case .matched(let matched):
            return MatchedSource(fitting: weights, layout: layout, scale: matched.scale, coordinates: coordinates)
        case .fitted:
            guard let source = FittedGaussianSource(fitting: coordinates.encode(weights)) else {
                throw DataError(.malformed, path: "source", expected: "codes that are finite", found: "others")
            }
            return source
        case .perturbed(let noise): return PerturbedSource(members: coordinates.encode(weights), std: noise.std)
        case .gaussian, .initialization: return try source([])
        }
    }

    /// The source from recorded tensors. Throws `DataError` where they are not its own.
    func source(_ tensors: [NamedTensor]) throws -> any Source {
        let (dimension, count) = (coordinates.dimension, coordinates.parameterCount)
        func find(_ name: String, _ fits: (Tensor) -> Bool) throws -> Tensor {
            guard let value = tensors.first(where: { $0.name == name })?.value, fits(value), value.isFinite else {
                throw DataError(
                    .malformed, path: "source", expected: "\(name) for codes of \(dimension)",
                    found: tensors.map { "\($0.name) \($0.value.shape)" }.joined(separator: ", "))
            }
            return value
        }
        switch config.source {
        case .gaussian(let gaussian):
            let std = diffusion?.startStd ?? gaussian.std ?? config.usualSourceStd
            return GaussianSource(dimension: dimension, std: std)
        case .initialization(let untrained):
            return InitializationSource(
                untrained.method ?? config.recipeInitialization, layout: layout, coordinates: coordinates)
        case .matched:
            return MatchedSource(
                mean: try find("source_mean") { $0.shape == [count] }, std: try find("source_std") { $0.shape == [count] },
                coordinates: coordinates)
        case .fitted:
            return FittedGaussianSource(
                mean: try find("source_mean") { $0.shape == [dimension] },
                factor: try find("source_factor") { $0.rank == 2 && $0.shape[1] == dimension })
        case .perturbed(let noise):
            return PerturbedSource(
                members: try find("source_members") { $0.rank == 2 && $0.shape[0] > 0 && $0.shape[1] == dimension },
                std: noise.std)
        }
    }

    /// What the net learns.
    func objective(_ source: any Source) -> any Objective {
        guard case .flow(let flow) = config.process else { return diffusion ?? Diffusion(DDPMConfig()) }
        let path = Path(flow.path, sigma: flow.sigma)
        return FlowObjective(
            source: source, path: path, coupling: flow.coupling.coupling(along: path), times: flow.times.distribution)
    }

    /// How samples are drawn with the trained net.
    func sampler(_ source: any Source) -> any Sampler {
        let sampling = config.sampling
        let (method, steps) = (sampling.method(of: config.process), sampling.steps(of: config.process) ?? 100)
        switch (method, diffusion, config.process) {
        case (.ancestral, let diffusion?, _):
            return AncestralSampler(diffusion, steps: steps, variance: sampling.variance ?? .posterior)
        case (.ddim, let diffusion?, _): return DDIMSampler(diffusion, steps: steps, eta: sampling.eta ?? 0)
        case (.heun, let diffusion?, _):
            var churn = Churn()
            churn.strength = sampling.churn ?? 0
            return HeunDiffusionSampler(diffusion, steps: steps, churn: churn)
        case (.eulerMaruyama, _, .flow(let flow)):
            return EulerMaruyama(
                path: Path(flow.path, sigma: flow.sigma), steps: steps, strength: sampling.strength ?? 1,
                std: (source as? GaussianSource)?.std ?? 1)
        case (_, let diffusion?, _): return ProbabilityFlowSampler(diffusion, solver: solver)
        default: return FlowSampler(solver: solver)
        }
    }

    /// The solver of a flow, or of a diffusion's probability flow.
    private var solver: Solver {
        let method = Solver.Method(rawValue: config.sampling.method(of: config.process).rawValue) ?? .rk4
        if let steps = config.sampling.steps(of: config.process) { return Solver(method, steps: steps) }
        let tolerance = config.sampling.tolerance ?? Tolerance().relative
        return Solver(adaptive: Tolerance(relative: tolerance, absolute: tolerance))
    }

    /// The generator with trained weights [net.layout.count].
    func generator(_ parameters: Tensor, _ source: any Source) -> Generator {
        Generator(
            coordinates: coordinates, net: net, parameters: parameters, source: source, sampler: sampler(source))
    }
}

extension ExperimentConfig {
    /// How the zoo's recipe draws untrained weights; He's uniform rule where the zoo came from a file.
    var recipeInitialization: Initialization {
        zoo.recipe?.initialization ?? .heUniform
    }
}
