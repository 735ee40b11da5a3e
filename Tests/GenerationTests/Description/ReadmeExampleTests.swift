import Foundation
import Generation
import Networks
import Tensors
import Testing
import TestSupport

/// The page's example, line by line: what is copied from it compiles and runs.
@Suite("The README's example")
struct ReadmeExampleTests {
    /// The example's lines stand between the two marks; `weights` and `config` are the reader's.
    private static func example(_ weights: Tensor, _ config: TrainingConfig) -> Tensor? {
        // example
        guard let coordinates = PrincipalCoordinates(fitting: weights, components: 9) else { return nil }
        let codes = coordinates.encode(weights)
        let net = ResidualMLP(dimension: codes.shape[1])
        let source = GaussianSource(dimension: codes.shape[1], std: 1)
        let objective = FlowObjective(
            source: source, path: Path(.linear, sigma: 0), coupling: .optimalTransport,
            times: .logitNormal(mean: 0, std: 1))
        let training = GeneratorTraining(config: config, net: net, objective: objective, seed: 1)
        var state = training.start()
        let outcome = training.run(&state, codes: codes) { step in true }
        let generator = Generator(
            coordinates: coordinates, net: net, parameters: state.samplingParameters, source: source,
            sampler: FlowSampler(solver: Solver(.rk4, steps: 50)))
        let samples = generator.sample(0..<100, seed: 2).weights
        // end
        _ = outcome
        return samples
    }

    @Test("it gives a hundred networks")
    func runs() throws {
        var config = TrainingConfig()
        config.steps = 2
        config.batch = 4
        let samples = try #require(Self.example(normalDoubles([12, 30]).converted(to: .single), config))
        #expect(samples.shape == [100, 30] && samples.isFinite)
    }

    @Test("it stands in the README as it stands here")
    func sameText() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let page = try String(contentsOf: root.appending(path: "Sources/Generation/README.md"), encoding: .utf8)
        let own = try String(contentsOf: URL(filePath: #filePath), encoding: .utf8)
        let lines = own.split(separator: "\n", omittingEmptySubsequences: false)
        let first = try #require(lines.firstIndex { $0 == "        // example" })
        let last = try #require(lines.firstIndex { $0 == "        // end" })
        let text = lines[(first + 1)..<last].map { $0.dropFirst(4) }.joined(separator: "\n")
            .replacingOccurrences(of: "else { return nil }", with: "else { return }")
        #expect(page.contains(text))
    }
}
