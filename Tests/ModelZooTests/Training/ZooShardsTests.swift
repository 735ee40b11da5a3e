import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite("Training a zoo in shards")
struct ZooShardsTests {
    private struct Stop: Error {}

    /// Thirty-two networks: four groups.
    private func training(_ recipe: ZooRecipe) throws -> ZooTraining {
        var recipe = recipe
        (recipe.networks.train, recipe.networks.validation, recipe.networks.test) = (26, 2, 4)
        return try ZooTraining(arms: [.init(recipe: recipe)], catalog: TrainingSamples.catalog)
    }

    private func progress(_ shards: ZooShards, _ path: String) throws -> ZooProgress {
        let url = URL(fileURLWithPath: path)
        try POSIXFile.makeFolders(path)
        return try ZooProgress(folder: url, identity: shards.identity, interval: 1000)
    }

    /// Names and bytes of all files in a folder.
    private func files(_ folder: URL) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, try bytes(folder.appendingPathComponent($0).path)) })
    }

    @Test("networks, columns and digests are those of one file, whatever the number of shards", arguments: [1, 3, 4])
    func equal(count: Int) throws {
        try TrainingSamples.with { folder, recipe in
            let training = try training(recipe)
            try training.train { _, _ in }.write(to: "\(folder.path)/one.h5")
            let shards = try ZooShards(count, of: training)
            let kept = try progress(shards, "\(folder.path)/kept")
            var told: [Int] = []
            try shards.train(keeping: kept) { done, total in
                told.append(done)
                #expect(total == shards.steps)
            }
            #expect(told == told.sorted() && told.last == shards.steps)
            let (one, many) = (
                try ZooReader(path: "\(folder.path)/one.h5"), try ZooReader(path: kept.shards.path)
            )
            #expect(many.count == 32 && many.columns == one.columns && many.header == one.header)
            #expect(try many.inspect().contentDigest == one.inspect().contentDigest)
            #expect(try ShardedZoo(contentsOf: kept.shards.path).shards.count == count)
            // Nothing but the shards is left.
            let names = try FileManager.default.contentsOfDirectory(atPath: kept.folder.path).sorted()
            #expect(names == ["shards", "training.txt"] && !kept.isEmpty)
        }
    }

    @Test("stopped anywhere and gone on, or its shards trained in another order, the same bytes")
    func resumed() throws {
        try TrainingSamples.with { folder, recipe in
            let shards = try ZooShards(3, of: training(recipe))
            let whole = try progress(shards, "\(folder.path)/whole")
            try shards.train(keeping: whole) { _, _ in }
            let expected = try files(whole.shards)
            for stop in [1, 25, 40, 70] {
                let kept = try progress(shards, "\(folder.path)/kept-\(stop)")
                var calls = 0
                #expect(throws: Stop.self) {
                    try shards.train(keeping: kept) { _, _ in
                        calls += 1
                        if calls > stop { throw Stop() }
                    }
                }
                // Another process reads everything anew.
                let again = try ZooShards(3, of: training(recipe))
                var first: Int?
                try again.train(keeping: progress(again, "\(folder.path)/kept-\(stop)")) { done, _ in
                    first = first ?? done
                }
                #expect(try files(kept.shards) == expected)
                #expect(stop < 40 || first ?? 0 > 20, "it did not start from the beginning")
            }
            let kept = try progress(shards, "\(folder.path)/order")
            try POSIXFile.makeFolders(kept.shards.path)
            let steps = try [2, 0, 1].map { try shards.train($0, keeping: kept) { _ in } }
            #expect(steps.reduce(0, +) == shards.steps)
            try shards.writeIndex(in: kept.shards)
            #expect(try files(kept.shards) == expected)
        }
    }

    @Test("shards in which no network diverged have no such column, and their networks did not diverge")
    func diverged() throws {
        try TrainingSamples.with { folder, recipe in
            let arms = [0.02, 1e30].map { rate in
                var recipe = recipe
                recipe.training.rate = rate
                var facts = ZooColumns(count: 1)
                facts["rate"] = .real([rate])
                return ZooTraining.Arm(recipe: recipe, facts: facts)
            }
            let shards = try ZooShards(2, of: ZooTraining(arms: arms, catalog: TrainingSamples.catalog))
            let kept = try progress(shards, "\(folder.path)/kept")
            try shards.train(keeping: kept) { _, _ in }
            let reader = try ZooReader(path: kept.shards.path)
            let diverged = try #require(reader.columns.numbers("diverged"))
            #expect(diverged[..<7].allSatisfy(\.isNaN) && diverged[7...].allSatisfy { $0 >= 0 })
            #expect(
                reader.columns.numbers("rate") == Array(repeating: 0.02, count: 7) + Array(repeating: 1e30, count: 7))
        }
    }

    @Test("another number of shards is another training; more than groups, none, or of several zoos is refused")
    func refusals() throws {
        try TrainingSamples.with { folder, recipe in
            let training = try training(recipe)
            let shards = try ZooShards(2, of: training)
            _ = try progress(shards, "\(folder.path)/kept")
            let other = dataError { _ = try progress(ZooShards(3, of: training), "\(folder.path)/kept") }
            #expect(other?.kind == .configuration && other?.found.contains("\"2 shards\" in place of") == true)
            for count in [0, -1, 5] {
                let error = dataError { _ = try ZooShards(count, of: training) }
                #expect(error?.path == "--shards" && error?.hint == "choose a number from 1 to 4")
            }
            let arms = [[4, 6, 3], [4, 5, 3]].map { widths in
                var recipe = recipe
                recipe.widths = widths
                return ZooTraining.Arm(recipe: recipe)
            }
            let several = try ZooTraining(arms: arms, catalog: TrainingSamples.catalog)
            let error = dataError { _ = try ZooShards(1, of: several) }
            #expect(error?.found.contains("makes 2 zoos of different architectures") == true)
        }
    }

    @Test("names of shards sort as their numbers do")
    func names() {
        #expect([0, 7, 42, 12_345, 123_456].map(ZooShards.name).map { $0.count } == [14, 14, 14, 14, 15])
        #expect(ZooShards.name(42) == "shard-00042.h5")
    }
}
