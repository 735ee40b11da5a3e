import Basics
import Foundation
import Networks
import Tensors
import TestSupport
import Testing

@testable import ShiftDetection

@Suite("Ensembles fitted to T")
struct EnsembleTests {
    private static let rows = CloudScene.points(40, classes: 3, seed: 1)

    private static func small<Config: EnsembleConfig>(_ config: Config, count: Int = 3) -> Config {
        var config = config
        config.count = count
        return config
    }

    private static var trained: TrainedEnsemble {
        var config = small(TrainedEnsemble())
        config.network.hidden = [6]
        config.network.steps = 100
        return config
    }

    private static var lastLayer: LastLayerEnsemble {
        var config = small(LastLayerEnsemble())
        config.network = trained.network
        return config
    }

    private static var generated: GeneratedEnsemble {
        var config = small(GeneratedEnsemble())
        config.network = trained.network
        config.zoo = 8
        config.generator.training.steps = 10
        return config
    }

    static let all: [any EnsembleConfig] = [trained, lastLayer, generated]

    @Test("network i depends on the seed and i alone, at any number of threads", arguments: 0..<3)
    func determinism(_ place: Int) throws {
        func bits(_ config: some EnsembleConfig, _ count: Int, seed: UInt64 = 4) throws -> [UInt64] {
            try Self.small(config, count: count).fit(Self.rows, seed: seed, progress: .none).weights.bits
        }
        let config = Self.all[place]
        let runs = try ThreadCounts.results { try bits(config, 3) }
        #expect(runs.allSatisfy { $0 == runs[0] })
        #expect(Array(try bits(config, 5).prefix(runs[0].count)) == runs[0])
        #expect(try bits(config, 3, seed: 5) != runs[0])
    }

    @Test("networks learn the rows, and differ", arguments: 0..<2)
    func learn(_ place: Int) throws {
        let ensemble = try Self.all[place].fit(Self.rows, seed: 1, progress: .none)
        let mean = ensemble.probabilities(Self.rows.features).mean(axes: [0])
        #expect(zip(mean.argmax(), Self.rows.labels).count { $0 != $1 } < 8)
        #expect(Set((0..<3).map { ensemble.weights.selected(axis: 0, $0).floats }).count == 3)
    }

    @Test("a normal form of a zoo keeps every network's function")
    func alignment() throws {
        let ensemble = try Self.trained.fit(Self.rows, seed: 1)
        let aligned = ShiftEnsemble(
            architecture: ensemble.architecture,
            weights: try GeneratedEnsemble.aligned(ensemble.weights, layout: ensemble.architecture.layout))
        let (before, after) = (
            ensemble.probabilities(Self.rows.features), aligned.probabilities(Self.rows.features)
        )
        #expect(relativeDifference(before, after) < 1e-5)
        #expect(ensemble.weights.floats != aligned.weights.floats)
    }

    @Test("settings survive being written, and have no problems of their own")
    func settings() throws {
        var config = EnsemblesConfig()
        config.lastLayer.priorStd = 0.5
        config.generated.zoo = 17
        let data = try JSONEncoder().encode(config)
        #expect(try JSONDecoder().decode(EnsemblesConfig.self, from: data) == config)
        #expect(EnsemblesConfig().problems().isEmpty)
        #expect(Set(EnsembleKind.allCases.map { config[$0].count }).count == 1)
    }

    @Test("progress reaches its end")
    func progress() throws {
        for config in Self.all {
            let last = Last()
            _ = try config.fit(
                Self.rows, seed: 1, progress: WorkProgress { done, total in last.pair = [done, total ?? -1] })
            #expect(last.pair[0] == last.pair[1] && last.pair[0] > 0)
        }
    }

    private final class Last: @unchecked Sendable { var pair = [0, 1] }

    @Test("training that overflows is an error with a hint, not an ensemble")
    func divergence() {
        let wild = LabelledRows(features: .full([4, 2], 3e38), labels: [0, 1, 0, 1], classes: 2)
        for config in Self.all {
            #expect(throws: DataError.self) { try config.fit(wild, seed: 1, progress: .none) }
        }
    }
}
