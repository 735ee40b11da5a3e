import Generation
import ModelZoo
import Networks
import Testing

@testable import Laboratory

/// What a null stands for, and that the sampler which is made is the one that was named.
@Suite("Settings that depend on others")
struct SamplingConfigTests {
    private static let slots = "coordinates: {kind: slot-standardized}\n"

    @Test(
        "null is the process's usual method with its usual number of steps",
        arguments: [
            ("", SamplingConfig.Method.rk4, 100), ("sampling: {method: euler-maruyama}", .eulerMaruyama, 100),
            ("sampling: {method: dopri5}", .dormandPrince, nil),
            ("sampling: {method: dopri5, steps: 7}", .dormandPrince, 7),
            (slots + "process: {kind: ddpm, steps: 300}", .ancestral, 300),
            (slots + "process: {kind: ddpm, steps: 300}\nsampling: {method: ddim}", .ddim, 50),
            (slots + "process: {kind: ddpm, steps: 20}\nsampling: {method: ddim}", .ddim, 20),
            (slots + "process: {kind: ddpm, steps: 300}\nsampling: {method: heun}", .heun, 18),
            (slots + "process: {kind: ddpm, steps: 9}\nsampling: {method: heun}", .heun, 9),
            (slots + "process: {kind: ddpm, steps: 9}\nsampling: {method: rk4}", .rk4, 100),
            ("process: {kind: edm}", .heun, 18),
            ("process: {kind: edm}\nsampling: {method: ancestral}", .ancestral, 1000),
            ("process: {kind: edm}\nsampling: {method: ddim}", .ddim, 50), ("sampling: {method: heun}", .heun, 100),
        ] as [(String, SamplingConfig.Method, Int?)])
    func usual(_ yaml: String, _ method: SamplingConfig.Method, _ steps: Int?) throws {
        let config = try Small.settings(yaml)
        #expect(config.sampling.method(of: config.process.member) == method)
        #expect(config.sampling.steps(of: config.process.member) == steps)
    }

    /// A sampler as settings ask for it, of raw weights.
    private func sampler(_ yaml: String) throws -> any Sampler {
        let layout = Small.network.layout
        let parts = try Small.settings(yaml).parts(
            layout: layout, coordinates: RawCoordinates(parameterCount: layout.count), codeStd: 1)
        return try parts.sampler(try parts.source([]))
    }

    @Test(
        "every solver by name is that solver, of a flow and of a diffusion",
        arguments: [
            ("euler", Solver.Method.euler), ("midpoint", .midpoint), ("heun", .heun), ("rk4", .rk4),
            ("dopri5", .dormandPrince),
        ])
    func solvers(_ name: String, _ method: Solver.Method) throws {
        let settings = "coordinates: {kind: raw}\nsampling: {method: \(name), steps: 3}"
        let flow = try #require(sampler(settings) as? FlowSampler)
        #expect(flow.solver == Solver(method, steps: 3))
        guard method != .heun else {
            #expect(try sampler(settings + "\nprocess: {kind: edm}") is HeunDiffusionSampler)
            return
        }
        let diffusion = try #require(sampler(settings + "\nprocess: {kind: edm}") as? ProbabilityFlowSampler)
        #expect(diffusion.solver.method == method)
    }

    @Test(
        "a source's null deviation is 1 for codes of deviation 1, 0.01 for others, the end of a diffusion's noise",
        arguments: [
            ("", 0.01), ("coordinates: {kind: raw}", 0.01), ("coordinates: {standardize: true}", 1),
            (slots, 1), ("coordinates: {kind: orbit-standardized}", 1), ("coordinates: {kind: autoencoder}", 1),
            ("source: {std: 0.5}", 0.5), ("process: {kind: edm, sigmaMax: 40}", 40),
        ] as [(String, Double)])
    func deviation(_ yaml: String, _ expected: Double) throws {
        let layout = Small.network.layout
        let parts = try Small.settings(yaml).parts(
            layout: layout, coordinates: RawCoordinates(parameterCount: layout.count),
            codeStd: EDMConfig().dataStd)
        #expect((try parts.source([]) as? GaussianSource)?.std == expected)
    }

    @Test("untrained networks are drawn as the zoo's recipe says, unless a rule is given")
    func initialization() throws {
        let train = "zoo: {kind: train, initialization: xavier-normal}\n"
        #expect(try Small.settings(train).zoo.recipe?.initialization == .xavierNormal)
        func rule(_ yaml: String) throws -> Initialization? {
            let layout = Small.network.layout
            let parts = try Small.settings(yaml).parts(
                layout: layout, coordinates: RawCoordinates(parameterCount: layout.count), codeStd: 1)
            return (try parts.source([]) as? InitializationSource)?.initialization
        }
        #expect(try rule(train + "source: {kind: initialization}") == .xavierNormal)
        #expect(try rule(train + "source: {kind: initialization, method: he-normal}") == .heNormal)
    }

    @Test(
        "only fewer components than N - 1, and autoencoders, can lose anything of N networks",
        arguments: [
            ("coordinates: {components: 9}", false), ("coordinates: {components: 8}", true),
            ("coordinates: {components: 9, standardize: true}", false), ("coordinates: {kind: raw}", false),
            ("coordinates: {kind: orbit-standardized}", false), ("coordinates: {kind: input-directions}", true),
            ("coordinates: {kind: autoencoder}", true),
            ("coordinates: {kind: token-autoencoder}", true), ("coordinates: {kind: graph-autoencoder}", true),
        ])
    func lossy(_ yaml: String, _ expected: Bool) throws {
        #expect(try Small.settings(yaml).coordinates.member.isLossy(among: 10) == expected)
    }

    @Test(
        "the MLP's hidden layers are h, h/2, h, and h more where it is deeper",
        arguments: [
            ("{hidden: 64}", [64, 32, 64]), ("{hidden: 64, deeper: true}", [64, 64, 32, 64]),
            ("{hidden: 2}", [2, 1, 2]),
            ("{hidden: 7}", [7, 3, 7]),
        ])
    func widths(_ settings: String, _ expected: [Int]) throws {
        let config = try #require(try Small.settings("generator: \(settings)").net.member as? FlowMLP.Config)
        #expect(config.widths == expected)
    }
}
