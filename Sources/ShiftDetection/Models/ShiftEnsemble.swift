import Networks
import Tensors

/// Networks that were fixed beforehand and are asked what they say of rows.
public struct ShiftEnsemble: Sendable {
    /// What they compute.
    public let architecture: Architecture
    /// Their weights, [M, D].
    public let weights: Tensor
    /// Their running statistics, where the architecture has any, [M, Bf].
    public let buffers: Tensor?
    /// What they were drawn from, where they were drawn here from a generator.
    public let tunable: TunableGenerator?

    /// Holds networks. Traps unless weights are [M, D].
    public init(
        architecture: Architecture, weights: Tensor, buffers: Tensor? = nil, tunable: TunableGenerator? = nil
    ) {
        precondition(
            weights.rank == 2 && weights.shape[1] == architecture.layout.count,
            "shift ensemble: weights \(weights.shape), a network has \(architecture.layout.count)")
        (self.architecture, self.weights, self.buffers, self.tunable) = (architecture, weights, buffers, tunable)
    }

    /// M.
    public var count: Int { weights.shape[0] }

    /// What each network says of each row of features [n, d]: a probability a class, [M, n, C] in double precision.
    public func probabilities(_ features: Tensor) -> Tensor {
        let network = architecture.network
        let own = buffers.map { Buffers(layout: network.layout, flat: $0) }
        let logits = network(Parameters(layout: network.layout, flat: weights), features, own)
        return logits.converted(to: .double).softmax()
    }
}
