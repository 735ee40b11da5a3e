import Networks
import Tensors
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("The zoo of one run")
struct OneRunZooTests {
    private static func change(_ recipe: inout ZooRecipe) {
        recipe.selection = .last
        recipe.networks.firstSeed = 5
        (recipe.networks.train, recipe.networks.validation, recipe.networks.test) = (8, 2, 3)
    }

    private func zoo(_ recipe: ZooRecipe) throws -> Zoo {
        try ZooTrainer.oneRun(recipe, catalog: TrainingSamples.catalog) { _, _ in }
    }

    @Test("The last steps of the first seed's network, then ordinary networks of the seeds behind it", arguments: 0..<3)
    func content(_ index: Int) throws {
        let kind = TrainingSamples.kinds[index]
        try TrainingSamples.with(
            features: kind.features,
            {
                kind.change(&$0); Self.change(&$0)
            }
        ) { _, recipe in
            let zoo = try zoo(recipe)
            var plain = recipe
            (plain.networks.train, plain.networks.validation, plain.networks.test) = (1, 0, 3)
            plain.checkpoints.last = 10
            let expected = try TrainingSamples.zoo(plain)
            let run = try #require(expected.trajectory).select(rows: [0])
            var header = zoo.header
            header.provenance = expected.header.provenance
            #expect(zoo.count == 13 && header == expected.header && zoo.trajectory == nil)
            #expect(zoo.weights == run.weights + expected.select(rows: [1, 2, 3]).weights, "\(kind.name)")
            #expect(zoo.row(9) == expected.row(0) && zoo.row(8) != zoo.row(9))
            if let buffers = run.buffers {
                #expect(zoo.buffers == buffers + (expected.select(rows: [1, 2, 3]).buffers ?? []))
            }
            let last = recipe.training.epochs * 6
            #expect(zoo.columns.numbers("step") == (Array(last - 9...last) + [last, last, last]).map { Double($0) })
            #expect(zoo.columns.numbers("seed") == Array(repeating: 5, count: 10) + [6, 7, 8])
            #expect(zoo.columns.numbers("epoch")?.suffix(4).allSatisfy { $0 == Double(recipe.training.epochs) } == true)
            #expect(zoo.columns.numbers("epoch")?[8] == Double(recipe.training.epochs - 1))
            for name in ["train_loss", "train_accuracy", "validation_accuracy", "test_accuracy"] {
                #expect(zoo.columns.numbers(name)?.suffix(4) == expected.columns.numbers(name)?[...], "\(name)")
            }
        }
    }

    @Test("Validation checkpoints are spread over the run, its ends are learned from")
    func splits() throws {
        try TrainingSamples.with(Self.change) { _, recipe in
            let zoo = try zoo(recipe)
            #expect(zoo.rows(in: .train) == [0, 1, 3, 4, 5, 6, 8, 9] && zoo.rows(in: .validation) == [2, 7])
            #expect(zoo.rows(in: .test) == [10, 11, 12])
        }
        for (validation, count) in [(0, 5), (1, 5), (2, 10), (7, 20), (20, 220), (30, 331)] {
            let places = (0..<count).filter { ZooTrainer.isValidation($0, validation, of: count) }
            #expect(places.count == validation)
            let gaps = zip(places, places.dropFirst()).map { $1 - $0 }
            #expect((gaps.max() ?? 0) - (gaps.min() ?? 0) <= 1)
            #expect(places.allSatisfy { $0 > 0 && $0 < count - 1 })
        }
    }

    @Test("Progress rises to the end, through both trainings, and may stop them")
    func progress() throws {
        try TrainingSamples.with({
            Self.change(&$0); $0.networks.test = 12
        }) { _, recipe in
            var seen: [Int] = []
            var totals: Set<Int> = []
            _ = try ZooTrainer.oneRun(recipe, catalog: TrainingSamples.catalog) { done, total in
                seen.append(done)
                totals.insert(total)
            }
            // The run, ten others, and two others: 24 steps each.
            #expect(totals == [72] && seen == seen.sorted() && seen.last == 72)
            struct Stop: Error {}
            for stop in [3, 40] {
                #expect(throws: Stop.self) {
                    _ = try ZooTrainer.oneRun(recipe, catalog: TrainingSamples.catalog) { done, _ in
                        if done >= stop { throw Stop() }
                    }
                }
            }
        }
    }

    @Test("Its networks are last ones: the recipe's own checkpoints, selection and patience change nothing")
    func ownSettings() throws {
        try TrainingSamples.with(Self.change) { _, recipe in
            var other = recipe
            (other.checkpoints.every, other.selection, other.training.patience) = (2, .bestValidation, 1)
            expectSame(try zoo(other), try zoo(recipe))
        }
    }

    @Test("Checkpoints and fresh networks must both be asked for", arguments: [(0, 3), (8, 0)])
    func nothing(train: Int, test: Int) throws {
        try TrainingSamples.with(Self.change) { _, recipe in
            var none = recipe
            (none.networks.train, none.networks.validation, none.networks.test) = (train, 0, test)
            let error = dataError { _ = try zoo(none) }
            #expect(error?.kind == .configuration && error?.path == "networks")
            #expect(error?.found == "\(train) and \(test)")
        }
    }

    @Test("A run that diverges, and one with fewer steps than checkpoints, are refused")
    func refused() throws {
        try TrainingSamples.with({ recipe in
            Self.change(&recipe)
            (recipe.training.optimizer, recipe.training.rate) = (.sgd, 1e25)
        }) { _, recipe in
            let error = dataError { _ = try zoo(recipe) }
            #expect(error?.kind == .configuration && error?.path == "training.rate")
        }
        try TrainingSamples.with({
            Self.change(&$0); $0.networks.train = 30
        }) { _, recipe in
            #expect(dataError { _ = try zoo(recipe) }?.path == "checkpoints.last")
        }
    }
}
