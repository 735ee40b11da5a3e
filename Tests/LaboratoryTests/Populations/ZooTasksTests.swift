import Evaluation
import Foundation
import Generation
import ModelZoo
import Networks
import Tensors
import TestSupport
import Testing

@testable import Basics
@testable import Laboratory

/// Zoos of tasks in memory: networks with random weights, two tasks of the digits.
enum TaskZoo {
    static let config = MLP.Config(widths: [64, 3, 2], activation: .relu)

    /// Tasks 3-8 and 8-3 on rows 0 to 199 to train on, 200 to 299 for validation, 300 to 399 to test on.
    static func tasks(parts: [ZooTask.Purpose?] = [.training, .newCombination]) throws -> [ZooTask] {
        let digits = try Small.catalog.load("digits")
        func rows(_ range: Range<Int>) -> [Int] { range.filter { [3, 8].contains(digits.labels[$0]) } }
        let split = ZooDataset.Split.indices(train: rows(0..<200), validation: rows(200..<300), test: rows(300..<400))
        let orders = [["3": 0, "8": 1], ["3": 1, "8": 0]]
        return zip(orders, parts).enumerated().map { index, task in
            ZooTask(name: "task \(index)", dataset: Small.digits(split), classes: task.0, part: task.1)
        }
    }

    /// Six networks, three a task, with a column of tasks that can be replaced.
    static func zoo(
        _ tasks: [ZooTask], of networks: [Int64] = [0, 0, 0, 1, 1, 1], split: [Int64] = [0, 0, 2, 2, 2, 2]
    ) throws -> Zoo {
        let text = String(decoding: try JSONEncoder().encode(tasks), as: UTF8.self)
        var stream = RandomStream(seed: 3, purpose: "test.tasks")
        var columns = ZooColumns(count: networks.count)
        columns["task"] = .integer(networks)
        columns["split"] = .integer(split)
        let layout = MLP(config).layout
        return Zoo(
            header: ZooHeader(architecture: .mlp(config), tasks: text),
            weights: (stream.normal([networks.count, layout.count]) * 0.3).floats, columns: columns)
    }

    static func read(_ zoo: Zoo) throws -> ZooTasks {
        try #require(try ZooTasks(zoo, path: "z.h5", catalog: Small.catalog))
    }
}

@Suite("The tasks of a zoo")
struct ZooTasksTests {
    @Test("Networks belong to tasks; queries are test rows, of validation tasks validation rows")
    func rows() throws {
        let tasks = try TaskZoo.read(TaskZoo.zoo(TaskZoo.tasks(parts: [.training, .validation])))
        #expect(tasks.parts == [.training, .validation] && tasks.tasks(.validation) == [1])
        #expect(tasks.networks(of: 0) == [0, 1, 2] && tasks.networks(of: 0, .test) == [2])
        let split = try tasks.data.split(0)
        #expect(try tasks.queries(of: 0).labels == split.test.labels)
        #expect(try tasks.queries(of: 1).labels == tasks.data.split(1).validation.labels)
        #expect(try tasks.examples(of: 0).count == split.train.count)
        // The same rows with the outputs exchanged.
        #expect(try tasks.examples(of: 1).labels == split.train.labels.map { 1 - $0 })
    }

    @Test("Of files that do not say, a task whose networks are all fresh is new")
    func earlier() throws {
        let tasks = try TaskZoo.read(TaskZoo.zoo(TaskZoo.tasks(parts: [nil, nil])))
        #expect(tasks.parts == [.training, .newCombination])
    }

    @Test("A network is judged on its own task: exchanged outputs give the other accuracy")
    func accuracies() throws {
        let zoo = try TaskZoo.zoo(TaskZoo.tasks())
        let tasks = try TaskZoo.read(zoo)
        let classifier = Classifier(MLP(TaskZoo.config))
        let one = zoo.population([0, 0])
        let found = try tasks.accuracies(one, nil, rows: [0, 3], classifier: classifier)
        #expect(abs(found[0] + found[1] - 1) < 1e-12, "\(found)")
        let broken = Tensor([Float](repeating: .nan, count: one.shape[1]), shape: [1, one.shape[1]])
        #expect(try tasks.accuracies(broken, nil, rows: [0], classifier: classifier) == [0])
        let data = try JudgingData(zoo, path: "z.h5", catalog: Small.catalog)
        #expect(try data.accuracies(one, nil, of: [0, 3]) == found && data.tasks?.parts.count == 2)
    }

    @Test("A network of no task, or a zoo without the column, is bad data; a zoo of one task has none")
    func damaged() throws {
        let tasks = try TaskZoo.tasks()
        for networks in [[0, 0, 0, 1, 1, 2], [0, 0, 0, 1, 1, -1]] as [[Int64]] {
            let error = try requireDataError { _ = try TaskZoo.read(TaskZoo.zoo(tasks, of: networks)) }
            #expect(error.path.contains("/networks/task"))
        }
        let zoo = try TaskZoo.zoo(tasks)
        var columns = ZooColumns(count: zoo.count)
        columns["split"] = zoo.columns["split"]
        #expect(try requireDataError { _ = try TaskZoo.read(zoo.with(columns: columns)) }.expected.contains("task"))
        let plain = Small.zoo(3, dataset: Small.digits(nil))
        #expect(try ZooTasks(plain, path: "z.h5", catalog: Small.catalog) == nil)
    }

