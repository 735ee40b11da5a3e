import Basics
import Generation
import Tensors
import TestSupport
import Testing

@testable import ShiftDetection

@Suite("Meta-detectron")
struct MetaDetectronTests {
    /// Clouds with an ensemble of networks that a small flow drew.
    private static func scene() throws -> (scene: CloudScene, model: ShiftModel) {
        let scene = try CloudScene()
        var config = GeneratedEnsemble()
        (config.count, config.zoo) = (20, 12)
        config.network.hidden = [6]
        config.network.steps = 60
        var net = ResidualMLP.Config()
        (net.width, net.depth, net.timeWidth) = (24, 1, 8)
        config.generator.net = Described(net)
        (config.generator.training.steps, config.generator.training.batch) = (300, 16)
        config.generator.sampling.steps = 6
        let training = CloudScene.points(40, classes: 2, seed: 1)
        let generated = try config.fit(training, seed: 7)
        var ensembles = scene.model.ensembles
        ensembles[.generated] = generated
        let alone = ShiftModel(ensembles: ensembles, seed: 7)
        let model = ShiftModel(
            training: alone.rows(features: training.features), ensembles: ensembles, seed: 7)
        return (scene, model)
    }

    private static func rows(_ model: ShiftModel, _ count: Int, seed: UInt64, moved: (Float, Float) = (0, 0))
        -> ShiftRows
    {
        model.rows(features: CloudScene.points(count, classes: 2, seed: seed, moved: moved).features)
    }

    private static var quick: MetaDetectron {
        var method = MetaDetectron()
        method.networks = 20
        (method.matching.steps, method.matching.batch, method.matching.path) = (6, 8, 6)
        return method
    }

    @Test("rates of disagreement, a sample's its own, whatever stands beside it and however many threads")
    func samplesAlone() throws {
        let (_, model) = try Self.scene()
        let pool = Self.rows(model, 20, seed: 3).joined(with: Self.rows(model, 6, seed: 4, moved: (1.5, -1.5)))
        let samples = [[20, 21, 22, 23], [0, 3, 9, 12], [5], []]
        func values(_ samples: [[Int]]) throws -> [UInt64] {
            try Self.quick.values(of: samples, in: pool, model: model, progress: .none).map(\.bitPattern)
        }
        let runs = try ThreadCounts.results(at: [1, 2]) { try values(samples) }
        #expect(runs[0] == runs[1])
        #expect(try values([samples[1]])[0] == runs[0][1])
        let rates = runs[0].map(Double.init(bitPattern:))
        #expect(rates.allSatisfy { (0...1).contains($0) } && rates[3] == 0)
    }

    @Test("the stronger disagreement is asked for, the more there is; none asked, the ensemble's own")
    func strengths() throws {
        let (_, model) = try Self.scene()
        let pool = Self.rows(model, 8, seed: 4, moved: (1.2, -1.2))
        let sample = Array(0..<8)
        func rate(_ disagreement: Double) throws -> Double {
            var method = Self.quick
            (method.agreement, method.disagreement) = (0, disagreement)
            (method.matching.steps, method.matching.batch) = (25, 16)
            return try method.values(of: [sample], in: pool, model: model, progress: .none)[0]
        }
        let generated = try #require(pool.ensembles[.generated])
        let own = Disagreements(generated, with: pool.predictions).totals.reduce(0, +)
        #expect(try rate(0) == Double(own) / Double(20 * 8))
        #expect(try rate(8) > rate(0))
    }

    @Test("without a generator, training rows or features it says what is missing; it has no level and no detector")
    func missing() throws {
        let (scene, model) = try Self.scene()
        let pool = scene.rows(6, seed: 3)
        for incomplete in [scene.model, ShiftModel(ensembles: model.ensembles)] {
            let error = try requireDataError {
                _ = try Self.quick.values(of: [[0, 1]], in: pool, model: incomplete, progress: .none)
            }
            #expect(error.path == "meta-detectron", "\(error)")
        }
        #expect(MetaDetectron().level == .nestedSplits && MetaDetectron().retrainedOnSubsets == nil)
        #expect(MetaDetectron().problems().isEmpty && MetaDetectron().ensembles == [.generated])
    }
}
