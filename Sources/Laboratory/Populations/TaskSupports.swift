import Basics
import Evaluation
import Generation
import ModelZoo
import Tensors

/// The support sets of a zoo's tasks, as a generator's conditions read them.
final class TaskSupports {
    private let tasks: ZooTasks
    private let config: SupportCondition
    private let path: String
    private var pools: [Int: SupportSet] = [:]

    /// Most examples a class of a task that training draws from.
    static let pool = 64

    /// Prepares the support sets of the tasks of a zoo read from `path`; nil for a zoo of one task, which needs none.
    init?(_ data: JudgingData, _ config: SupportCondition, path: String) {
        guard let tasks = data.tasks else { return nil }
        (self.tasks, self.config, self.path) = (tasks, config, path)
    }

    /// All that training may draw from for one of the zoo's networks: up to 64 training rows of each class of its task.
    ///
    /// Throws `DataError` where the task's rows are not what the conditions read.
    func pool(ofNetwork row: Int) throws -> SupportSet {
        let task = tasks.taskOf[row]
        if let found = pools[task] { return found }
        let data = try tasks.data.split(task).train
        var stream = RandomStream(seed: 0, purpose: "conditions.pool", index: UInt64(task))
        let drawn = LabelledExamples(data).drawn(Self.pool, &stream)
        let set = try SupportSet(drawn, shape: data.sampleShape, config, path: "\(path), task \(task)")
        pools[task] = set
        return set
    }
}

extension SupportSet {
    /// Examples as a generator's condition reads them: rows, or images [n, channels, height, width] of samples of a shape.
    ///
    /// Throws `DataError` for samples that are no images where images are read, and as `SupportSet` does.
    init(_ examples: LabelledExamples, shape: [Int], _ config: SupportCondition, path: String) throws {
        var features = examples.inputs.reshaped([examples.count, shape.reduce(1, *)])
        if case .images = config {
            guard (2...3).contains(shape.count) else {
                throw DataError(
                    .configuration, path: "conditions.support.kind", expected: "rows, for samples of shape \(shape)",
                    found: "images")
            }
            let image = shape.count == 2 ? [1] + shape : shape
            features = features.reshaped(Shape([examples.count] + image))
        }
        try self.init(features: features, labels: examples.labels.map(Int.init), classes: examples.classes, path: path)
    }
}
