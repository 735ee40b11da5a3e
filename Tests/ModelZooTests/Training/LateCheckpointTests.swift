import Networks
import Tensors
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Checkpoints of the last steps")
struct LateCheckpointTests {
    private struct Stop: Error {}

    @Test("The weights behind every one of the last steps stand in the trajectory", arguments: [0, 2], [1, 6, 9, 24])
    func steps(_ every: Int, _ last: Int) throws {
        try TrainingSamples.with({ ($0.checkpoints.every, $0.checkpoints.last) = (every, last) }) { _, recipe in
            let zoo = try TrainingSamples.zoo(recipe)
            let trajectory = try #require(zoo.trajectory)
            // 54 training rows in batches of 9 are 6 steps an epoch, 4 epochs 24.
            let steps = Set(25 - last...24).union(every == 0 ? [] : [0, 12, 24]).sorted()
            #expect(recipe.checkpointSteps(of: 6) == steps && trajectory.checkpoints == steps.count)
            let seen = try weights(recipe)
            for network in [0, 6] {
                #expect(Array(trajectory.select(rows: [network]).steps) == steps.map { Int64($0) })
                #expect(trajectory.select(rows: [network]).weights == steps.flatMap { seen[$0][network] })
            }
        }
    }

    /// Weights of all networks before the first step and behind every one, in a training that records none.
    private func weights(_ recipe: ZooRecipe) throws -> [[[Float]]] {
        var plain = recipe
        plain.checkpoints = ZooRecipe.Checkpoints()
        let trainer = try ZooTrainer(recipe: plain, split: recipe.data(from: TrainingSamples.catalog).split)
        let seeds = (0..<7).map { UInt64($0) }
        var group = trainer.start(seeds)
        var seen = [group.population.weightRows]
        try trainer.run(&group) { seen.append($0.population.weightRows) }
        return seen
    }

    @Test("The network that is kept is one of the recorded ends of epochs", arguments: ZooRecipe.Selection.allCases)
    func selected(_ selection: ZooRecipe.Selection) throws {
        try TrainingSamples.with({ ($0.checkpoints.last, $0.selection) = (9, selection) }) { _, recipe in
            let zoo = try TrainingSamples.zoo(recipe)
            let (epochs, places) = (zoo.columns.numbers("epoch"), zoo.columns.numbers("selected"))
            for network in 0..<7 {
                let place = Int(try #require(places)[network])
                // Steps 16 to 24: place 2 is the end of epoch 3, place 8 of epoch 4.
                #expect(selection == .last ? place == 8 : [2, 8].contains(place))
                #expect(epochs?[network] == (place == 8 ? 4 : 3))
                let own = try #require(zoo.trajectory).select(rows: [network]).weights
                #expect(own[place * zoo.layout.count..<(place + 1) * zoo.layout.count] == zoo.row(network))
            }
        }
    }

    @Test("Weights that are not finite are no checkpoint, and a network without any selects none")
    func diverged() throws {
        try TrainingSamples.with({ ($0.checkpoints.last, $0.selection) = (9, .last) }) { _, recipe in
            let trainer = try ZooTrainer(recipe: recipe, split: recipe.data(from: TrainingSamples.catalog).split)
            let seeds: [UInt64] = [0, 1]
            var group = trainer.start(seeds)
            #expect(throws: Stop.self) {
                try trainer.run(&group) { if $0.step == 20 { throw Stop() } }
            }
            var spoiled = group.population.weights.floats
            spoiled[group.records[0].weights.count + 1] = .nan
            group.population.weights = Tensor(spoiled, shape: group.population.weights.shape)
            try trainer.run(&group) { _ in }
            #expect(group.records.map(\.diverged) == [nil, 4])
            #expect(group.records.map(\.steps) == [Array(16...24), Array(16...20)])
            #expect(group.records[1].trajectory.allSatisfy { $0.isFinite })
            // Epoch 3 ended at step 18, the third of the checkpoints.
            #expect(group.records.map(\.selected) == [8, 2])
        }
        try TrainingSamples.with({ recipe in
            (recipe.training.optimizer, recipe.training.rate, recipe.selection) = (.sgd, 1e25, .last)
            recipe.checkpoints.last = 3
        }) { _, recipe in
            let zoo = try TrainingSamples.zoo(recipe)
            #expect(zoo.columns["selected"] == .integer(Array(repeating: -1, count: 7)))
            #expect(zoo.trajectory?.steps.allSatisfy { $0 == -1 } == true)
        }
    }

    @Test("More checkpoints than steps are refused, for the data at hand")
    func tooMany() throws {
        try TrainingSamples.with({ $0.checkpoints.last = 25 }) { _, recipe in
            let error = dataError { _ = try TrainingSamples.zoo(recipe) }
            #expect(error?.kind == .configuration && error?.path == "checkpoints.last")
            #expect(error?.expected.contains("24") == true && error?.found == "25")
        }
    }
}
