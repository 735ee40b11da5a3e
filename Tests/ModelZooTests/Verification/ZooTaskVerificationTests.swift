import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Verification of zoos of many tasks")
struct ZooTaskVerificationTests {
    /// Three tasks of two digits each, three networks a task; trained once.
    private static let zoo: Result<Zoo, any Error> = Result {
        var recipe = ZooRecipe()
        (recipe.tasks.classes, recipe.tasks.count, recipe.tasks.samples) = (2, 3, 20)
        recipe.widths = [64, 4, 2]
        (recipe.training.epochs, recipe.training.rate) = (4, 0.02)
        (recipe.networks.train, recipe.networks.validation, recipe.networks.test) = (2, 0, 1)
        return try TrainingSamples.zoo(recipe)
    }

    private func verify(
        catalog: DatasetCatalog = TrainingSamples.catalog, dataset: String? = nil, maximumBytes: Int = 64 << 20,
        _ change: (Zoo) throws -> Zoo = { $0 }
    ) throws -> (found: ZooVerification, accuracies: ZooVerification.Check) {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/z.h5"
            try ZooWriter.write(try change(Self.zoo.get()), to: path)
            let found = try ZooVerifier(catalog: catalog, dataset: dataset)
                .verify(ZooReader(path: path), maximumBytes: maximumBytes)
            return (found, try #require(found.checks.first { $0.kind == .accuracies }))
        }
    }

    @Test("Every network is judged on its own task's rows, in blocks of any size", arguments: [1, 3000, 1 << 20])
    func sound(maximumBytes: Int) throws {
        let (found, accuracies) = try verify(maximumBytes: maximumBytes)
        #expect(found.isGood && accuracies.state == .good, "\(found.findings)")
        #expect(accuracies.detail.contains("3 tasks of digits") && accuracies.detail.contains("largest difference 0"))
        #expect(accuracies.detail.contains("train_accuracy, validation_accuracy, test_accuracy"))
    }

    @Test("Networks whose tasks were exchanged do not reach what is recorded")
    func exchanged() throws {
        let (found, accuracies) = try verify { zoo in
            try zoo.with("task", .integer([0, 0, 0, 2, 2, 2, 1, 1, 1]))
        }
        #expect(accuracies.state == .bad && Set(found.bad).isSubset(of: Set(3..<9)) && !found.bad.isEmpty)
    }

    @Test("A task that is not listed is a finding; a network without one is counted")
    func strangeTasks() throws {
        let (found, accuracies) = try verify { zoo in
            try zoo.with("task", .integer([0, 0, 0, 1, 1, 7, 2, 2, -1]))
        }
        #expect(found.bad == [5] && found.findings[0].detail.contains("task 7 is none of the 3"))
        #expect(accuracies.detail.contains("1 networks without one"))
    }

    @Test("Where no network could be judged, that is said and why")
    func noneJudged() throws {
        let (found, accuracies) = try verify { zoo in
            try zoo.with(tasks: "[]").with("task", .integer([0, 1, 2, 0, 1, 2, 0, -1, -1]))
        }
        #expect(found.bad == Array(0..<7) && accuracies.state == .bad)
        #expect(
            accuracies.detail == "none were recomputed: the file lists no tasks (2 networks without one)",
            "\(accuracies.detail)")
        let lost = try verify { try $0.with("task", .integer([Int64](repeating: -1, count: 9))) }
        #expect(lost.accuracies.state == .skipped && lost.accuracies.detail.contains("none were recomputed"))
    }

    @Test("What keeps accuracies from being recomputed is said")
    func impossible() throws {
        let elsewhere = try verify(catalog: DatasetCatalog(folders: []))
        #expect(elsewhere.accuracies.state == .skipped && elsewhere.accuracies.detail.contains("digits"))
        let columns = try verify { try $0.with("task", nil) }
        #expect(columns.accuracies.state == .skipped && columns.accuracies.detail.contains("column task"))
        let error = dataError { _ = try verify(dataset: "digits") }
        #expect(error?.kind == .configuration && error?.path == "--dataset")
    }

    @Test("Tasks made with other data than is at hand are not judged on it")
    func otherData() throws {
        let (_, accuracies) = try verify { zoo in
            let tasks = try ZooTask.list(#require(zoo.header.tasks), path: "z").map { task in
                let data = task.dataset
                return ZooTask(
                    name: task.name,
                    dataset: ZooDataset(
                        name: data.name, sha256: String(repeating: "0", count: 64), scale: data.scale, split: data.split
                    ),
                    classes: task.classes)
            }
            return try zoo.with(tasks: String(decoding: JSONEncoder().encode(tasks), as: UTF8.self))
        }
        #expect(accuracies.state == .skipped && accuracies.detail.contains("SHA-256 0000"))
    }

    @Test("Rows that the data has not are bad data, naming the task's data")
    func noSuchRows() throws {
        let error = dataError {
            _ = try verify { zoo in
                let tasks = try ZooTask.list(#require(zoo.header.tasks), path: "z").map { task in
                    ZooTask(
                        name: task.name,
                        dataset: ZooDataset(
                            name: "digits", scale: [0.0625],
                            split: .indices(train: [0], validation: [1], test: [1_000_000])),
                        classes: task.classes)
                }
                return try zoo.with(tasks: String(decoding: JSONEncoder().encode(tasks), as: UTF8.self))
            }
        }
        #expect(error?.kind == .malformed && error?.found == "row 1000000")
    }
}

extension Zoo {
    /// The zoo with another column.
    fileprivate func with(_ name: String, _ column: ZooColumn?) throws -> Zoo {
        var columns = columns
        columns[name] = column
        return Zoo(header: header, weights: weights, columns: columns)
    }

    /// The zoo with another list of tasks.
    fileprivate func with(tasks: String) throws -> Zoo {
        let architecture = try #require(header.architecture)
        return Zoo(header: ZooHeader(architecture: architecture, tasks: tasks), weights: weights, columns: columns)
    }
}
