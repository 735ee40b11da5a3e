import Foundation
import Networks
import Tensors
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Zoos of many tasks")
struct ZooTaskTests {
    /// Pairs of the ten digits: four training tasks and two new ones, 20 training rows a class.
    private func recipe() -> ZooRecipe {
        var recipe = ZooRecipe()
        (recipe.tasks.classes, recipe.tasks.count, recipe.tasks.samples, recipe.tasks.new) = (2, 4, 20, 2)
        recipe.widths = [64, 4, 2]
        (recipe.training.epochs, recipe.training.rate) = (6, 0.02)
        (recipe.networks.train, recipe.networks.validation, recipe.networks.test) = (2, 0, 1)
        return recipe
    }

    @Test("Every network knows its task; the tasks' record loads the very rows that it was judged on")
    func columns() throws {
        let zoo = try TrainingSamples.zoo(recipe())
        #expect(zoo.count == 18 && zoo.header.dataset == nil)
        #expect(zoo.columns["task"] == .integer((0..<18).map { Int64($0 / 3) }))
        #expect(tasksParts(zoo) == [.training, .training, .training, .training, .newCombination, .newCombination])
        #expect(zoo.columns["seed"] == .unsigned((0..<18).map { UInt64($0) }))
        let tasks = try ZooTask.list(#require(zoo.header.tasks), path: "zoo")
        #expect(tasks.count == 6 && Set(tasks.map(\.name)).count == 6)
        let accuracies = try #require(zoo.columns.numbers("test_accuracy"))
        #expect(accuracies.reduce(0, +) / 18 > 0.8, "chance is 0.5")
        let classifier = Classifier(MLP(MLP.Config(widths: [64, 4, 2])))
        for (index, task) in tasks.enumerated() {
            let split = try TrainingSamples.catalog.load(task)
            #expect(
                split.train.count == 40 && split.train.labels.count { $0 == 1 } == 20 && split.train.classCount == 2)
            let own = classifier.accuracies(
                zoo.population([3 * index, 3 * index + 1, 3 * index + 2]), inputs: split.test.tensor,
                labels: split.test.labels)
            #expect(own == Array(accuracies[3 * index..<3 * index + 3]))
        }
    }

    @Test("All networks of a new task are fresh; those of the others are divided")
    func newTasks() throws {
        let zoo = try TrainingSamples.zoo(recipe())
        let codes = try #require(zoo.columns.numbers("split"))
        let tasks = (0..<6).map { Array(codes[3 * $0..<3 * $0 + 3]) }
        #expect(tasks.count { $0 == [2, 2, 2] } == 2 && tasks.count { $0 == [0, 0, 2] } == 4)
    }

    @Test("What a file says of its tasks: how many of each kind, of which data sets")
    func summary() throws {
        let tasks = try ZooTask.list(#require(TrainingSamples.zoo(recipe()).header.tasks), path: "z")
        #expect(ZooTask.summary(tasks) == "6 of digits: 4 training, 2 new-combination")
        let old = ZooTask(name: "a", dataset: ZooDataset(name: "mnist"), classes: ["3": 0, "8": 1])
        #expect(ZooTask.summary([old, old]) == "2 of mnist")
    }

    private func tasksParts(_ zoo: Zoo) -> [ZooTask.Purpose?] {
        (try? ZooTask.list(zoo.header.tasks ?? "", path: "zoo").map(\.part)) ?? []
    }

    @Test("Classes that go to outputs which no network has are bad data", arguments: [-1, 1 << 24, Int.max])
    func outputs(_ output: Int) throws {
        let rows = ZooDataset.Split.indices(train: [0], validation: [], test: [1])
        let classes = Dictionary(uniqueKeysWithValues: (0..<10).map { ("\($0)", $0 == 9 ? output : $0) })
        let task = ZooTask(name: "t", dataset: ZooDataset(name: "digits", split: rows), classes: classes)
        let error = dataError { _ = try TrainingSamples.catalog.load(task) }
        #expect(error?.kind == .malformed && error?.path == "task t" && error?.found == "\(output)")
    }

    @Test("A list of tasks that is none, or a task without its rows, is bad data")
    func damaged() throws {
        #expect(dataError { _ = try ZooTask.list("{}", path: "z") }?.kind == .malformed)
        let text = try #require(TrainingSamples.zoo(recipe()).header.tasks)
        let task = try ZooTask.list(text, path: "z")[0]
        let classes = task.classes.filter { $0.value == 0 }
        let half = ZooTask(name: task.name, dataset: task.dataset, classes: classes)
        #expect(dataError { _ = try TrainingSamples.catalog.load(half) }?.path == "task \(task.name)")
    }
}

@Suite("What an attribute says of tasks")
struct ZooTaskAttributeTests {
    @Test("tasks are counted by kind and data set; another program's form is said to be one, not refused")
    func summary() throws {
        let task = ZooTask(
            name: "a", dataset: ZooDataset(name: "digits"), classes: ["0": 0, "1": 1], part: .newClasses)
        let text = String(decoding: try JSONEncoder().encode([task]), as: UTF8.self)
        #expect(ZooTask.summary(ofAttribute: text) == "1 of digits: 1 new-classes")
        for other in [#"[{"dataset":"a/b"}]"#, "{}", "[1]"] {
            #expect(ZooTask.summary(ofAttribute: other).contains("not ours"))
        }
    }
}