    @Test("The panel counts what is said from a row's class on: a network and its exchanged twin agree")
    func panel() throws {
        let zoo = try TaskZoo.zoo(TaskZoo.tasks())
        let tasks = try TaskZoo.read(zoo)
        let network = MLP(TaskZoo.config)
        let panel = try TaskPanel(tasks, network: network, classes: 2)
        let queries = try tasks.queries(of: 0)
        let least = min(queries.labels.count { $0 == 0 }, queries.labels.count { $0 == 1 })
        #expect(panel.count == 2 * least)
        let said = try panel.predictions(zoo.population([0, 0]), of: [0, 0])
        #expect(said[0] == said[1] && said[0].allSatisfy { (0...1).contains($0) })
        // On the other task the rows of class 0 and 1 change places, and so does what is right.
        let other = try panel.predictions(zoo.population([0]), of: [1])[0]
        #expect(other == said[0].suffix(least).map { 1 - $0 } + said[0].prefix(least).map { 1 - $0 })
        let broken = Tensor([Float](repeating: .nan, count: network.layout.count), shape: [1, network.layout.count])
        #expect(try panel.predictions(broken, of: [0])[0].allSatisfy { $0 == 2 })
    }
}

@Suite("Support sets of a zoo's tasks")
struct TaskSupportsTests {
    private func supports(_ kind: SupportCondition) throws -> TaskSupports {
        let data = try JudgingData(TaskZoo.zoo(TaskZoo.tasks()), path: "z.h5", catalog: Small.catalog)
        return try #require(TaskSupports(data, kind, path: "z.h5"))
    }

    @Test("A network's pool is its task's training rows, one for all its networks, as rows or as images")
    func pools() throws {
        let rows = try supports(.rows(SupportSettings()))
        let (first, second) = (try rows.pool(ofNetwork: 0), try rows.pool(ofNetwork: 3))
        let third = try rows.pool(ofNetwork: 2)
        #expect(first.exampleShape == [64] && first.classes == 2 && first == third)
        #expect(first != second && first.count == second.count)
        #expect(first.features.floats.max() ?? 0 <= 1, "prepared as the zoo's inputs are")
        #expect(try supports(.images(SupportSettings())).pool(ofNetwork: 0).exampleShape == [1, 8, 8])
    }

    @Test("A zoo of one task has none, and what is no image is not read as one")
    func refused() throws {
        let dataset = Small.digits(.indices(train: Array(0..<1000), validation: [], test: Array(1000..<1100)))
        let zoo = Small.zoo(5, split: [0, 0, 0, 2, 2], dataset: dataset)
        let data = try JudgingData(zoo, path: "z.h5", catalog: Small.catalog)
        #expect(TaskSupports(data, .rows(SupportSettings()), path: "z.h5") == nil)
        let examples = LabelledExamples(inputs: Tensor.ones([2, 6]), labels: [0, 1], classes: 2)
        let error = try requireDataError {
            _ = try SupportSet(examples, shape: [6], .images(SupportSettings()), path: "p")
        }
        #expect(error.path == "conditions.support.kind")
    }
}

@Suite("Checkpoints as networks")
struct ZooCheckpointsTests {
    @Test("A zoo without trajectories has none; absent places are left out, and runs keep their split")
    func checkpoints() throws {
        let dataset = Small.digits(.indices(train: [0], validation: Array(1..<40), test: Array(40..<90)))
        let zoo = Small.zoo(2, split: [0, 2], dataset: dataset)
        let error = try requireDataError { _ = try zoo.checkpoints(catalog: Small.catalog, path: "z.h5") }
        #expect(error.hint.contains("checkpoints.every"))
        let width = zoo.layout.count
        let trajectory = ZooTrajectory(
            checkpoints: 2, steps: [0, 7, 0, -1],
            weights: Array(zoo.row(0)) + Array(zoo.row(1)) + Array(zoo.row(1)) + [Float](repeating: 0, count: width))
        let long = Zoo(header: zoo.header, weights: zoo.weights, columns: zoo.columns, trajectory: trajectory)
        let made = try long.checkpoints(catalog: Small.catalog, path: "z.h5")
        #expect(
            made.count == 3 && made.columns.numbers("run") == [0, 0, 1] && made.columns.numbers("step") == [0, 7, 0])
        #expect(made.rows(in: .test) == [2] && Array(made.row(1)) == Array(zoo.row(1)))
        let accuracies = try #require(made.columns.numbers("test_accuracy"))
        #expect(accuracies[1] == accuracies[2] && made.columns.numbers("validation_accuracy")?.count == 3)
    }
}
