import Basics
import Foundation
import Networks
import Tensors
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Tasks of blended classes")
struct TaskBlendTests {
    private func drawn(_ change: (inout ZooRecipe.Tasks) -> Void = { _ in }) throws -> [ZooTask] {
        let digits = try TrainingSamples.catalog.load("digits")
        var recipe = ZooRecipe()
        recipe.tasks.classes = 3
        (recipe.tasks.new, recipe.tasks.validation, recipe.tasks.newClasses, recipe.tasks.count) = (5, 4, 3, 100)
        (recipe.tasks.turns, recipe.tasks.mirrored, recipe.tasks.mixed) = ([0, 1, 2, 3], true, true)
        recipe.tasks.blended = true
        change(&recipe.tasks)
        return try recipe.plannedTasks { _ in digits }
    }

    private func training(_ tasks: [ZooTask]) -> [ZooTask] { tasks.filter { $0.part == .training } }

    @Test("Training tasks are blended with seen classes that they have not; the other tasks stay as they are")
    func partners() throws {
        let (plain, blended) = (try drawn { $0.blended = false }, try drawn())
        #expect(blended.filter { $0.part != .training } == plain.filter { $0.part != .training })
        #expect(training(blended).map(\.classes) == training(plain).map(\.classes), "the same classes and orders")
        #expect(training(blended).map(\.views) == training(plain).map(\.views))
        let seen = training(plain).reduce(Set()) { $0.union($1.classes.keys) }
        for task in training(blended) {
            let blends = try #require(task.blends)
            #expect(Set(blends.keys) == Set(task.classes.keys))
            for blend in blends.values {
                #expect(seen.contains(blend.partner) && task.classes[blend.partner] == nil)
                #expect((0.01...0.5).contains(blend.share))
            }
        }
        let all = training(blended).flatMap { Array(($0.blends ?? [:]).values) }
        #expect(Set(all.map(\.partner)) == seen && Set(all.map(\.view)).count == 8 && Set(all.map(\.share)).count > 40)
        #expect(Set(blended.map(\.name)).count == blended.count)
        #expect(try drawn() == blended && drawn { $0.seed = 1 } != blended)
    }

    @Test("A task's rows are those of its classes and their partners, each in its own part")
    func rows() throws {
        let digits = try TrainingSamples.catalog.load("digits")
        let (indices, _) = try ZooRecipe().dataset.indices(in: digits)
        for task in training(try drawn { $0.samples = 20 }) {
            guard case .indices(let train, let validation, let test) = task.dataset.split else {
                Issue.record("no rows")
                continue
            }
            #expect(Set(indices.train).isSuperset(of: train) && Set(indices.validation).isSuperset(of: validation))
            #expect(Set(indices.test).isSuperset(of: test))
            let used = Set(task.classes.keys).union((task.blends ?? [:]).values.map(\.partner))
            #expect(Set(train.map { digits.classNames[Int(digits.labels[$0])] }) == used)
            #expect(train.count == 20 * used.count)
            let split = try digits.split(task)
            #expect(split.train.count == 60 && split.train.classCount == 3)
        }
    }

    @Test("Without views of their own, classes and their partners are seen as the task says")
    func common() throws {
        let tasks = training(try drawn { $0.mixed = false })
        #expect(tasks.allSatisfy { $0.views == nil })
        #expect(tasks.allSatisfy { task in (task.blends ?? [:]).values.allSatisfy { $0.view == task.view ?? .plain } })
        #expect(tasks.contains { $0.name.contains("% ") && $0.name.hasSuffix(", turned 90") })
    }

