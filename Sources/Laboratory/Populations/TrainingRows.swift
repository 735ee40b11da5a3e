import Basics
import Generation
import ModelZoo
import Networks
import Tensors

/// Training rows that a finish, or repaired averages, look at.
struct TrainingRows {
    /// [n, features].
    let inputs: Tensor
    /// Their classes, n of them.
    let labels: [Int32]

    /// `count` training samples, spread evenly over all in case these are sorted; all where there are fewer.
    init(_ training: Dataset, count: Int) {
        let used = min(count, training.count)
        let rows = training.select(rows: (0..<used).map { $0 * training.count / used })
        (inputs, labels) = (rows.tensor, rows.labels)
    }
}

extension JudgingData {
    /// The most training rows that coordinates look at.
    private static let mostWatched = 1000

    /// What the zoo's networks compute on training rows; nil where weights alone do not say it, or there are no rows.
    var behaviour: NetworkBehaviour? {
        guard training.count > 0, network.layout.bufferCount == 0 else { return nil }
        return NetworkBehaviour(network, inputs: TrainingRows(training, count: Self.mostWatched).inputs)
    }

    /// What carries the finish out, with the statistics of averaged networks where it needs them; nil for none.
    ///
    /// Throws `DataError` (configuration, `finish`) where the zoo's data has no two training rows, or the networks no last
    /// layer with a row a class.
    func finishing(_ finish: Finish, zoo: Tensor) throws -> Finishing? {
        guard let count = finish.rows else { return nil }
        guard training.count >= 2 else {
            throw DataError(
                .configuration, path: "finish", expected: "data with training rows to finish networks on",
                found: "\(training.count) of \(training.name)", hint: "set finish.kind to none")
        }
        let rows = TrainingRows(training, count: count)
        var repair: AverageRepair?
        if case .statistics = finish { repair = try AverageRepair(network, zoo: zoo, inputs: rows.inputs) }
        return try Finishing(
            network, finish, inputs: rows.inputs, labels: rows.labels, classes: classCount, repair: repair)
    }

    /// What repairs averages of the networks [N, D]; nil where the data has no two training rows, or the networks no last
    /// layer with a row a class.
    func averageRepair(zoo: Tensor, count: Int = Finish.Statistics().rows) -> AverageRepair? {
        guard training.count >= 2 else { return nil }
        return try? AverageRepair(network, zoo: zoo, inputs: TrainingRows(training, count: count).inputs)
    }
}

extension Finish {
    /// The finish in words, with the number of rows that there are; nil for none.
    func summary(rows available: Int) -> String? {
        guard let rows else { return nil }
        let taken = steps == 0 ? "" : "\(steps) steps of Adam, "
        return "\(kind): \(taken)on \(min(rows, available)) training rows"
    }
}
