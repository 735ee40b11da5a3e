import Foundation
import RankTestSupport
import Ranks
import TestSupport
import Testing

@testable import Basics
@testable import ModelZoo

@Suite("Zoo training over ranks")
struct ZooRanksTests {
    /// A recipe for clouds of points: 32 networks in four groups.
    private func with<Outcome>(_ body: (ZooRecipe) throws -> Outcome) throws -> Outcome {
        try TrainingSamples.with {
            ($0.networks.train, $0.networks.validation, $0.networks.test) = (25, 3, 4)
        } _: {
            try body($1)
        }
    }

    private func over<Outcome>(_ size: Int, _ body: (Ranks) throws -> Outcome) throws -> Outcome {
        let world = try ThreadRanks.serve(size, .init(items: [ZooGroups.self]), body)
        #expect(world.errors.isEmpty)
        return try world.outcome.get()
    }

    private func training(_ recipe: ZooRecipe) throws -> ZooTraining {
        try ZooTraining(arms: [.init(recipe: recipe)], catalog: TrainingSamples.catalog)
    }

    @Test("A zoo in memory is the same at any number of ranks, trajectories too", arguments: [1, 2, 4])
    func inMemory(size: Int) throws {
        try with { recipe in
            var recipe = recipe
            recipe.checkpoints.every = 2
            let right = try training(recipe).train { _, _ in }.zoo()
            let zoo = try over(size) { try training(recipe).train(over: $0) { _, _ in }.zoo() }
            #expect(zoo.weights == right.weights && zoo.columns == right.columns)
            #expect(zoo.trajectory?.weights == right.trajectory?.weights && zoo.trajectory != nil)
        }
    }

    @Test(
        "Recorded groups are written by who trains them; the file is the same, and is resumed with other ranks",
        arguments: [(1, 3), (3, 1), (2, 4)])
    func recorded(begun: Int, resumed: Int) throws {
        let scratch = try ScratchFolder()
        try with { recipe in
            let training = try training(recipe)
            try training.train { _, _ in }.write(to: scratch.file("right.h5").path)
            let folder = scratch.file("progress")
            try POSIXFile.makeFolders(folder.path)
            let progress = try ZooProgress(folder: folder, identity: training.identity, interval: 0)
            struct Stop: Error {}
            let broken = try ThreadRanks.serve(begun, .init(items: [ZooGroups.self])) { ranks in
                try training.train(keeping: progress, over: ranks) { done, total in
                    if done > total / 3 { throw Stop() }
                }
            }
            #expect(throws: Stop.self) { try broken.outcome.get() }
            #expect(!progress.isEmpty)
            let out = scratch.file("resumed.h5")
            try over(resumed) { ranks in
                try training.train(keeping: progress, over: ranks) { _, _ in }.write(to: out.path)
            }
            #expect(try Data(contentsOf: out) == Data(contentsOf: scratch.file("right.h5")))
        }
    }

    @Test("What came of groups is the same after its way to rank 0")
    func outcomes() throws {
        var first = TrainingGroup.Record(weights: [1, 2, .pi], buffers: [4])
        (first.epoch, first.selected, first.diverged, first.steps) = (3, 1, 2, [0, 5])
        (first.trajectory, first.trajectoryBuffers) = ([1, 2, 3, 4, 5, 6], [7, 8])
        let second = TrainingGroup.Record(weights: [9, 9, 9], buffers: [1])
        let sent: [ZooGroups.GroupOutcome] = [
            .init(diverged: 1, records: [first]), .init(diverged: 5, records: nil),
            .init(diverged: 0, records: [second, first]),
        ]
        let back = try ZooGroups.outcome(ZooGroups.bytes(sent))
        #expect(back.map(\.diverged) == [1, 5, 0] && back.map { $0.records?.count } == [1, nil, 2])
        let record = try #require(back[2].records?[1])
        #expect(record.weights == first.weights && record.buffers == [4] && record.steps == [0, 5])
        #expect(record.epoch == 3 && record.selected == 1 && record.diverged == 2)
        #expect(record.trajectory == first.trajectory && record.trajectoryBuffers == [7, 8] && record.isWhole)
        #expect(throws: DataError.self) { try ZooGroups.outcome(ZooGroups.bytes(sent).dropLast()) }
    }

    @Test("A rank that cannot read the data says which")
    func withoutData() throws {
        let work = try with { try ZooGroups(training($0), nil, lengths: []) }
        // The folder with the data has gone.
        let sent = try JSONEncoder().encode(work.description)
        let description = try JSONDecoder().decode(ZooGroups.Description.self, from: sent)
        #expect(description.recipes == work.training.recipes && description.progress == nil)
        let error = #expect(throws: DataError.self) { _ = try ZooGroups(description) }
        #expect(error?.description.contains("clouds.csv") == true)
    }
}
