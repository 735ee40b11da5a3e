import Networks
import Tensors
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Trajectories of zoo training")
struct ZooTrajectoryTrainingTests {
    @Test("Checkpoints stand in the order of training, from the initialisation to the last epoch", arguments: [1, 3])
    func order(_ every: Int) throws {
        try TrainingSamples.with({ $0.checkpoints.every = every }) { folder, recipe in
            let split = try recipe.data(from: TrainingSamples.catalog).split
            let path = "\(folder.path)/zoo.h5"
            try ZooWriter.write(TrainingSamples.zoo(recipe), to: path)
            let reader = try ZooReader(path: path)
            let epochs = every == 1 ? [0, 1, 2, 3, 4] : [0, 3, 4]
            #expect(reader.checkpoints == epochs.count && recipe.checkpointSteps(of: 6) == epochs.map { $0 * 6 })
            let zoo = try reader.readAll()
            for network in 0..<zoo.count {
                let recorded = try reader.trajectory(network: network)
                let own = try #require(recorded)
                // 54 training rows in batches of 9 are 6 steps an epoch.
                #expect(own.steps == epochs.map { Int64($0 * 6) })
                for (place, epoch) in epochs.enumerated() {
                    let row = Array(own.weights[place * zoo.layout.count..<(place + 1) * zoo.layout.count])
                    #expect(try row == weights(recipe, split, seed: network, epoch: epoch))
                }
                let selected = try #require(zoo.columns.numbers("selected").map { Int($0[network]) })
                let row = own.weights[selected * zoo.layout.count..<(selected + 1) * zoo.layout.count]
                #expect(zoo.row(network) == row && zoo.columns.numbers("epoch")?[network] == Double(epochs[selected]))
            }
        }
    }

    /// The weights of a network after so many epochs of a training that ends there.
    private func weights(_ recipe: ZooRecipe, _ split: DatasetSplit, seed: Int, epoch: Int) throws -> [Float] {
        let layout = recipe.architecture.layout
        guard epoch > 0 else { return recipe.initialization.population(layout, seeds: [UInt64(seed)]).floats }
        var short = recipe
        (short.training.epochs, short.selection, short.checkpoints.every) = (epoch, .last, 0)
        return try ZooTrainer(recipe: short, split: split).train(seeds: [UInt64(seed)]) { _, _ in }.weights.floats
    }

    @Test("Recording checkpoints changes no weights; buffers are recorded with them")
    func unchanged() throws {
        try TrainingSamples.with(TrainingSamples.kinds[1].change) { _, recipe in
            var recorded = recipe
            recorded.checkpoints.every = 1
            let (plain, full) = (try TrainingSamples.zoo(recipe), try TrainingSamples.zoo(recorded))
            #expect(plain.weights == full.weights && plain.buffers == full.buffers)
            let (width, all) = (full.layout.bufferCount, try #require(full.trajectory?.buffers))
            #expect(all.count == 7 * 5 * width)
            let (selected, kept) = (try #require(full.columns.numbers("selected")), try #require(full.buffers))
            for network in 0..<7 {
                let place = network * 5 + Int(selected[network])
                #expect(all[place * width..<(place + 1) * width] == kept[network * width..<(network + 1) * width])
            }
            // Fresh running means are 0, variances 1.
            #expect(Set(all[..<width]) == [0, 1])
        }
    }

    @Test("Networks that diverge are in the zoo with what they had before, and their epoch; others are untouched")
    func divergence() throws {
        try TrainingSamples.with({ recipe in
            recipe.training.optimizer = .sgd
            recipe.training.rate = 1e25
            recipe.checkpoints.every = 1
            recipe.selection = .last
        }) { folder, recipe in
            let zoo = try TrainingSamples.zoo(recipe)
            #expect(zoo.columns.numbers("diverged") == Array(repeating: 1, count: 7))
            #expect(zoo.columns.numbers("epoch") == Array(repeating: 0, count: 7))
            #expect(zoo.weights == recipe.initialization.population(zoo.layout, seeds: Array(0..<7)).floats)
            #expect(zoo.trajectory?.steps == (0..<7).flatMap { _ in [0, -1, -1, -1, -1] as [Int64] })
            let path = "\(folder.path)/zoo.h5"
            try ZooWriter.write(zoo, to: path)
            expectSame(try ZooReader(path: path).readAll(), zoo)
        }
    }

    @Test("One network's divergence does not touch its neighbours, and comes at its own epoch")
    func neighbours() throws {
        try TrainingSamples.with({ $0.selection = .last }) { _, recipe in
            let trainer = try ZooTrainer(recipe: recipe, split: recipe.data(from: TrainingSamples.catalog).split)
            let seeds: [UInt64] = [0, 1, 2]
            var (plain, group) = (trainer.start(seeds), trainer.start(seeds))
            try trainer.run(&plain) { _ in }
            let width = plain.records[0].weights.count
            struct Stop: Error {}
            // Stopped in the third epoch, network 1 gets a weight that no training survives.
            #expect(throws: Stop.self) {
                try trainer.run(&group) { if $0.step == 14 { throw Stop() } }
            }
            var spoiled = group.population.weights.floats
            spoiled[width + 1] = .nan
            group.population.weights = Tensor(spoiled, shape: group.population.weights.shape)
            try trainer.run(&group) { _ in }
            #expect(group.records.map(\.diverged) == [nil, 3, nil] && group.records.map(\.epoch) == [4, 2, 4])
            for place in [0, 2] { #expect(group.records[place].weights == plain.records[place].weights) }
            #expect(group.records[1].weights.allSatisfy { $0.isFinite })
        }
    }
}
