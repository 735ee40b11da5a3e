import Foundation
import Networks
import Tensors
import Testing

@testable import ModelZoo

@Suite("Optimizers and schedules of recipes")
struct ZooOptimizationTests {
    @Test("Each setting is the optimizer of that name", arguments: ZooRecipe.Optimization.Method.allCases)
    func optimizers(_ method: ZooRecipe.Optimization.Method) {
        var settings = ZooRecipe.Optimization()
        (settings.optimizer, settings.decay) = (method, 0.1)
        if method == .sgd { (settings.momentum, settings.nesterov) = (0.9, true) }
        let shape: Shape = [2, 3]
        var expected: any Optimizer =
            switch method {
            case .adamW: AdamW(shape: shape, decay: 0.1)
            case .adam: Adam(shape: shape, decay: 0.1)
            case .sgd: SGD(shape: shape, momentum: 0.9, isNesterov: true, decay: 0.1)
            }
        var found = settings.makeOptimizer(shape: shape)
        var (first, second) = (Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: shape), Tensor.zeros(shape))
        second = first + 0
        for step in 1...3 {
            let gradient = Tensor((0..<6).map { Float($0 * step) - 2 }, shape: shape)
            expected.update(&first, along: gradient, rate: 0.1)
            found.update(&second, along: FlatGradient(gradient), rate: 0.1)
        }
        #expect(first.floats == second.floats && found.step == 3)
    }

    @Test("A gradient longer than `clip` is shortened, a network at a time")
    func clipping() {
        var settings = ZooRecipe.Optimization()
        (settings.optimizer, settings.clip) = (.sgd, 1)
        let trainer = settings.settings(rows: 10)
        var optimizer = trainer.optimizer([2, 2])
        var weights = Tensor.zeros([2, 2]) + 0
        let gradient = FlatGradient(Tensor([3, 4, 0.3, 0.4] as [Float], shape: [2, 2]))
        optimizer.update(&weights, along: gradient, clippedTo: trainer.clip, rate: 1)
        for (found, expected) in zip(weights.floats, [-0.6, -0.8, -0.3, -0.4] as [Float]) {
            #expect(abs(found - expected) < 1e-5)
        }
    }

    @Test("Schedules count their milestones and warm-up in epochs")
    func schedules() {
        var settings = ZooRecipe.Optimization()
        (settings.rate, settings.epochs) = (0.8, 10)
        #expect(settings.makeSchedule(stepsPerEpoch: 5).rate(at: 49) == 0.8)
        settings.schedule = .cosine
        settings.finalRate = 0.2
        let cosine = settings.makeSchedule(stepsPerEpoch: 5)
        #expect(cosine.rate(at: 0) == 0.8 && abs(cosine.rate(at: 25) - 0.5) < 1e-12 && cosine.rate(at: 50) == 0.2)
        settings.schedule = .oneCycle
        let cycle = settings.makeSchedule(stepsPerEpoch: 5)
        #expect(abs(cycle.rate(at: 0) - 0.8 / 25) < 1e-12 && abs(cycle.rate(at: 14) - 0.8) < 1e-12)
        (settings.schedule, settings.milestones, settings.gamma) = (.multiStep, [4, 8], 0.5)
        let stairs = settings.makeSchedule(stepsPerEpoch: 5)
        #expect([19, 20, 39, 40].map { stairs.rate(at: $0) } == [0.8, 0.4, 0.4, 0.2])
        settings.warmUp = 2
        let warm = settings.makeSchedule(stepsPerEpoch: 5)
        #expect(warm.rate(at: 0) == 0 && warm.rate(at: 5) == 0.4 && warm.rate(at: 10) == 0.8)
        #expect([19, 20, 39, 40].map { warm.rate(at: $0) } == [0.8, 0.4, 0.4, 0.2])
        settings.batch = 9
        #expect([1, 54, 58, 59].map { settings.stepsPerEpoch(rows: $0) } == [1, 6, 6, 7])
    }

    @Test("A population trains as the plain loop of one network does")
    func plainLoop() throws {
        try TrainingSamples.with({ recipe in
            recipe.training.optimizer = .sgd
            recipe.training.momentum = 0.8
            recipe.training.decay = 1e-3
            recipe.training.schedule = .cosine
            recipe.training.smoothing = 0.1
            recipe.selection = .last
        }) { _, recipe in
            let split = try recipe.data(from: TrainingSamples.catalog).split
            let network = recipe.architecture.network
            let (rows, settings) = (split.train.count, recipe.training)
            var weights = recipe.initialization.network(
                network.layout, RandomStream(seed: 2, purpose: "network.initialization"))
            var order = EpochOrder(count: rows, seed: 2, purpose: "zoo.order")
            var optimizer = SGD(shape: weights.shape, momentum: 0.8, decay: 1e-3)
            let schedule = CosineSchedule(from: settings.rate, to: 0, steps: 24)
            for step in 0..<24 {
                let batch = order.next(settings.batch)
                let labels = batch.map { split.train.labels[Int($0)] }
                let inputs = split.train.tensor.gathered(axis: 0, batch)
                let slope = gradient(at: weights) { flat in
                    let logits = network(Parameters(layout: network.layout, flat: flat), inputs)
                    return Loss.crossEntropy(logits, labels: labels, smoothing: 0.1)
                }.gradient
                optimizer.update(&weights, along: slope, rate: schedule.rate(at: step))
            }
            let found = try ZooTrainer(recipe: recipe, split: split).train(seeds: [1, 2]) { _, _ in }
            let row = found.weights.selected(axis: 0, 1).floats
            for (a, b) in zip(row, weights.floats) { #expect(abs(a - b) < 2e-5 * max(1, abs(b))) }
        }
    }
}
