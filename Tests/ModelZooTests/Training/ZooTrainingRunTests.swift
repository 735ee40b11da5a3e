import Foundation
import Networks
import Testing
import TestSupport
import ZooTestSupport

@testable import ModelZoo

@Suite("Runs of zoo training: what they report, and what they are known by")
struct ZooTrainingRunTests {
    @Test("Reported steps rise from the first to the last, over all groups")
    func report() throws {
        try TrainingSamples.with({ $0.networks.train = 9 }) { _, recipe in
            var (seen, totals) = ([Int](), Set<Int>())
            _ = try ZooTraining(arms: [.init(recipe: recipe)], catalog: TrainingSamples.catalog).train { done, total in
                seen.append(done)
                totals.insert(total)
            }
            // Twelve networks in two groups, 24 steps each.
            #expect(totals == [48] && Set(seen) == Set(1...48) && seen == seen.sorted())
        }
    }

    @Test("Groups side by side give the same bytes at any number of threads", arguments: 0..<3)
    func sideBySide(_ index: Int) throws {
        let kind = TrainingSamples.kinds[index]
        try TrainingSamples.with(
            features: kind.features,
            {
                kind.change(&$0)
                $0.networks.train = 44
            }
        ) { folder, recipe in
            let zoos = try ThreadCounts.results {
                try fileBytes(
                    ZooTraining(arms: [.init(recipe: recipe)], catalog: TrainingSamples.catalog).train { _, _ in }
                        .zoo(),
                    in: folder)
            }
            #expect(zoos.allSatisfy { $0 == zoos[0] })
        }
    }

    @Test("Written a group at a time, a zoo has the bytes of the one in memory", arguments: 0..<2)
    func streamed(_ index: Int) throws {
        let kind = TrainingSamples.kinds[index]
        try TrainingSamples.with({
            kind.change(&$0); $0.checkpoints.every = 2
        }) { folder, recipe in
            var large = recipe
            large.networks.train = 9
            let training = try ZooTraining(arms: [.init(recipe: large)], catalog: TrainingSamples.catalog)
            let trained = try training.train { _, _ in }
            try trained.write(to: "\(folder.path)/z.h5")
            #expect(try bytes("\(folder.path)/z.h5") == fileBytes(trained.zoo(), in: folder))
            #expect(trained.count == 12 && trained.zooCount == 1 && trained.divergedCount == 0)
        }
    }

    @Test("A training is known by every setting, and by the bytes of its data")
    func identity() throws {
        let changes: [(inout ZooRecipe) -> Void] = [
            { _ in }, { $0.training.rate = 0.5 }, { $0.training.patience = 3 }, { $0.networks.test = 3 },
            { $0.networks.firstSeed = 1 }, { $0.selection = .last }, { $0.initialization = .heNormal },
            { $0.dataset.shift = 1 }, { $0.dataset.seed = 9 }, { $0.checkpoints.last = 1 }, { $0.widths = [4, 7, 3] },
        ]
        try TrainingSamples.with { folder, recipe in
            func identity(_ change: (inout ZooRecipe) -> Void) throws -> String {
                var own = recipe
                change(&own)
                return try ZooTraining(arms: [.init(recipe: own)], catalog: TrainingSamples.catalog).identity
            }
            let all = try changes.map { try identity($0) }
            #expect(Set(all).count == changes.count)
            #expect(try identity { _ in } == all[0])
            try folder.write(TrainingSamples.csv(seed: 2), to: "clouds.csv")
            #expect(try identity { _ in } != all[0])
        }
    }
}
