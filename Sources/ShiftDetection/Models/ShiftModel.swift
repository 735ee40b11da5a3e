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
