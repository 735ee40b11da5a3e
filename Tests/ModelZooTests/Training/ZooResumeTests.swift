import Foundation
import Networks
import Tensors
import Testing
import TestSupport
import ZooTestSupport

@testable import ModelZoo

@Suite("Resuming zoo training")
struct ZooResumeTests {
    private struct Stop: Error {}

    /// Two arms of twelve networks with trajectories: four groups, 24 and 12 steps each.
    private func arms(_ recipe: ZooRecipe) -> [ZooTraining.Arm] {
        [9, 18].map { batch in
            var recipe = recipe
            recipe.training.batch = batch
            recipe.networks.train = 9
            (recipe.checkpoints.every, recipe.checkpoints.last) = (2, 5)
            var facts = ZooColumns(count: 1)
            facts["batch"] = .integer([Int64(batch)])
            return .init(recipe: recipe, facts: facts)
        }
    }

    private func progress(_ folder: String, _ training: ZooTraining, interval: Double) throws -> ZooProgress {
        let url = URL(fileURLWithPath: folder)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return try ZooProgress(folder: url, identity: training.identity, interval: interval)
    }

    @Test(
        "Stopped anywhere and gone on, the zoo has the bytes of one that was never stopped",
        arguments: [0, 1, 2], [[1], [7, 7, 8], [24], [25, 47, 60], [71]])
    func stopped(_ kind: Int, _ stops: [Int]) throws {
        let kind = TrainingSamples.kinds[kind]
        try TrainingSamples.with(features: kind.features, kind.change) { folder, recipe in
            let training = try ZooTraining(arms: arms(recipe), catalog: TrainingSamples.catalog)
            let whole = try training.train { _, _ in }
            try whole.write(to: "\(folder.path)/whole.h5")
            for stop in stops {
                // Another process reads everything anew.
                let again = try ZooTraining(arms: arms(recipe), catalog: TrainingSamples.catalog)
                let kept = try progress("\(folder.path)/kept", again, interval: 1000)
                var count = 0
                _ = try? again.train(keeping: kept) { _, _ in
                    count += 1
                    if count > stop { throw Stop() }
                }
            }
            let last = try ZooTraining(arms: arms(recipe), catalog: TrainingSamples.catalog)
            let kept = try progress("\(folder.path)/kept", last, interval: 1000)
            try last.train(keeping: kept) { _, _ in }.write(to: "\(folder.path)/resumed.h5")
            #expect(try bytes("\(folder.path)/resumed.h5") == bytes("\(folder.path)/whole.h5"))
        }
    }

    @Test("Whatever a kill leaves in the folder is a state to go on from")
    func killed() throws {
        try TrainingSamples.with { folder, recipe in
            let training = try ZooTraining(arms: arms(recipe), catalog: TrainingSamples.catalog)
            let kept = try progress("\(folder.path)/kept", training, interval: 0)
            // What the folder holds at each step is what a process killed there leaves.
            var copies = 0
            // One thread: nobody writes while the folder is copied.
            let whole = try ThreadCounts.exclusively {
                Threads.count = 1
                return try training.train(keeping: kept) { done, total in
                    guard done % 5 == 0 || done == total else { return }
                    let copy = "\(folder.path)/copy-\(copies)"
                    try FileManager.default.copyItem(atPath: "\(folder.path)/kept", toPath: copy)
                    copies += 1
                }
            }
            try whole.write(to: "\(folder.path)/whole.h5")
            #expect(copies > 10)
            for copy in 0..<copies {
                let left = try progress("\(folder.path)/copy-\(copy)", training, interval: 0)
                var (steps, total) = (0, 0)
                let resumed = try training.train(keeping: left) { (steps, total) = (steps + 1, $1) }
                try resumed.write(to: "\(folder.path)/resumed.h5")
                #expect(try bytes("\(folder.path)/resumed.h5") == bytes("\(folder.path)/whole.h5"), "copy \(copy)")
                #expect(copy < 3 || steps < total - 5, "it did not start from the beginning")
            }
        }
    }

    @Test("Networks that have left stay away in a resumed training")
    func diverged() throws {
        try TrainingSamples.with({ recipe in
            recipe.training.optimizer = .sgd
            recipe.training.momentum = 0.9
            recipe.training.rate = 12
            recipe.training.epochs = 12
            recipe.selection = .last
        }) { folder, recipe in
            let training = try ZooTraining(arms: [.init(recipe: recipe)], catalog: TrainingSamples.catalog)
            let kept = try progress("\(folder.path)/kept", training, interval: 1000)
            let whole = try training.train { _, _ in }
            for stop in stride(from: 5, to: 65, by: 12) {
                _ = try? training.train(keeping: kept) { done, _ in if done >= stop { throw Stop() } }
            }
            let resumed = try training.train(keeping: kept) { _, _ in }
            #expect(resumed.divergedCount == whole.divergedCount)
            expectSame(try resumed.zoo(), try whole.zoo())
        }
    }

    @Test("The progress of another training, and damaged records, are refused")
    func refused() throws {
        try TrainingSamples.with { folder, recipe in
            let training = try ZooTraining(arms: arms(recipe), catalog: TrainingSamples.catalog)
            let kept = try progress("\(folder.path)/kept", training, interval: 0)
            _ = try? training.train(keeping: kept) { done, _ in if done == 9 { throw Stop() } }
            var other = recipe
            other.training.rate = 0.03
            let changed = try ZooTraining(arms: arms(other), catalog: TrainingSamples.catalog)
            let error = dataError { _ = try progress("\(folder.path)/kept", changed, interval: 0) }
            #expect(error?.kind == .configuration && error?.found.contains("0.03") == true)

            let record = "\(folder.path)/kept/group-0"
            let whole = try bytes(record)
            for place in [0, 9, whole.count / 2, whole.count - 1] {
                var damaged = whole
                damaged[place] ^= 0x10
                try damaged.write(to: URL(fileURLWithPath: record))
                let error = dataError { _ = try training.train(keeping: kept) { _, _ in } }
                #expect(error?.kind == .malformed && error?.path == record, "byte \(place)")
            }
            for length in [0, 7, 40, whole.count - 1] {
                try whole.prefix(length).write(to: URL(fileURLWithPath: record))
                #expect(dataError { _ = try training.train(keeping: kept) { _, _ in } }?.kind == .malformed)
            }
        }
    }
}
