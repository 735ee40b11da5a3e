import Foundation
import Networks
import Tensors
import Testing
import ZooTestSupport

@testable import ModelZoo

/// A sound zoo of untrained networks 64-4-10 on the digits whose recorded accuracies are what they reach.
enum VerificationZoo {
    static let catalog = DatasetCatalog(folders: [
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Datasets").path
    ])
    static let config = MLP.Config(widths: [64, 4, 10], activation: .relu)
    static let count = 8
    static let dataset = ZooDataset(
        name: "digits", scale: [0.0625],
        split: .indices(
            train: Array(0..<300), validation: Array(300..<400), test: Array(400..<700)))

    /// Splits 0, 0, 0, 0, 1, 1, 2, 2 in runs a, a, b, b, c, d, e, f; two checkpoints, the second selected.
    static let zoo: Result<Zoo, any Error> = Result {
        let network = MLP(config)
        let weights = Initialization.pytorch.population(network.layout, seeds: (0..<8).map { UInt64($0) })
        let earlier = (weights * 0.5).floats
        let split = try catalog.load(dataset)
        func reached(_ data: Dataset) -> ZooColumn {
            .real(Classifier(network).accuracies(weights, inputs: data.tensor, labels: data.labels))
        }
        var columns = ZooColumns(count: count)
        columns["split"] = .integer([0, 0, 0, 0, 1, 1, 2, 2])
        columns["run"] = .text(["a", "a", "b", "b", "c", "d", "e", "f"])
        columns["selected"] = .integer(Array(repeating: 1, count: count))
        columns["train_accuracy"] = reached(split.train)
        columns["validation_accuracy"] = reached(split.validation)
        columns["test_accuracy"] = reached(split.test)
        let width = network.layout.count
        let values = weights.floats
        let checkpoints = (0..<count).flatMap { row -> [Float] in
            let range = row * width..<(row + 1) * width
            return Array(earlier[range]) + Array(values[range])
        }
        return Zoo(
            header: ZooHeader(architecture: .mlp(config), dataset: dataset), weights: values, columns: columns,
            trajectory: ZooTrajectory(
                checkpoints: 2, steps: (0..<count).flatMap { _ in [10, 20] }, weights: checkpoints))
    }

    /// Writes a changed zoo and verifies it.
    static func verify(
        _ options: ZooVerifier.Options = .init(), dataset: String? = nil, maximumBytes: Int = 64 << 20,
        catalog: DatasetCatalog = catalog, _ change: (Zoo) throws -> Zoo = { $0 }
    ) throws -> ZooVerification {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/z.h5"
            try ZooWriter.write(try change(zoo.get()), to: path)
            let found = try ZooVerifier(options: options, catalog: catalog, dataset: dataset)
                .verify(ZooReader(path: path), maximumBytes: maximumBytes)
            // Every fault can be dropped: what is left is good.
            guard !found.good.isEmpty else { return found }
            try ZooReader(path: path).copy(rows: found.good, to: "\(folder)/clean.h5")
            let clean = try ZooVerifier(options: options, catalog: catalog, dataset: dataset)
                .verify(ZooReader(path: "\(folder)/clean.h5"))
            #expect(clean.isGood && clean.count == found.good.count, "\(clean.findings)")
            return found
        }
    }
}

extension Zoo {
    /// The zoo with other weights, steps, checkpoints or columns.
    func changed(
        weights: [Float]? = nil, steps: [Int64]? = nil, checkpoints: [Float]? = nil, columns: ZooColumns? = nil
    ) -> Zoo {
        Zoo(
            header: header, weights: weights ?? self.weights, columns: columns ?? self.columns,
            trajectory: trajectory.map {
                ZooTrajectory(
                    checkpoints: $0.checkpoints, steps: steps ?? $0.steps, weights: checkpoints ?? $0.weights)
            })
    }

    /// The zoo without trajectories, whose weights may then be anything.
    func withoutTrajectory(weights: [Float]) -> Zoo {
        var columns = columns
        columns["selected"] = nil
        for name in columns.names where name.hasSuffix("_accuracy") { columns[name] = nil }
        return Zoo(header: header, weights: weights, columns: columns)
    }
}
