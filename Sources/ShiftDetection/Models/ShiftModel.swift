import Basics
import Tensors

/// All that was learnt before a sample came: the training rows T, and the ensembles that were fitted to them.
///
/// Nothing here has seen the reference rows P or the sample Q, which is why their ranks are exchangeable.
public struct ShiftModel: Sendable {
    /// T, with the outputs of the model in use.
    public let training: ShiftRows?
    /// The networks that the methods ask.
    public let ensembles: [EnsembleKind: ShiftEnsemble]
    /// Key of all that is drawn.
    public let seed: UInt64

    /// Gathers what was learnt.
    public init(training: ShiftRows? = nil, ensembles: [EnsembleKind: ShiftEnsemble] = [:], seed: UInt64 = 0) {
        (self.training, self.ensembles, self.seed) = (training, ensembles, seed)
    }

    /// Rows of features [n, d] with what the ensembles say of them; `probabilities` [n, C] are those of the model in
    /// use, the trained ensemble's mean where it has none of its own.
    public func rows(features: Tensor, probabilities: Tensor? = nil) -> ShiftRows {
        let said = ensembles.mapValues { $0.probabilities(features) }
        guard let outputs = probabilities ?? said[.trained]?.mean(axes: [0]) else {
            preconditionFailure("shift model: no model in use, and no trained ensemble in its place")
        }
        return ShiftRows(features: features, probabilities: outputs, ensembles: said)
    }
}

/// Features [n, d], and the class that the model in use predicts for each row.
struct PredictedRows {
    let features: Tensor
    let classes: [Int32]
}

extension ShiftModel {
    /// What a method that asks networks of its own works with: T and the pool, both with features.
    ///
    /// Throws `DataError` where either has none.
    func known(for method: String, pool: ShiftRows) throws -> (training: PredictedRows, pool: PredictedRows) {
        guard let training, let learnt = training.features, let asked = pool.features else {
            throw Self.missing(
                method, "it asks networks about the training rows and the sample, whose features are not known here",
                hint: "give the training rows when the detector is fitted, or choose a method of outputs alone")
        }
        precondition(
            training.classes == pool.classes, "\(method): \(training.classes) classes of T, \(pool.classes) of the pool"
        )
        return (
            PredictedRows(features: learnt, classes: training.predictions),
            PredictedRows(features: asked, classes: pool.predictions)
        )
    }

    /// The refusal of a method that lacks something.
    static func missing(_ method: String, _ problem: String, hint: String) -> DataError {
        DataError(.configuration, path: method, problem: problem, hint: hint)
    }
}
