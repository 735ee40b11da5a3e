import Basics
import Generation

extension ExperimentConfig {
    /// What does not go together: each with the reason and what to set.
    func combinationProblems() -> [ConfigProblem] {
        sampling.problems(with: process).under("sampling") + netProblems() + sourceProblems() + diffusionProblems()
            + stochasticProblems() + spacingProblems() + evaluationProblems().under("evaluation")
    }

    /// Every baseline is a row of its own.
    private func evaluationProblems() -> [ConfigProblem] {
        var problems: [ConfigProblem] = []
        func distinct<Value: Hashable>(_ key: String, _ values: [Value]) {
            guard Set(values).count < values.count else { return }
            problems.append(ConfigProblem(key, expected: "values that differ", found: "\(values)"))
        }
        distinct("noise", evaluation.noise)
        distinct("averages", evaluation.averages)
        return problems
    }

    /// A net that knows the layout takes weights in their places.
    private func netProblems() -> [ConfigProblem] {
        guard generator.needsPlaces, !coordinates.keepsPlaces else { return [] }
        return [
            ConfigProblem(
                "coordinates.kind",
                expected: "orbit-standardized, slot-standardized or raw with generator.kind: neuron-transformer",
                found: coordinates.shortName, hint: "its tokens are neurons, which codes do not have")
        ]
    }

    /// A diffusion has a source of its own; untrained networks need a rule.
    private func sourceProblems() -> [ConfigProblem] {
        if process.kind != "flow", source != SourceConfig() {
            return [
                ConfigProblem(
                    "source.kind", expected: "gaussian with std: null with process.kind: \(process.kind)",
                    found: "another source", hint: "a diffusion starts where its noise ends")
            ]
        }
        if case .initialization(let untrained) = source, untrained.method == nil {
            if zoo.recipe != nil { return [] }
            return [
                ConfigProblem(
                    "source.method", expected: "how untrained weights are drawn, as the zoo comes from a file",
                    found: "null")
            ]
        }
        return []
    }

    /// Ho et al.'s chain ends in N(0, I) only for codes of unit width.
    private func diffusionProblems() -> [ConfigProblem] {
        guard case .ddpm = process, !coordinates.isStandardized else { return [] }
        return [
            ConfigProblem(
                "coordinates.kind", expected: "codes of standard deviation 1 with process.kind: ddpm",
                found: coordinates.shortName,
                hint: "pca with standardize: true, or standardised weights; or process.kind: edm")
        ]
    }

    /// Solvers walk a diffusion's probability flow in even angles.
    private func spacingProblems() -> [ConfigProblem] {
        guard case .edm(let edm) = process, edm.config.rho != EDMConfig().rho else { return [] }
        let method = sampling.method(of: process)
        guard ![.heun, .ancestral, .ddim].contains(method) else { return [] }
        return [
            ConfigProblem(
                "process.rho", expected: "not to be set with sampling.method: \(method.rawValue)",
                found: "\(edm.config.rho)", hint: "it spaces the levels of heun, ancestral and ddim")
        ]
    }

    /// A flow's velocity tells its score only where an independent Gaussian starts it.
    private func stochasticProblems() -> [ConfigProblem] {
        guard case .flow(let flow) = process, sampling.method == .eulerMaruyama else { return [] }
        var problems: [ConfigProblem] = []
        if case .gaussian = source {} else {
            problems.append(
                ConfigProblem("source.kind", expected: "gaussian with method: euler-maruyama", found: "another source"))
        }
        if flow.path == .schrodingerBridge {
            problems.append(
                ConfigProblem(
                    "process.path", expected: "another path with method: euler-maruyama", found: flow.path.rawValue,
                    hint: "and process.coupling: {kind: independent}"))
        } else if flow.coupling != .independent {
            problems.append(
                ConfigProblem(
                    "process.coupling.kind", expected: "independent with method: euler-maruyama", found: "another"))
        }
        return problems
    }

    /// Standard deviation of a Gaussian source with `std: null`.
    var usualSourceStd: Double { coordinates.isStandardized ? 1 : 0.01 }
}
