import Basics
import Networks
import Tensors

/// Recomputes the recorded accuracies on the data at hand, in a zoo of many tasks each network's on its own task's.
struct AccuracyCheck {
    private struct Part {
        let column: String
        let recorded: [Double]
        let data: Dataset
        let inputs: Tensor
    }

    /// What networks are judged on.
    private enum Source {
        case none(why: String)
        case one(name: String, [Part])
        case many(TaskData)
    }

    /// Our own names.
    private static let columns = ["train_accuracy", "validation_accuracy", "test_accuracy"]

    /// Columns of accuracies that can be recomputed: ours, and others of test or validation rows whose names say as much.
    /// What others call training accuracy is mostly a mean over an epoch.
    private static func columns(_ all: ZooColumns) -> [Column] {
        let parts: [AccuracyName.Part] = [.training, .validation, .test]
        var found = zip(columns, parts).compactMap { name, part in
            all.numbers(name).map { Column(name: name, part: part, values: $0) }
        }
        for name in all.names where !columns.contains(name) {
            guard let said = AccuracyName(name), said.isPlain, let part = said.part, part != .training,
                let values = all.numbers(name)
            else { continue }
            found.append(Column(name: name, part: part, values: values))
        }
        return found
    }

    /// Names of accuracies that are recorded and cannot be recomputed: they do not say of which rows or of which epoch.
    private static func others(_ all: ZooColumns, besides known: [Column]) -> String {
        let names = all.names.filter { name in
            AccuracyName(name) != nil && all.numbers(name) != nil && !known.contains { $0.name == name }
        }
        guard !names.isEmpty else { return "" }
        return names.map { $0.printable(limit: 40) }.joined(separator: ", ")
            + (names.count == 1 ? " does" : " do") + " not say of which rows and which epoch"
    }

    /// A column of accuracies, and the part of the data that they are of.
    private struct Column {
        let name: String
        let part: AccuracyName.Part
        let values: [Double]
    }

    private let tolerance: Double
    private let source: Source
    private let classifier: Classifier?
    private let columns: [Column]
    /// What is said of accuracies that are not recomputed.
    private let others: String
    /// Each network's task, as its column says; empty for a zoo of one.
    private let taskNumbers: [Double]
    /// The task whose data is at hand.
    private var current: (task: Int, parts: [Part])?
    private var used: Set<String> = []
    private var found: [(network: Int, detail: String)] = []
    private var largest = 0.0
    private var withoutTask = 0

    /// Finds the data; throws `DataError` only where a data set was asked for and cannot be used, or where the file's
    /// list of tasks is none.
    init(_ verifier: ZooVerifier, _ reader: ZooReader) throws {
        tolerance = verifier.options.tolerance
        let columns = Self.columns(reader.columns)
        let others = Self.others(reader.columns, besides: columns)
        (self.columns, self.others) = (columns, others)
        guard !columns.isEmpty else {
            let why = others.isEmpty ? "none are recorded" : others
            (source, classifier, taskNumbers) = (.none(why: why), nil, [])
            return
        }
        switch try verifier.judging(reader) {
        case .impossible(let why):
            (source, classifier, taskNumbers) = (.none(why: why), nil, [])
        case .possible(let name, let network, let split):
            (source, classifier, taskNumbers) = (.one(name: name, Self.parts(columns, split)), Classifier(network), [])
        case .tasks(let data, let network):
            (source, classifier) = (.many(data), Classifier(network))
            taskNumbers = reader.columns.numbers("task") ?? []
        }
    }

    /// Judges the sound networks of a block; throws `.malformed` where a task's rows are not those of its data.
    mutating func add(_ block: ScannedBlock) throws {
        let sound = block.rows.filter { block.isSound($0) }
        switch source {
        case .none: return
        case .one(_, let parts): judge(sound, of: block, parts)
        case .many(let data):
            for (task, networks) in byTask(sound, data.tasks.count) {
                let parts = try current?.task == task ? current?.parts ?? [] : Self.parts(columns, data.split(task))
                current = (task, parts)
                judge(networks, of: block, parts)
            }
        }
    }

