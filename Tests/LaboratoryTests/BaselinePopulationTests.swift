import Evaluation
import Generation
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory
@testable import Reports

/// Which baselines a run judges, under which names.
@Suite("Baselines of a run")
struct BaselinePopulationTests {
    private func baselines(_ evaluation: String) throws -> [Population] {
        let scratch = try ScratchFolder()
        let folder = try RunFolder(
            at: scratch.file("run"), config: .map(Tree.Map()),
            environment: RunEnvironment(version: "0", kernelSet: "baseline", threads: 1))
        let run = ExperimentRun(
            arm: "main", config: try Small.settings("evaluation: \(evaluation)"), folder: folder,
            catalog: Small.catalog,
            zoos: SharedZoos(folder: scratch.file("zoos")), reporter: SilentProgress())
        let zoo = Small.zoo(8).population()
        let source = BaselineSource(weights: zoo, codes: zoo, seed: run.seed, nearest: [0, 1])
        let coordinates = RawCoordinates(parameterCount: zoo.shape[1])
        return Baseline.all(run.config.evaluation.baselines, from: source)
            .filter { $0 != .retrievalNoise(sigma: 0.1) }
            .compactMap { baseline in
                guard case .made(let population) = run.members(of: baseline, source, coordinates) else { return nil }
                return population
            }
    }

    @Test("noise of every level, averages of as many as there are, both Gaussians, all as large as was asked for")
    func all() throws {
        let populations = try baselines("{noise: [0.5, 2], averages: [2, 8, 9], baselineCount: 5}")
        #expect(
            populations.map(\.kind.what) == [
                "noise-0.5", "noise-2.0", "average-2", "average-8", "gaussian-diagonal", "gaussian-full",
            ])
        #expect(Set(populations.map(\.kind.label)).count == 6)
        #expect(populations.allSatisfy { $0.weights.shape == [5, Small.network.layout.count] && $0.lost == 0 })
        #expect(populations.allSatisfy { $0.kind.isRival }, "each may be a generator's rival")
    }

    @Test("only what was drawn as codes has codes, which decode to its weights")
    func codes() throws {
        for population in try baselines("{noise: [1], averages: [2], baselineCount: 3}") {
            let isDrawn = [.baseline(.gaussianDiagonal), .baseline(.gaussianFull)].contains(population.kind)
            #expect(
                (population.codes != nil) == isDrawn
                    && (!isDrawn || population.codes?.floats == population.weights.floats))
        }
    }

    @Test("baselines are as large as the generated population where nothing is said")
    func followed() throws {
        let populations = try baselines("{noise: [1], averages: [2]}\nsampling: {count: 9}")
        #expect(populations.count == 4 && populations.allSatisfy { $0.weights.shape[0] == 9 })
    }

    @Test("no noise and no averages leave the Gaussians")
    func fewest() throws {
        #expect(
            try baselines("{noise: [], averages: [], baselineCount: 2}").map(\.kind.what)
                == ["gaussian-diagonal", "gaussian-full"])
    }
}
