import Basics
import Foundation
import Networks
import Tensors
import TestSupport
import Testing

@testable import ShiftDetection

@Suite("Perceptrons of an ensemble")
struct PerceptronConfigTests {
    private static let rows = CloudScene.points(24, classes: 2, seed: 1)

    private static var tiny: PerceptronConfig {
        var config = PerceptronConfig()
        (config.hidden, config.steps) = ([3], 4)
        return config
    }

    @Test("Widths go from the features through the hidden layers to the classes")
    func widths() {
        var config = PerceptronConfig()
        (config.hidden, config.activation) = ([5, 4], .tanh)
        let perceptron = config.perceptron(features: 7, classes: 3)
        #expect(perceptron.widths == [7, 5, 4, 3] && perceptron.activation == .tanh)
        #expect(perceptron.network.layout.count == 8 * 5 + 6 * 4 + 5 * 3)
    }

    @Test("Tables of keys say what is there, and what a network cannot have is refused")
    func keys() {
        #expect(ConfigSchema(PerceptronConfig.self).discrepancies.isEmpty)
        #expect(ConfigSchema(EnsemblesConfig.self).discrepancies.isEmpty)
        let schema = ConfigSchema(TrainedEnsemble.self)
        #expect(
            schema.defaultText(of: "count") == "200"
                && schema.defaultText(of: "network.activation") == "relu")
        let wrong: [(String, Tree)] = [
            ("count", 0), ("network.hidden", []), ("network.hidden", [0]), ("network.steps", 0),
            ("network.batch", 0),
            ("network.rate", 0), ("network.decay", -0.1), ("network.activation", "sine"),
        ]
        for (path, value) in wrong {
            var merge = ConfigMerge(schema)
            merge.apply([ConfigAssignment(path: path, value: value, origin: .option("--set"))])
            #expect(merge.problems.count == 1, "\(path) = \(value)")
        }
    }

    @Test("Networks are trained in groups, and none is the other for it")
    func groups() throws {
        let seeds = (0..<52).map { UInt64($0) * 3 + 1 }
        let ends = Ends()
        let all = try Self.tiny.train(
            on: Self.rows, seeds: seeds, purpose: "test",
            progress: WorkProgress { done, total in ends.pairs.append([done, total ?? -1]) })
        #expect(ends.pairs == [[50, 52], [52, 52]] && all.shape == [52, 3 * 3 + 4 * 2])
        for place in [0, 49, 50, 51] {
            let alone = try Self.tiny.train(on: Self.rows, seeds: [seeds[place]], purpose: "test")
            #expect(alone.floats == all.selected(axis: 0, place).floats, "network \(place)")
        }
    }

    @Test("Minibatches are drawn for a purpose; more rows than there are is all of them")
    func batches() throws {
        func weights(batch: Int, purpose: String = "test") throws -> [UInt64] {
            var config = Self.tiny
            config.batch = batch
            return try config.train(on: Self.rows, seeds: [1, 2], purpose: purpose).bits
        }
        #expect(try weights(batch: 24) == weights(batch: 65_536))
        #expect(try weights(batch: 5) == weights(batch: 5) && weights(batch: 5) != weights(batch: 24))
        #expect(try weights(batch: 5) != weights(batch: 5, purpose: "other"))
    }

    @Test("Who stops the work gets their own error back")
    func stopped() {
        struct Stop: Error {}
        let stop = WorkProgress { _, _ in throw Stop() }
        #expect(throws: Stop.self) {
            try Self.tiny.train(on: Self.rows, seeds: [1], purpose: "test", progress: stop)
        }
        #expect(throws: Stop.self) {
            var config = EnsemblesConfig()
            (config.trained.count, config.trained.network) = (2, Self.tiny)
            return try config.fit([.trained], to: Self.rows, seed: 0, progress: stop).count
        }
    }

    @Test(
        "Only the ensembles that are asked for are fitted, each as it is alone; progress counts them")
    func ensembles() throws {
        var config = EnsemblesConfig()
        (config.trained.count, config.trained.network) = (3, Self.tiny)
        (config.lastLayer.count, config.lastLayer.network) = (2, Self.tiny)
        let ends = Ends()
        let fitted = try config.fit(
            [.lastLayer, .trained], to: Self.rows, seed: 9,
            progress: WorkProgress { done, total in ends.pairs.append([done, total ?? -1]) })
        #expect(Set(fitted.keys) == [.trained, .lastLayer] && ends.pairs.last == [2, 2])
        #expect(ends.pairs.map { $0[0] } == ends.pairs.map { $0[0] }.sorted())
        let trained = try #require(fitted[.trained])
        #expect(try trained.weights.bits == config.trained.fit(Self.rows, seed: 9).weights.bits)
        #expect(
            trained.count == 3 && fitted[.lastLayer]?.count == 2 && trained.architecture.outputs == 2)
        let sums = trained.probabilities(Self.rows.features).sum(axes: [2])
        #expect(sums.shape == [3, 24] && sums.doubles.allSatisfy { abs($0 - 1) < 1e-12 })
        #expect(try config.fit([], to: Self.rows, seed: 9).isEmpty)
    }

    @Test("Sections have the names of their kinds; seeds are a network's and a kind's own")
    func kinds() throws {
        let text = String(decoding: try JSONEncoder().encode(EnsemblesConfig()), as: UTF8.self)
        for kind in EnsembleKind.allCases {
            #expect(text.contains("\"\(kind.rawValue)\":{"), "\(kind)")
            #expect(type(of: EnsemblesConfig()[kind]).kind == kind)
        }
        let seeds = EnsembleKind.allCases.flatMap { kind in (0..<50).map { kind.seed($0, of: 7) } }
        #expect(Set(seeds).count == 150 && EnsembleKind.trained.seed(3, of: 7) == seeds[3])
        #expect(EnsembleKind.trained.seed(3, of: 8) != seeds[3])
    }

    private final class Ends: @unchecked Sendable { var pairs: [[Int]] = [] }
}
