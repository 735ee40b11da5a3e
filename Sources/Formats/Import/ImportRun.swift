import Basics
import Networks

/// One checkpoint in the layout's order.
struct ImportRow {
    let step: Int?
    let weights: [Float]
    let buffers: [Float]?
    let facts: [String: ZooFact]
    let spellings: [String: String]
    let place: String
}

/// The checkpoints of one run so far, or one network.
struct ImportRun {
    /// The run's name; nil for a network of its own.
    let name: String?
    /// The last checkpoint.
    private(set) var last: ImportRow
    /// Number of checkpoints, those that are not kept included.
    private(set) var count = 1
    private(set) var steps: [Int64]
    /// Weights of the checkpoints that are kept, the last one included.
    private(set) var weights: [Float]
    private(set) var buffers: [Float]?

    init(name: String?, first: ImportRow) {
        self.name = name
        last = first
        steps = [Int64(first.step ?? 0)]
        (weights, buffers) = (first.weights, first.buffers)
    }

    /// Appends the next checkpoint, or keeps it alone where `most` is nil; throws `.malformed` where its step is not
    /// behind the last one's, or there are more than `most`.
    mutating func append(_ row: ImportRow, most: Int?) throws {
        let step = Int64(row.step ?? count)
        guard step > steps[steps.count - 1], count < most ?? .max else {
            throw DataError(
                .malformed, path: row.place,
                expected: "a step behind \(steps[steps.count - 1]), at most \(most ?? .max) a run", found: "\(step)")
        }
        guard (row.buffers == nil) == (last.buffers == nil) else {
            throw DataError(
                .malformed, path: row.place, expected: "running statistics as in \(last.place)",
                found: row.buffers == nil ? "none" : "some")
        }
        if most != nil {
            steps.append(step)
            weights += row.weights
            if let values = row.buffers { buffers?.append(contentsOf: values) }
        } else {
            (steps, weights, buffers) = ([step], row.weights, row.buffers)
        }
        last = row
        count += 1
    }

    /// Says which number is not finite; nil where all are.
    func notFinite(layout: ParameterLayout?) -> DataError? {
        func find(_ values: [Float], _ slots: [Slot]) -> DataError? {
            guard let index = values.firstIndex(where: { !$0.isFinite }), let width = slots.last?.range.upperBound
            else { return nil }
            let slot = slots.first { $0.range.contains(index % width) }?.name ?? "element \(index)"
            let which = steps.count > 1 ? " at step \(steps[index / width])" : ""
            return DataError(
                .malformed, path: last.place, expected: "finite numbers", found: "\(values[index]) in \(slot)\(which)",
                hint: "--drop-non-finite leaves such networks out")
        }
        return find(weights, layout?.slots ?? []) ?? find(buffers ?? [], layout?.buffers ?? [])
    }
}
