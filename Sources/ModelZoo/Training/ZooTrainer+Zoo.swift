import Networks
import Tensors

extension ZooTrainer {
    /// Trains the zoo of a recipe: all networks with their facts.
    ///
    /// Columns: split, seed, epoch, train_loss, train_accuracy, validation_accuracy, test_accuracy. `progress` is told how
    /// many steps are done and may throw to stop. Throws `DataError` for data that is missing or does not fit.
    public static func zoo(
        _ recipe: ZooRecipe, catalog: DatasetCatalog, progress: (_ done: Int, _ total: Int) throws -> Void
    ) throws -> Zoo {
        let (split, recorded) = try recipe.data(from: catalog)
        if recipe.selection == .bestValidation, split.validation.count == 0 {
            throw DataError(
                .configuration, path: "selection", expected: "validation rows to choose checkpoints on", found: "none",
                hint: "set dataset.validation, or selection: last")
        }
        let trainer = try ZooTrainer(recipe: recipe, split: split)
        let seeds = (0..<recipe.count).map { UInt64(recipe.networks.firstSeed + $0) }
        let population = try trainer.train(seeds: seeds, progress: progress)
        let zoo = Zoo(
            header: ZooHeader(architecture: recipe.architecture, dataset: recorded),
            weights: population.weights.floats)
        return zoo.with(columns: trainer.columns(recipe, population, seeds: seeds, split: split))
    }

    private func columns(
        _ recipe: ZooRecipe, _ population: Population, seeds: [UInt64], split: DatasetSplit
    ) -> ZooColumns {
        let classifier = Classifier(recipe.architecture.network)
        func accuracies(_ data: Dataset) -> [Double] {
            data.count == 0
                ? Array(repeating: .nan, count: seeds.count)
                : classifier.accuracies(population.weights, inputs: data.tensor, labels: data.labels)
        }
        let losses = classifier.losses(
            population.weights, inputs: split.train.tensor, labels: split.train.labels,
            classes: split.train.classCount)
        let kinds = [(recipe.networks.train, ZooSplit.train), (recipe.networks.validation, .validation)]
        var codes = kinds.flatMap { Array(repeating: Int64($1.rawValue), count: $0) }
        codes += Array(repeating: Int64(ZooSplit.test.rawValue), count: recipe.networks.test)
        var columns = ZooColumns(count: seeds.count)
        columns["split"] = .integer(codes)
        columns["seed"] = .unsigned(seeds)
        columns["epoch"] = .integer(population.epochs.map(Int64.init))
        columns["train_loss"] = .real(losses)
        columns["train_accuracy"] = .real(accuracies(split.train))
        columns["validation_accuracy"] = .real(accuracies(split.validation))
        columns["test_accuracy"] = .real(accuracies(split.test))
        return columns
    }
}

extension Zoo {
    /// The weights of the given networks, [rows, D]; of all without rows.
    public func population(_ rows: [Int]? = nil) -> Tensor {
        let chosen = rows.map { select(rows: $0).weights } ?? weights
        return Tensor(chosen, shape: [chosen.count / layout.count, layout.count])
    }

    /// The buffers of all networks, [N, bufferCount], where they are known.
    public var bufferTensor: Tensor? {
        guard let buffers, layout.bufferCount > 0 else { return nil }
        return Tensor(buffers, shape: [count, layout.bufferCount])
    }
}
