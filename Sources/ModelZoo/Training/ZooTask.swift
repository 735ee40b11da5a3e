import Basics
import Foundation

/// One task of a multi-task zoo: some classes of a data set, told apart. The attribute `tasks` lists them as JSON; the
/// column `task` holds each network's index in that list.
public struct ZooTask: Codable, Hashable, Sendable {
    /// What the task is called, `mnist 3-8`.
    public let name: String
    /// The data, with the task's own rows.
    public let dataset: ZooDataset
    /// The network's output for each class of the data set that takes part, by the class's name.
    public let classes: [String: Int]
    /// How the images are looked at; nil for as they are.
    public let view: ImageView?
    /// What the task is for; nil in files that do not say it.
    public let part: Purpose?

    /// What a task of a zoo is for. All tasks are divided before anything is trained.
    public enum Purpose: String, Codable, Sendable, CaseIterable {
        /// Generators learn from its networks.
        case training
        /// It chooses settings.
        case validation
        /// New: seen classes, never seen together.
        case newCombination = "new-combination"
        /// New: classes that no training task has.
        case newClasses = "new-classes"

        /// Whether nothing was learned or chosen from it.
        public var isNew: Bool { self == .newCombination || self == .newClasses }

        /// The part of all its networks; nil where each has its own.
        var split: ZooSplit? {
            switch self {
            case .training: nil
            case .validation: .validation
            case .newCombination, .newClasses: .test
            }
        }
    }

    /// A task with its name, its rows, and the output of each class by its name.
    public init(
        name: String, dataset: ZooDataset, classes: [String: Int], view: ImageView = .plain, part: Purpose? = nil
    ) {
        self.name = name
        self.dataset = dataset
        self.classes = classes
        self.view = view == .plain ? nil : view
        self.part = part
    }

    /// The tasks that an attribute `tasks` lists; throws `.malformed` where it is something else.
    public static func list(_ text: String, path: String) throws -> [ZooTask] {
        do {
            return try JSONDecoder().decode([ZooTask].self, from: Foundation.Data(text.utf8))
        } catch {
            throw DataError(
                .malformed, path: "\(path): attribute tasks", expected: "a list of {name, dataset, classes}",
                found: "other JSON")
        }
    }
}

extension DatasetCatalog {
    /// A task's data, prepared, divided and labelled as its networks saw it; throws as `load` of a data set does.
    public func load(_ task: ZooTask) throws -> DatasetSplit {
        let names = try load(task.dataset.name, csv: task.dataset.csvOptions).classNames
        return try load(task.dataset).seen(by: task).relabelled(names.map { task.classes[$0] }, task: task.name)
    }
}

extension DatasetSplit {
    /// The samples as a task looks at them; throws `.malformed` where they are no images that can be looked at so.
    func seen(by task: ZooTask) throws -> DatasetSplit {
        guard let view = task.view else { return self }
        guard view.fits(train.sampleShape) else {
            throw DataError(
                .malformed, path: "task \(task.name)", expected: "images that can be \(view.inWords)",
                found: "samples of shape \(train.sampleShape)")
        }
        return seen(view)
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
        return try prepared.seen(by: task).relabelled(classNames.map { task.classes[$0] }, task: task.name)
    }
}
