import Tensors

/// Rows of a table as a detector keeps them.
public struct DetectorRows: Sendable {
    /// The columns of the encoding.
    public let raw: RawRows
    /// What the model in use says of each row, [n, C] in double precision; nil where the detector's networks are the model.
    public let probabilities: Tensor?
    /// The right class of each row; nil for a row that has none. Nil where no row has one.
    public let labels: [Int32?]?

    /// Holds rows. Traps where their numbers differ.
    public init(raw: RawRows, probabilities: Tensor?, labels: [Int32?]?) {
        precondition(
            probabilities.map { $0.shape[0] == raw.count } ?? true && labels.map { $0.count == raw.count } ?? true,
            "detector rows: \(raw.count) rows, probabilities \(String(describing: probabilities?.shape)), "
                + "\(labels?.count ?? raw.count) labels")
        (self.raw, self.probabilities, self.labels) = (raw, probabilities, labels)
    }

    /// n.
    public var count: Int { raw.count }
    /// Places of the rows that have a label.
    var labelled: [Int] { labels.map { labels in labels.indices.filter { labels[$0] != nil } } ?? [] }

    /// The places of the rows in an order that depends on what stands in them alone.
    var order: [Int] {
        let values = raw.columns + (probabilities.map { RawRows.columns(of: $0) } ?? [])
        let keys = RawRows(columns: values, count: count)
        let own = (0..<count).map { keys.key($0) }
        return own.indices.sorted {
            own[$0] == own[$1] ? $0 < $1 : own[$0].lexicographicallyPrecedes(own[$1])
        }
    }

    /// The rows at these places, in this order.
    public func selecting(_ places: [Int]) -> DetectorRows {
        DetectorRows(
            raw: raw.selecting(places), probabilities: probabilities?.gathered(axis: 0, places.map { Int32($0) }),
            labels: labels.map { all in places.map { all[$0] } })
    }

    /// These rows, then the others, without labels.
    func joined(with others: DetectorRows) -> DetectorRows {
        let both = probabilities.flatMap { mine in
            others.probabilities.map { Tensor.concatenate([mine, $0], axis: 0) }
        }
        return DetectorRows(
            raw: RawRows(columns: zip(raw.columns, others.raw.columns).map { $0 + $1 }, count: count + others.count),
            probabilities: both, labels: nil)
    }

    /// What rows are compared by: their columns, else what the model says of them.
    public var comparable: RawRows {
        guard raw.columns.isEmpty, let outputs = probabilities else { return raw }
        return RawRows(columns: RawRows.columns(of: outputs), count: count)
    }
}

extension RawRows {
    /// The columns of a matrix [n, C].
    static func columns(of matrix: Tensor) -> [[Double]] {
        let (values, classes) = (matrix.doubles, matrix.shape[1])
        return (0..<classes).map { place in stride(from: place, to: values.count, by: classes).map { values[$0] } }
    }
}

extension ReferenceRows {
    /// The places of the rows in an order that depends on what the model says of them, and on their labels, alone.
    var order: [Int] {
        let said = RawRows(columns: RawRows.columns(of: rows.probabilities) + [labels.map(Double.init)], count: count)
        return DetectorRows(raw: said, probabilities: nil, labels: nil).order
    }
}