    func outcome() -> CheckOutcome {
        let name: String
        switch source {
        case .none(let why): return .skipped(.accuracies, why)
        case .one(let data, let parts):
            guard !parts.isEmpty else { return .skipped(.accuracies, "\(data) has no samples for the recorded ones") }
            guard !used.isEmpty else { return .skipped(.accuracies, "none were recomputed: no network is sound") }
            name = data
        case .many(let data):
            let left = withoutTask == 0 ? "" : " (\(withoutTask) networks without one)"
            guard !used.isEmpty else { return outcome(withoutAny: data, left) }
            name = "\(data.tasks.count) tasks of \(data.names.joined(separator: ", "))\(left)"
        }
        let names = columns.map(\.name).filter { used.contains($0) }.joined(separator: ", ")
        return CheckOutcome(
            .accuracies,
            "\(names) on \(name) within \(ZooInspection.number(tolerance)); largest difference "
                + ZooInspection.number(largest) + (others.isEmpty ? "" : "; \(others)"), found)
    }

    /// What is said where no network of a zoo of many tasks could be judged.
    private func outcome(withoutAny data: TaskData, _ left: String) -> CheckOutcome {
        let why =
            data.tasks.isEmpty
            ? "none were recomputed: the file lists no tasks\(left)"
            : "none were recomputed: no sound network is of a task with samples for the recorded ones\(left)"
        return found.isEmpty ? .skipped(.accuracies, why) : CheckOutcome(.accuracies, why, found)
    }

    private static func parts(_ columns: [Column], _ split: DatasetSplit) -> [Part] {
        columns.compactMap { column in
            let data =
                switch column.part {
                case .training: split.train
                case .validation: split.validation
                case .test: split.test
                }
            guard data.count > 0, column.values.contains(where: { !$0.isNaN }) else { return nil }
            return Part(column: column.name, recorded: column.values, data: data, inputs: data.tensor)
        }
    }

    /// Networks by their task, in order of tasks; a task that is not listed is a finding.
    private mutating func byTask(_ networks: [Int], _ count: Int) -> [(task: Int, networks: [Int])] {
        var groups: [Int: [Int]] = [:]
        for network in networks {
            guard network < taskNumbers.count, let task = Int(exactly: taskNumbers[network]), task >= 0 else {
                withoutTask += 1
                continue
            }
            guard task < count else {
                found.append((network, "its task \(task) is none of the \(count) that the file lists"))
                continue
            }
            groups[task, default: []].append(network)
        }
        return groups.sorted { $0.key < $1.key }.map { (task: $0.key, networks: $0.value) }
    }

    private mutating func judge(_ networks: [Int], of block: ScannedBlock, _ parts: [Part]) {
        guard let classifier, !networks.isEmpty else { return }
        let width = block.weights.count / block.rows.count
        let population = Tensor(networks.flatMap { block.row($0) }, shape: [networks.count, width])
        let kept = networks.flatMap { block.bufferRow($0) }
        let buffers = kept.isEmpty ? nil : Tensor(kept, shape: [networks.count, kept.count / networks.count])
        for part in parts {
            let reached = classifier.accuracies(
                population, buffers: buffers, inputs: part.inputs, labels: part.data.labels)
            used.insert(part.column)
            for (network, accuracy) in zip(networks, reached) where !part.recorded[network].isNaN {
                let difference = abs(accuracy - part.recorded[network])
                if difference.isFinite { largest = max(largest, difference) }
                guard !(difference <= tolerance) else { continue }
                let said = ZooInspection.number(part.recorded[network])
                let got =
                    accuracy.isNaN ? "but its outputs are not finite" : "\(ZooInspection.number(accuracy)) is reached"
                found.append((network, "\(part.column) \(said) is recorded, \(got)"))
            }
        }
    }
}
