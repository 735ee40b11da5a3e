import Basics
import Tensors
import TestSupport
import Testing

@testable import ShiftDetection

@Suite("D3M")
struct D3MTests {
    /// Probabilities [M, n, 2] of networks that predict these classes.
    private static func saying(_ predictions: [[Int32]]) -> Tensor {
        let rows = predictions.flatMap { $0 }
        return Tensor.oneHot(rows, classes: 2, precision: .double).reshaped([
            predictions.count, predictions[0].count, 2,
        ])
    }

    /// Rows of which the model says class 0, and networks these classes.
    private static func rows(_ predictions: [[Int32]], _ kind: EnsembleKind = .lastLayer) -> ShiftRows {
        let count = predictions[0].count
        return ShiftRows(
            features: nil,
            probabilities: Tensor.oneHot([Int32](repeating: 0, count: count), classes: 2, precision: .double),
            ensembles: [kind: saying(predictions)])
    }

    private static func values(
        _ samples: [[Int]], _ pool: ShiftRows, _ model: ShiftModel, _ change: (inout D3M) -> Void = { _ in }
    ) throws -> [Double] {
        var method = D3M()
        change(&method)
        return try method.values(of: samples, in: pool, model: model, progress: .none)
    }

    @Test("the largest rate of disagreement among the networks that agree on T, by hand")
    func byHand() throws {
        // On T the networks contradict the model 0, 1, 2 and 3 times.
        let model = ShiftModel(training: Self.rows([[0, 0, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0]]))
        let pool = Self.rows([[0, 0, 0, 1], [1, 0, 0, 1], [1, 1, 1, 1], [1, 1, 1, 1]])
        let samples = [[0, 1], [3], [0, 1, 2, 3], []]
        #expect(try Self.values(samples, pool, model) { $0.agreeing = 0.5 } == [0.5, 1, 0.5, 0])
        #expect(try Self.values(samples, pool, model) { $0.agreeing = 0.25 } == [0, 1, 0.25, 0])
        #expect(try Self.values(samples, pool, model) { $0.agreeing = 1 } == [1, 1, 1, 0])
        #expect(
            try Self.values(samples, pool, model) { settings in
                settings.agreeing = 1
                settings.quantile = 0.5
            } == [0.5, 1, 0.5, 0])
        // Without T all are asked.
        #expect(try Self.values(samples, pool, ShiftModel()) == [1, 1, 1, 0])
    }

    @Test("networks that agree equally well are asked together, in whatever order they stand")
    func ties() {
        let model = ShiftModel(training: Self.rows([[1, 0], [0, 0], [0, 1], [1, 1]]))
        var method = D3M()
        method.agreeing = 0.5
        #expect(method.agreeing(model, networks: 4) == [0, 1, 2])
    }

    @Test("its level is that of permutations of P and Q together: 1,000 trials under the null")
    func level() throws {
        let networks = 9, count = 40, size = 10, alpha = 0.05
        var rejections = 0
        for trial in 0..<1000 {
            // Each row has a difficulty of its own, which all networks share: the rates are far from independent.
            var stream = RandomStream(seed: 5, purpose: "test.null", index: UInt64(trial))
            let difficulty = stream.uniform([count]).floats
            let predictions = (0..<networks).map { _ in
                zip(stream.uniform([count]).floats, difficulty).map { $0 < $1 * $1 ? Int32(1) : 0 }
            }
            let samples =
                [Array(count - size..<count)]
                + PermutationTest.subsets(59, size: size, of: count, seed: UInt64(trial))
            let found = try Self.values(samples, Self.rows(predictions), ShiftModel())
            let test = PermutationTest(statistic: found[0], null: Array(found.dropFirst()))
            rejections += test.pValue <= alpha ? 1 : 0
        }
        let error = (alpha * (1 - alpha) / 1000).squareRoot()
        #expect(Double(rejections) / 1000 <= alpha + 3 * error)
    }

    @Test("any of the three ensembles, more than two classes, threads", arguments: EnsembleKind.allCases)
    func ensembles(_ kind: EnsembleKind) throws {
        var config = EnsemblesConfig()
        config.trained.count = 4
        config.lastLayer.count = 4
        config.generated.count = 4
        config.generated.zoo = 6
        config.generated.generator.training.steps = 5
        for part in [\EnsemblesConfig.trained.network, \.lastLayer.network, \.generated.network] {
            config[keyPath: part].hidden = [6]
            config[keyPath: part].steps = 20
        }
        let training = CloudScene.points(30, classes: 3, seed: 1)
        let fitted = try config.fit([kind, .trained], to: training, seed: 3)
        #expect(Set(fitted.keys) == [kind, .trained] && fitted[kind]?.count == 4)
        let bare = ShiftModel(ensembles: fitted, seed: 3)
        let model = ShiftModel(training: bare.rows(features: training.features), ensembles: fitted, seed: 3)
        let pool = model.rows(features: CloudScene.points(30, classes: 3, seed: 2).features)
        let samples = PermutationTest.subsets(5, size: 7, of: 30, seed: 1)
        let runs = try ThreadCounts.results { try Self.values(samples, pool, model) { $0.ensemble = kind } }
        #expect(runs.allSatisfy { $0 == runs[0] } && runs[0].allSatisfy { (0...1).contains($0) })
        #expect(try samples.map { try Self.values([$0], pool, model) { $0.ensemble = kind }[0] } == runs[0])
    }

    @Test("an ensemble that was not fitted is named")
    func missing() {
        #expect(throws: DataError.self) { try Self.values([[0]], Self.rows([[0]], .trained), ShiftModel()) }
    }
}
