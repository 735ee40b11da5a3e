import Networks
import Tensors

/// Recomputes the recorded accuracies on the data at hand.
struct AccuracyCheck {
    private struct Part {
        let column: String
        let recorded: [Double]
        let data: Dataset
        let inputs: Tensor
    }

    private let tolerance: Double
    private let name: String
    private let classifier: Classifier?
    private let parts: [Part]
    private let reason: String
    private var found: [(network: Int, detail: String)] = []
    private var largest = 0.0

    /// Finds the data; throws `DataError` only where a data set was asked for and cannot be used.
    init(_ verifier: ZooVerifier, _ reader: ZooReader) throws {
        tolerance = verifier.options.tolerance
        let columns = ["train_accuracy", "validation_accuracy", "test_accuracy"]
        let recorded = columns.map { reader.columns.numbers($0) }
        guard recorded.contains(where: { $0 != nil }) else {
            (name, classifier, parts, reason) = ("", nil, [], "none are recorded")
            return
        }
        switch try verifier.judging(reader) {
        case .impossible(let why):
            (name, classifier, parts, reason) = ("", nil, [], why)
        case .possible(let name, let network, let split):
            self.name = name
            classifier = Classifier(network)
            reason = ""
            parts = zip(zip(columns, recorded), [split.train, split.validation, split.test]).compactMap { entry, data in
                guard let values = entry.1, data.count > 0, values.contains(where: { !$0.isNaN }) else { return nil }
                return Part(column: entry.0, recorded: values, data: data, inputs: data.tensor)
            }
        }
    }

    mutating func add(_ block: ScannedBlock) {
        guard let classifier else { return }
        let sound = block.rows.filter { block.isSound($0) }
        guard !sound.isEmpty else { return }
        let width = block.weights.count / block.rows.count
        let population = Tensor(sound.flatMap { block.row($0) }, shape: [sound.count, width])
        let kept = sound.flatMap { block.bufferRow($0) }
        let buffers = kept.isEmpty ? nil : Tensor(kept, shape: [sound.count, kept.count / sound.count])
        for part in parts {
            let reached = classifier.accuracies(
                population, buffers: buffers, inputs: part.inputs, labels: part.data.labels)
            for (network, accuracy) in zip(sound, reached) where !part.recorded[network].isNaN {
                let difference = abs(accuracy - part.recorded[network])
                largest = max(largest, difference)
                guard difference > tolerance else { continue }
                let (said, got) = (ZooInspection.number(part.recorded[network]), ZooInspection.number(accuracy))
                found.append((network, "\(part.column) \(said) is recorded, \(got) is reached"))
            }
        }
    }

    func outcome() -> CheckOutcome {
        guard classifier != nil else { return .skipped(.accuracies, reason) }
        guard !parts.isEmpty else { return .skipped(.accuracies, "\(name) has no samples for the recorded ones") }
        let names = parts.map(\.column).joined(separator: ", ")
        return CheckOutcome(
            .accuracies,
            "\(names) on \(name) within \(ZooInspection.number(tolerance)); largest difference "
                + ZooInspection.number(largest), found)
    }
}
