import Tensors

/// Rows of inputs as shift detection sees them: their features, and what the models that were fixed beforehand say of
/// each.
public struct ShiftRows: Sendable {
    /// Encoded features, [n, d] in single precision; nil where only a model's outputs are known.
    public let features: Tensor?
    /// The model in use: a probability a class, [n, C] in double precision.
    public let probabilities: Tensor
    /// What each network of each ensemble says, [M, n, C] in double precision.
    public let ensembles: [EnsembleKind: Tensor]

    /// Rows with a model's outputs. Traps where the numbers of rows or classes differ.
    public init(features: Tensor?, probabilities: Tensor, ensembles: [EnsembleKind: Tensor] = [:]) {
        precondition(probabilities.rank == 2, "shift rows: probabilities \(probabilities.shape), expected [n, C]")
        precondition(
            features.map { $0.rank == 2 && $0.shape[0] == probabilities.shape[0] } ?? true,
            "shift rows: features \(String(describing: features?.shape)), probabilities \(probabilities.shape)")
        for (kind, outputs) in ensembles {
            precondition(
                outputs.rank == 3 && outputs.shape.array.dropFirst() == probabilities.shape.array[...],
                "shift rows: \(kind) ensemble \(outputs.shape), probabilities \(probabilities.shape)")
        }
        (self.features, self.probabilities, self.ensembles) = (features, probabilities, ensembles)
    }

    /// n.
    public var count: Int { probabilities.shape[0] }
    /// C.
    public var classes: Int { probabilities.shape[1] }
    /// The class that the model in use predicts for each row; ties go to the lowest.
    public var predictions: [Int32] { probabilities.argmax() }
    /// The model's confidence in each row: the largest of its probabilities, 1/C to 1.
    public var confidences: [Double] { probabilities.max(axes: [1]).doubles }

    /// The rows at these places, in this order; a place may occur more than once.
    public func selecting(_ places: [Int]) -> ShiftRows {
        let places = places.map { Int32($0) }
        return ShiftRows(
            features: features?.gathered(axis: 0, places), probabilities: probabilities.gathered(axis: 0, places),
            ensembles: ensembles.mapValues { $0.gathered(axis: 1, places) })
    }

    /// These rows, then the others. Traps unless both have the same features, classes and ensembles.
    public func joined(with others: ShiftRows) -> ShiftRows {
        precondition(
            (features == nil) == (others.features == nil) && Set(ensembles.keys) == Set(others.ensembles.keys),
            "shift rows: rows with \(ensembles.keys) joined with rows with \(others.ensembles.keys)")
        let both = features.flatMap { mine in others.features.map { Tensor.concatenate([mine, $0], axis: 0) } }
        return ShiftRows(
            features: both, probabilities: .concatenate([probabilities, others.probabilities], axis: 0),
            ensembles: ensembles.reduce(into: [:]) { result, mine in
                result[mine.key] = others.ensembles[mine.key].map {
                    Tensor.concatenate([mine.value, $0], axis: 1)
                }
            })
    }
}

/// Where the networks of an ensemble come from.
public enum EnsembleKind: String, Codable, Sendable, CaseIterable, Hashable {
    /// Trained on T from fresh weights, each with its own seed.
    case trained
    /// One network of T whose last layer is drawn anew from a posterior.
    case lastLayer = "last-layer"
    /// Drawn from a generator of networks that were trained on T.
    case generated
}
