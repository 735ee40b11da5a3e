import Basics

extension ZooRecipe {
    /// Steps whose weights a trajectory holds, rising, the initialisation is 0; empty where none is recorded.
    func checkpointSteps(of stepsPerEpoch: Int) -> [Int] {
        let steps = 1...training.epochs * stepsPerEpoch
        return (checkpoints.every > 0 ? [0] : []) + steps.filter { keepsCheckpoint(step: $0, of: stepsPerEpoch) }
    }

    /// Whether a trajectory holds the weights after that step, from 1.
    func keepsCheckpoint(step: Int, of stepsPerEpoch: Int) -> Bool {
        if step > training.epochs * stepsPerEpoch - checkpoints.last { return true }
        let (epoch, rest) = step.quotientAndRemainder(dividingBy: stepsPerEpoch)
        return checkpoints.every > 0 && rest == 0 && (epoch % checkpoints.every == 0 || epoch == training.epochs)
    }

    /// Throws `DataError.configuration` unless the networks take the samples and have one output a class, and
    /// there are rows to train and to select on, and as many steps as checkpoints are to be kept.
    func check(fits split: DatasetSplit) throws {
        try checkSamples(split)
        guard selection == .last || split.validation.count > 0 else {
            throw DataError(
                .configuration, path: "selection", expected: "validation rows to choose checkpoints on", found: "none",
                hint: "set dataset.validation, or selection: last")
        }
        guard training.batch > 1 || architecture.layout.bufferCount == 0 else {
            throw DataError(
                .configuration, path: "training.batch", expected: "at least 2 samples, whose variance batch norms take",
                found: "1")
        }
        let steps = training.epochs * training.stepsPerEpoch(rows: split.train.count)
        guard checkpoints.last <= steps else {
            throw DataError(
                .configuration, path: "checkpoints.last", expected: "at most the \(steps) steps of a training",
                found: "\(checkpoints.last)", hint: "train for more epochs, or with smaller minibatches")
        }
    }

    private func checkSamples(_ split: DatasetSplit) throws {
        let (data, input) = (split.train, architecture.input)
        guard input.count == data.featureCount, architecture.outputs == data.classCount else {
            throw DataError(
                .configuration, path: widths.isEmpty ? "architecture" : "widths",
                expected: "\(data.featureCount) inputs and \(data.classCount) outputs (\(data.name))",
                found: widths.isEmpty ? "\(input.count) and \(architecture.outputs)" : "\(widths)",
                hint: DatasetCatalog.isFile(data.name)
                    ? "dataset.label says which column of the file is the class" : "")
        }
        guard data.count > 0 else {
            throw DataError(
                .configuration, path: "dataset", expected: "rows to train on (\(data.name))", found: "none",
                hint: "lower dataset.test and dataset.validation")
        }
        if let problem = split.parts.lazy.compactMap({ architecture.tokenProblem(in: $0) }).first {
            throw DataError(
                .configuration, path: "dataset", expected: problem.expected, found: problem.found,
                hint: "dataset.scale: 1 leaves a data set's numbers as they are")
        }
    }
}
