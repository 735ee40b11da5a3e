import Foundation
import Generation
import Networks
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

/// Settings that do not go together, and those that do.
@Suite("Combinations of settings")
struct ExperimentCombinationTests {
    /// Settings, the path that the one message names, and what it says.
    struct Refused: Sendable, CustomTestStringConvertible {
        let yaml: String
        let path: String
        let says: String
        var testDescription: String { "\(path): \(yaml)" }

        init(_ yaml: String, _ path: String, _ says: String) { (self.yaml, self.path, self.says) = (yaml, path, says) }
    }

    private static let slots = "coordinates: {kind: slot-standardized}\n"
    private static let small = "zoo: {kind: train, networks: {validation: 0}}\n"

    static let components: [Refused] = [
        Refused(
            "generator: {kind: neuron-transformer}", "coordinates.kind", "input-directions, slot-standardized or raw"),
        Refused(
            "generator: {kind: neuron-transformer}\ncoordinates: {kind: token-autoencoder}", "coordinates.kind",
            "neurons, which codes do not have"),
        Refused(slots + "generator: {kind: neuron-transformer, width: 10, heads: 4}", "generator", "width 10, heads 4"),
        Refused("generator: {kind: unet-1d, channels: [8, 12]}", "generator", "multiples of groups 8"),
        Refused("generator: {kind: unet-1d, kernel: 4}", "generator", "odd"),
        Refused("generator: {kind: residual-mlp, timeWidth: 5}", "generator", "even number"),
        Refused("coordinates: {kind: autoencoder, channels: [8, 12]}", "coordinates", "multiples of groups 8"),
        Refused("coordinates: {kind: token-autoencoder, heads: 3}", "coordinates", "not a divisor of width 128"),
        Refused("coordinates: {kind: graph-autoencoder, heads: 3}", "coordinates", "not a divisor of width 64"),
        Refused(
            "generator: {kind: neuron-transformer}\ncoordinates: {kind: graph-autoencoder}", "coordinates.kind",
            "neurons, which codes do not have"),
        Refused(
            "coordinates: {kind: autoencoder, klWeight: 1, latentNoise: 0.5}", "coordinates.latentNoise",
            "klWeight above 0"),
        Refused(
            "coordinates: {kind: autoencoder, training: {steps: 10, warmUp: 10}}", "coordinates.training.warmUp",
            "less than steps, 10"),
        Refused("training: {steps: 10, warmUp: 20}", "training.warmUp", "less than steps, 10"),
        Refused(small + "training: {patience: 3}", "training.patience", "zoo.networks.validation"),
        Refused(
            small + "coordinates: {kind: autoencoder, training: {patience: 3}}", "coordinates.training.patience",
            "zoo.networks.validation"),
        Refused("source: {kind: initialization}", "source.method", "zoo comes from a file"),
        Refused("evaluation: {noise: [0.1, 0.01, 1.0e-1]}", "evaluation.noise", "values that differ"),
        Refused("evaluation: {averages: [2, 2]}", "evaluation.averages", "values that differ"),
        Refused("evaluation: {recombinations: [4, 4]}", "evaluation.recombinations", "values that differ"),
        Refused("evaluation: {retrievalNoise: [1, 1.0]}", "evaluation.retrievalNoise", "values that differ"),
        Refused("evaluation: {selections: [4, 4]}", "evaluation.selections", "values that differ"),
        Refused(
            "{evaluation: {selections: [3]}, sampling: {count: 5}}", "evaluation.selections",
            "numbers that leave at least 2 of the 5 networks"),
    ]

    static let processes: [Refused] = [
        Refused("process: {kind: ddpm}", "coordinates.kind", "codes of standard deviation 1"),
        Refused("process: {kind: ddpm}\ncoordinates: {kind: raw}", "coordinates.kind", "process.kind: edm"),
        Refused(slots + "process: {kind: ddpm}\nsource: {kind: matched}", "source.kind", "where its noise ends"),
        Refused("process: {kind: edm}\nsource: {std: 2}", "source.kind", "std: null"),
        Refused("process: {kind: edm, sigmaMin: 3, sigmaMax: 2}", "process", "sigmaMin < sigmaMax"),
        Refused(slots + "process: {kind: ddpm, betaStart: 0.5, betaEnd: 0.1}", "process", "betaStart <= betaEnd"),
        Refused(
            slots + "process: {kind: ddpm, schedule: cosine, parameterization: data, betaEnd: 0.5}", "process.betaEnd",
            "not to be set"),
        Refused(slots + "process: {kind: ddpm, schedule: cosine}", "process.clip", "parameterization: velocity"),
        Refused(
            "process: {path: schrodinger-bridge, sigma: 0, coupling: {kind: sinkhorn}}", "process.sigma", "above 0"),
        Refused("process: {path: schrodinger-bridge}", "process.coupling.kind", "expected sinkhorn with path"),
        Refused(
            "process: {path: schrodinger-bridge, coupling: {kind: optimal-transport}}", "process.coupling.kind",
            "pairs of an entropic plan"),
        Refused(
            "process: {coupling: {kind: sinkhorn, relative: false}}", "process.coupling.regularization",
            "a number with relative: false"),
        Refused("process: {kind: edm, rho: 5}\nsampling: {method: rk4}", "process.rho", "spaces the levels of heun"),
        Refused("process: {kind: edm, rho: 5}\nsampling: {method: dopri5}", "process.rho", "not to be set"),
    ]

