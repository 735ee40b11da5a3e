import Basics

extension DatasetCatalog {
    /// A task's data, prepared, divided and labelled as its networks saw it; throws as `load` of a data set does.
    public func load(_ task: ZooTask) throws -> DatasetSplit {
        let names = try load(task.dataset.name, csv: task.dataset.csvOptions).classNames
        return try load(task.dataset).seen(by: task, classes: names)
            .relabelled(names.map { task.classes[$0] }, task: task.name)
    }
}

extension DatasetSplit {
    /// The samples as a task looks at them, `classes` the names of their labels; throws `.malformed` where they are no
    /// images that can be looked at so.
    func seen(by task: ZooTask, classes: [String]) throws -> DatasetSplit {
        let common = task.view ?? .plain
        let views = classes.map { task.views?[$0] ?? common }
        if let wrong = views.first(where: { !$0.fits(train.sampleShape) }) {
            throw DataError(
                .malformed, path: "task \(task.name)", expected: "images that can be \(wrong.inWords)",
                found: "samples of shape \(train.sampleShape)")
        }
        return seen(views)
    }

    /// The same samples with class c called `labels[c]`; throws `.malformed` where a sample's class has no new name, or
    /// a name is no number of an output.
    func relabelled(_ labels: [Int?], task: String) throws -> DatasetSplit {
        let known = labels.compactMap { $0 }
        // Outputs of no architecture are more.
        if let wrong = known.first(where: { !(0..<1 << 24).contains($0) }) {
            throw DataError(
                .malformed, path: "task \(task)", expected: "outputs from 0 on for its classes", found: "\(wrong)")
        }
        let count = (known.max() ?? 0) + 1
        func relabelled(_ data: Dataset) throws -> Dataset {
            let own = try data.labels.map { label in
                guard let new = labels[Int(label)] else {
                    throw DataError(
                        .malformed, path: "task \(task)", expected: "samples of the task's classes",
                        found: "one of class \(label)")
                }
                return Int32(new)
            }
            return Dataset(
                name: data.name, inputs: data.inputs, sampleShape: data.sampleShape, labels: own, classCount: count)
        }
        return DatasetSplit(
            train: try relabelled(train), validation: try relabelled(validation), test: try relabelled(test))
    }
}

extension LoadedDataset {
    /// A task's part of this data set; throws as `split` does.
    func split(_ task: ZooTask) throws -> DatasetSplit {
        guard case .indices(let train, let validation, let test) = task.dataset.split else {
            throw DataError(
                .malformed, path: "task \(task.name)", expected: "lists of rows", found: "none")
        }
        let recorded = task.dataset
        let prepared = try split(
            SplitIndices(train: train, validation: validation, test: test),
            preparation: recorded.preparation)
        return try prepared.seen(by: task, classes: classNames)
            .relabelled(classNames.map { task.classes[$0] }, task: task.name)
    }
}
