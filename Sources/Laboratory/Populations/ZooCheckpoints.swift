import Basics
import ModelZoo
import Networks
import Tensors

extension Zoo {
    /// Every checkpoint of every trajectory as a network of its own, the initialisation among them, with the accuracies that
    /// it has: columns split and run (the network that it is a checkpoint of), seed, step, validation_accuracy, test_accuracy.
    ///
    /// Checkpoints of a run stand in the split of their run. Throws `DataError` for a zoo without trajectories, and where
    /// its data is not there.
    func checkpoints(catalog: DatasetCatalog, path: String) throws -> Zoo {
        guard let trajectory else {
            throw DataError(
                .malformed, path: path, expected: "trajectories", found: "none",
                hint: "set checkpoints.every of the recipe")
        }
        let places = (0..<count * trajectory.checkpoints).filter { trajectory.steps[$0] >= 0 }
        let (width, buffered) = (layout.count, layout.bufferCount)
        let weights = places.flatMap { trajectory.weights[($0 * width)..<(($0 + 1) * width)] }
        let buffers = trajectory.buffers.map { all in
            places.flatMap { all[($0 * buffered)..<(($0 + 1) * buffered)] }
        }
        let runs = places.map { $0 / trajectory.checkpoints }
        var columns = ZooColumns(count: places.count)
        for name in ["split", "seed"] { columns[name] = self.columns[name]?.selecting(runs) }
        columns["run"] = .integer(runs.map(Int64.init))
        columns["step"] = .integer(places.map { trajectory.steps[$0] })
        let (network, split, _) = try catalog.judging(header, path: path)
        let (classifier, population) = (Classifier(network), Tensor(weights, shape: [places.count, width]))
        let own = buffers.map { Tensor($0, shape: [places.count, buffered]) }
        for (name, data) in [("validation_accuracy", split.validation), ("test_accuracy", split.test)]
        where data.count > 0 {
            columns[name] = .real(
                classifier.accuracies(population, buffers: own, inputs: data.tensor, labels: data.labels))
        }
        return Zoo(header: header, weights: weights, buffers: buffers, columns: columns)
    }
}
