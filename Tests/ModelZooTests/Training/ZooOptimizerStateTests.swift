import Foundation
import Networks
import Tensors
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("What optimizers of zoo training remember")
struct ZooOptimizerStateTests {
    private struct Stop: Error {}

    /// Twelve epochs with an optimizer of that name, its gradient clipped or not.
    private static func change(
        _ method: ZooRecipe.Optimization.Method, _ clip: Double
    ) -> (inout ZooRecipe) -> Void {
        { recipe in
            (recipe.training.optimizer, recipe.training.clip) = (method, clip)
            (recipe.training.epochs, recipe.training.decay) = (12, 0.01)
            if method == .sgd { (recipe.training.momentum, recipe.training.nesterov) = (0.9, true) }
        }
    }

    @Test(
        "A training that was stopped goes on with it, whatever the optimizer",
        arguments: ZooRecipe.Optimization.Method.allCases, [0, 0.5])
    func resumed(method: ZooRecipe.Optimization.Method, clip: Double) throws {
        try TrainingSamples.with(Self.change(method, clip)) { folder, recipe in
            let training = try ZooTraining(arms: [.init(recipe: recipe)], catalog: TrainingSamples.catalog)
            let kept = URL(fileURLWithPath: folder.path).appendingPathComponent("kept")
            try FileManager.default.createDirectory(at: kept, withIntermediateDirectories: true)
            let progress = try ZooProgress(folder: kept, identity: training.identity, interval: 1000)
            for stop in [5, 37] {
                #expect(throws: Stop.self) {
                    _ = try training.train(keeping: progress) { done, _ in if done >= stop { throw Stop() } }
                }
            }
            var first: Int?
            let resumed = try training.train(keeping: progress) { done, _ in first = first ?? done }.zoo()
            expectSame(resumed, try training.train { _, _ in }.zoo())
            #expect(first == 38)
        }
    }

    @Test(
        "A network that stays keeps its own when others leave",
        arguments: ZooRecipe.Optimization.Method.allCases, [0, 0.5])
    func left(method: ZooRecipe.Optimization.Method, clip: Double) throws {
        try TrainingSamples.with({
            Self.change(method, clip)(&$0); $0.training.patience = 2
        }) { _, recipe in
            let trainer = try ZooTrainer(recipe: recipe, split: recipe.data(from: TrainingSamples.catalog).split)
            let all = try trainer.train(seeds: Array(0..<7)) { _, _ in }
            #expect(Set(all.epochs).count > 1, "all left at once: nothing is tried")
            for seed in 0..<7 {
                let own = try trainer.train(seeds: [UInt64(seed)]) { _, _ in }
                #expect(own.weights.floats == all.weights.selected(axis: 0, seed).floats, "seed \(seed)")
                #expect(own.epochs == [all.epochs[seed]])
            }
        }
    }
}