    static let samplers: [Refused] = [
        Refused(
            "sampling: {method: ancestral}", "sampling.method", "rk4, euler, midpoint, heun, dopri5, euler-maruyama"),
        Refused("process: {kind: edm}\nsampling: {method: euler-maruyama}", "sampling.method", "process.kind: edm"),
        Refused("sampling: {tolerance: 0.1}", "sampling.tolerance", "null with method: rk4"),
        Refused("sampling: {method: dopri5, steps: 5, tolerance: 0.1}", "sampling.tolerance", "null"),
        Refused("sampling: {eta: 1}", "sampling.eta", "null with method: rk4"),
        Refused(slots + "process: {kind: ddpm}\nsampling: {eta: 1}", "sampling.eta", "null with method: ancestral"),
        Refused("sampling: {strength: 1}", "sampling.strength", "null"),
        Refused("process: {kind: edm}\nsampling: {variance: posterior}", "sampling.variance", "null with method: heun"),
        Refused("sampling: {method: heun, churn: 1}", "sampling.churn", "null"),
        Refused(
            slots + "process: {kind: ddpm, steps: 50}\nsampling: {method: ddim, steps: 51}", "sampling.steps",
            "at most process.steps, 50"),
        Refused("sampling: {method: euler-maruyama}\nsource: {kind: matched}", "source.kind", "euler-maruyama"),
        Refused(
            "sampling: {method: euler-maruyama}\nprocess: {path: schrodinger-bridge, coupling: {kind: sinkhorn}}",
            "process.path", "another path"),
        Refused(
            "sampling: {method: euler-maruyama}\nprocess: {coupling: {kind: optimal-transport}}",
            "process.coupling.kind", "independent"),
    ]

    @Test(
        "What does not go together is refused with the key's path, the reason and nothing else",
        arguments: components + processes + samplers)
    func refused(_ wrong: Refused) throws {
        let error = #expect(throws: ConfigError.self) { try Small.settings(wrong.yaml) }
        let problems = try #require(error).problems
        #expect(problems.map(\.path) == [wrong.path])
        #expect(problems.first?.description.contains(wrong.says) == true, "\(problems)")
    }

    @Test(
        "What goes together is taken",
        arguments: [
            "generator: {kind: neuron-transformer}\ncoordinates: {kind: raw}",
            slots + "process: {kind: ddpm}\nsampling: {variance: forward}",
            slots + "process: {kind: ddpm, schedule: cosine, clip: 5}\nsampling: {method: ddim, eta: 1}",
            "coordinates: {standardize: true}\nprocess: {kind: ddpm, schedule: continuous}\nsampling: {steps: 2000}",
            "process: {kind: edm}\nsampling: {churn: 40}",
            "sampling: {method: dopri5, tolerance: 1.0e-3}",
            "sampling: {method: euler-maruyama, strength: 0.5}",
            "source: {kind: initialization, method: he-uniform}",
            "zoo: {kind: train}\nsource: {kind: initialization}\ntraining: {patience: 3}",
            "process: {path: schrodinger-bridge, sigma: 0.1, coupling: {kind: sinkhorn}}",
            "process: {coupling: {kind: sinkhorn, regularization: 0.1, relative: false}}",
            "process: {kind: edm, rho: 5}\nsampling: {method: ddim}",
            "process: {kind: edm, rho: 7, sigmaMin: 0.01}\nsampling: {method: rk4}",
        ])
    func taken(_ yaml: String) { #expect(throws: Never.self) { try Small.settings(yaml) } }

    @Test("A Sinkhorn plan's regularization follows the path: 2 sigma^2 of a bridge, else a twentieth of the mean cost")
    func regularization() throws {
        func coupling(_ yaml: String) throws -> Coupling {
            let flow = try #require(try Small.settings(yaml).process.member as? FlowConfig)
            return flow.coupling.along(Path(flow.path, sigma: flow.sigma))
        }
        let bridge = try coupling("process: {path: schrodinger-bridge, sigma: 0.5, coupling: {kind: sinkhorn}}")
        #expect(bridge == .sinkhorn(Sinkhorn(regularization: 0.5, isRelative: false)))
        let line = try coupling("process: {sigma: 0.5, coupling: {kind: sinkhorn}}")
        #expect(line == .sinkhorn(Sinkhorn(regularization: 0.05, isRelative: true)))
        let given = "coupling: {kind: sinkhorn, regularization: 0.1}"
        #expect(
            try coupling("process: {path: schrodinger-bridge, \(given)}")
                == .sinkhorn(Sinkhorn(regularization: 0.1, isRelative: true)))
    }

    @Test("A table of keys and its settings agree, for every kind of every section")
    func tables() { #expect(ConfigSchema(ExperimentConfig.self).discrepancies.isEmpty) }

    @Test("Networks whose tensors join three groups of neurons are refused by a net of neurons, and by no other")
    func unreadable() throws {
        let groups = (0..<3).map { SymmetryGroup(name: "g\($0)", size: 2, scaling: .none) }
        let slot = Slot(name: "w", offset: 0, shape: [2, 2, 2], role: .weight, axes: [0, 1, 2])
        let layout = ParameterLayout(slots: [slot], groups: groups)
        let error = try requireDataError { try NeuronTransformer.Config().check(layout) }
        #expect(error.kind == .configuration && error.path == "generator.kind" && error.hint.contains("flow-mlp"))
        #expect(throws: Never.self) { try FlowMLP.Config().check(layout) }
        #expect(throws: Never.self) { try NeuronTransformer.Config().check(Small.network.layout) }
    }
}