    @Test("An image is (1 - s) of its own and s of its partner's, in their order and around, from its own part")
    func images() throws {
        let digits = try TrainingSamples.catalog.load("digits")
        let preparation = Preparation(scale: 1, shift: 0)
        func rows(_ label: String, _ range: Range<Int>) -> [Int] {
            Array(digits.labels.indices.filter { digits.classNames[Int(digits.labels[$0])] == label }[range])
        }
        let own = (train: rows("3", 0..<5), test: rows("3", 5..<8), other: rows("8", 0..<2))
        let partners = (train: rows("5", 0..<2), test: rows("5", 2..<4))
        let (turned, mirrored) = (ImageView(turns: 1), ImageView(mirrored: true))
        let task = ZooTask(
            name: "t",
            dataset: preparation.recorded(
                digits,
                split: SplitIndices(
                    train: (own.train + own.other + partners.train).sorted(), validation: [],
                    test: (own.test + partners.test).sorted()
                ).recorded),
            classes: ["3": 1, "8": 0], views: ["3": turned],
            blends: ["3": ZooTask.Blend(partner: "5", view: mirrored, share: 0.25)], part: .training)
        let split = try digits.split(task)
        #expect(split.train.count == 7 && split.test.labels == [1, 1, 1] && split.validation.count == 0)
        func image(_ row: Int, _ view: ImageView) -> [Float] {
            let raw = digits.rawInputs(rows: [row])
            return view.sources([8, 8]).map { raw[$0] }
        }
        func expected(_ rows: [Int], _ partners: [Int]) -> [[Float]] {
            rows.enumerated().map { place, row in
                zip(image(row, turned), image(partners[place % partners.count], mirrored)).map { $0 + 0.25 * ($1 - $0) }
            }
        }
        func images(_ data: Dataset, _ label: Int32) -> [[Float]] {
            data.labels.indices.filter { data.labels[$0] == label }.map { data.select(rows: [$0]).inputs }
        }
        #expect(images(split.train, 1) == expected(own.train, partners.train))
        #expect(images(split.test, 1) == expected(own.test, partners.test))
        #expect(images(split.train, 0) == own.other.map { image($0, .plain) }, "a class without a blend is as it was")
    }

    @Test("A blend is written and read back; one that cannot be made is bad data")
    func files() throws {
        let digits = try TrainingSamples.catalog.load("digits")
        let task = try #require(training(drawn()).first)
        let text = String(decoding: try JSONEncoder().encode([task]), as: UTF8.self)
        #expect(try ZooTask.list(text, path: "z") == [task])
        let old = try ZooTask.list(#"[{"name":"a","dataset":{"name":"digits"},"classes":{"3":0,"8":1}}]"#, path: "z")[0]
        #expect(old.blends == nil)
        let rows = ZooDataset.Split.indices(train: [3, 8, 13], validation: [], test: [18])
        func error(_ partner: String, _ share: Double) -> DataError? {
            let task = ZooTask(
                name: "t", dataset: ZooDataset(name: "digits", split: rows), classes: ["3": 0, "8": 1],
                blends: ["3": ZooTask.Blend(partner: partner, view: .plain, share: share)])
            return dataError { _ = try digits.split(task) }
        }
        #expect(error("x", 0.5)?.found == "x" && error("x", 0.5)?.path == "task t")
        #expect(error("8", 1.5)?.found == "1.5" && error("8", .nan)?.found == "nan")
        #expect(error("0", 0.5)?.found == "none" && error("0", 0.5)?.kind == .malformed)
    }

    @Test("Networks of blended tasks are judged on the very rows that their record loads")
    func zoo() throws {
        var recipe = ZooRecipe()
        (recipe.tasks.classes, recipe.tasks.count, recipe.tasks.samples, recipe.tasks.blended) = (2, 3, 40, true)
        recipe.widths = [64, 8, 2]
        (recipe.training.epochs, recipe.training.rate) = (8, 0.02)
        (recipe.networks.train, recipe.networks.validation, recipe.networks.test) = (1, 0, 0)
        let zoo = try TrainingSamples.zoo(recipe)
        let accuracies = try #require(zoo.columns.numbers("test_accuracy"))
        #expect(accuracies.reduce(0, +) / 3 > 0.8, "chance is 0.5")
        let classifier = Classifier(MLP(MLP.Config(widths: [64, 8, 2])))
        for (index, task) in try ZooTask.list(#require(zoo.header.tasks), path: "zoo").enumerated() {
            let test = try TrainingSamples.catalog.load(task).test
            let own = classifier.accuracies(zoo.population([index]), inputs: test.tensor, labels: test.labels)
            #expect(own == [accuracies[index]])
        }
    }
}
