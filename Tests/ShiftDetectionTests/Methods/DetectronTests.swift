import Basics
import Networks
import Tensors
import TestSupport
import Testing

@testable import ShiftDetection

@Suite("Detectron")
struct DetectronTests {
    private static func method(_ change: (inout Detectron) -> Void = { _ in }) -> Detectron {
        var method = Detectron()
        method.networks = 3
        method.patience = 2
        method.epochs = 4
        method.batch = 24
        method.references = 3
        change(&method)
        return method
    }

    @Test("one classifier is AdamW on the loss of T and Q together, started from the network that agrees best")
    func oneClassifier() throws {
        let scene = try CloudScene()
        let pool = scene.rows(12, seed: 3)
        let sample = [1, 4, 7, 8]
        let method = Self.method { settings in
            settings.networks = 1
            settings.batch = 1000
            settings.epochs = 5
        }
        let found = try ConstrainedClassifiers(method, pool: pool, model: scene.model).outcomes(of: [sample])[0]

        let training = try #require(scene.model.training), ensemble = try #require(scene.model.ensembles[.trained])
        let said = try #require(training.ensembles[.trained])
        let best = Disagreements(said, with: training.predictions).fewest
        let network = ensemble.architecture.network
        let own = pool.selecting(sample)
        let x = Tensor.concatenate([try #require(training.features), try #require(own.features)], axis: 0)
        let targets = Tensor.concatenate(
            [
                Tensor.oneHot(training.predictions, classes: 2),
                Disagreement.targets(own.predictions, classes: 2),
            ], axis: 0)
        // 40 rows of T, 4 of Q weighted by 1 / (1 * 4 + 1).
        let weights = Tensor([Float](repeating: 1, count: 40) + [Float](repeating: 0.2, count: 4), shape: [44])
        var flat = ensemble.weights.selected(axis: 0, best)
        var adam = AdamW(shape: flat.shape)
        for _ in 0..<5 {
            let slope = gradient(at: flat) { flat in
                let logits = network(Parameters(layout: network.layout, flat: flat), x)
                return -(logits.logSoftmax() * targets * weights.reshaped([44, 1])).sum() / 44
            }.gradient
            adam.update(&flat, along: slope, rate: method.rate)
        }
        func says(_ flat: Tensor) throws -> Tensor {
            network(Parameters(layout: network.layout, flat: flat), try #require(own.features))
                .converted(to: .double).softmax()
        }
        let trained = try says(flat)
        let contradicted = zip(trained.argmax(), own.predictions).count { $0 != $1 }
        #expect(found.peeled == Double(contradicted) / 4)
        let mean = (try says(ensemble.weights.selected(axis: 0, best)) + trained) / 2
        #expect(relativeDifference(found.entropies, ConstrainedClassifiers.entropies(of: mean)) < 1e-4)
    }

    @Test("a sample's value depends on no sample beside it, nor on threads", arguments: Detectron.Statistic.allCases)
    func samplesAlone(_ statistic: Detectron.Statistic) throws {
        let scene = try CloudScene(classes: 3)
        let pool = scene.rows(30, seed: 3).joined(with: scene.rows(10, seed: 4, moved: (0.8, 0.8)))
        let method = Self.method { $0.statistic = statistic }
        let samples = [
            [30, 31, 32, 33, 34], [0, 3, 9, 27, 12], [5], [35, 36, 37, 38, 39], [1, 2, 3], [8, 0, 3, 4, 1],
        ]
        func values(_ samples: [[Int]]) throws -> [UInt64] {
            try method.values(of: samples, in: pool, model: scene.model, progress: .none).map(\.bitPattern)
        }
        let runs = try ThreadCounts.results { try values(samples) }
        #expect(runs.allSatisfy { $0 == runs[0] })
        #expect(try samples.map { try values([$0])[0] } == runs[0])
    }

    @Test("outcomes of a population are those of each sample alone, to the byte")
    func outcomesAlone() throws {
        let scene = try CloudScene()
        let pool = scene.rows(20, seed: 3)
        let classifiers = try ConstrainedClassifiers(Self.method(), pool: pool, model: scene.model)
        let samples = PermutationTest.subsets(7, size: 6, of: 20, seed: 1)
        let together = try classifiers.outcomes(of: samples)
        let alone = try samples.flatMap { try classifiers.outcomes(of: [$0]) }
        #expect(together == alone)
        #expect(Set(together.map(\.entropies)).count == samples.count)
    }

    @Test(
        "its level by retraining on subsets of P and Q: 100 trials of fresh rows",
        arguments: Detectron.Statistic.allCases)
    func exactLevel(_ statistic: Detectron.Statistic) throws {
        let scene = try CloudScene(rows: 20, count: 1)
        let method = Self.method { settings in
            settings.statistic = statistic
            settings.exact = true
            settings.networks = 2
            settings.epochs = 3
            settings.sampleWeight = 0.3
        }
        var rejections = 0
        for trial in 0..<100 {
            let rows = scene.rows(24, seed: UInt64(1000 + trial))
            let (reference, sample) = (rows.selecting(Array(0..<18)), rows.selecting(Array(18..<24)))
            let test = try method.test(
                sample, against: reference, model: scene.model, permutations: 19, seed: UInt64(trial))
            rejections += test.pValue <= 0.05 ? 1 : 0
        }
        #expect(Double(rejections) / 100 <= 0.05 + 3 * (0.05 * 0.95 / 100).squareRoot())
    }

    @Test("rows where T is silent are contradicted, rows among T are not")
    func findsShift() throws {
        let scene = try CloudScene(rows: 60)
        let pool = scene.rows(20, seed: 3).joined(with: scene.rows(10, seed: 4, moved: (0, 4)))
        let method = Self.method { settings in
            settings.networks = 5
            settings.epochs = 20
        }
        let values = try method.values(
            of: [Array(20..<30), Array(0..<10), Array(10..<20)], in: pool, model: scene.model, progress: .none)
        #expect(values[0] > values[1] && values[0] > values[2])
        #expect(values.allSatisfy { $0 >= 0 && $0 <= 1 })
    }

    @Test("where contradicting weighs nothing all agree; a sample of one row and an empty one are values too")
    func degenerate() throws {
        let scene = try CloudScene()
        let pool = scene.rows(20, seed: 3)
        let clear = (0..<20).filter { pool.confidences[$0] > 0.9 }.prefix(3)
        let light = Self.method { settings in
            settings.sampleWeight = 1e-12
            settings.rate = 1e-9
        }
        let samples = [Array(clear), [clear[0]], []]
        #expect(try light.values(of: samples, in: pool, model: scene.model, progress: .none) == [0, 0, 0])
        var entropy = light
        entropy.statistic = .entropy
        let values = try entropy.values(of: samples, in: pool, model: scene.model, progress: .none)
        #expect(values.count == 3 && values.allSatisfy { (0...1).contains($0) } && values[2] == 0)
        // As many rows as there are, and features that no network survives.
        #expect(try light.values(of: [Array(0..<20)], in: pool, model: scene.model, progress: .none).count == 1)
        let broken = scene.model.rows(features: .full([4, 2], 3e38))
        let nowhere = try entropy.values(of: [[0, 1]], in: broken, model: scene.model, progress: .none)
        #expect(nowhere.count == 1 && nowhere[0].isNaN)
    }

    @Test("a single class cannot be contradicted")
    func oneClass() throws {
        let pool = ShiftRows(features: .zeros([3, 2]), probabilities: .ones([3, 1], precision: .double))
        #expect(try Detectron().values(of: [[0]], in: pool, model: ShiftModel(), progress: .none) == [0])
    }

    @Test("without training rows or an ensemble there is a word on what to do")
    func missing() throws {
        let scene = try CloudScene()
        let pool = scene.rows(5, seed: 3)
        for model in [ShiftModel(ensembles: scene.model.ensembles), ShiftModel(training: scene.model.training)] {
            #expect(throws: DataError.self) {
                try Detectron().values(of: [[0]], in: pool, model: model, progress: .none)
            }
        }
    }

    @Test("progress counts samples to the end, and an error of it stops the work")
    func progress() throws {
        struct Stop: Error {}
        let scene = try CloudScene()
        let pool = scene.rows(10, seed: 3)
        #expect(throws: Stop.self) {
            try Self.method().values(
                of: [[0, 1]], in: pool, model: scene.model, progress: WorkProgress { _, _ in throw Stop() })
        }
    }

    @Test("nested splits by default, exact where it retrains on subsets of both")
    func level() {
        #expect(Detectron().level == .nestedSplits && Self.method { $0.exact = true }.level == .exact)
        #expect(Detectron().ensembles == [.trained] && Detectron().needsFeatures)
    }
}
