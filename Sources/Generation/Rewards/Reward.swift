import Networks
import Tensors

/// What is wanted of networks: one number each, the more the better, with a derivative by their weights.
///
/// A generator is tuned to it by `AdjointMatching`: the networks that it then draws have the density of its own, times
/// exp(strength reward). That shifts weight between networks that it can make; it makes no others.
public protocol Reward: Sendable {
    /// The rewards [P] of networks [P, D], in operations that have derivatives.
    func callAsFunction(_ weights: Tensor) -> Tensor
}

/// A reward of what networks say of some inputs.
public struct OutputReward: Reward {
    /// The networks' function.
    public let network: any Network
    /// What they are asked, [n, features].
    public let inputs: Tensor
    private let value: @Sendable (_ outputs: Tensor) -> Tensor

    /// A reward of outputs [P, n, C], one number a network, [P].
    ///
    ///     OutputReward(network, inputs: x) { logits in -Loss.crossEntropy(logits, labels: y) }
    ///
    /// Networks with batch norms are normalised by the inputs' own statistics, which made networks get anew anyway.
    public init(
        _ network: any Network, inputs: Tensor, _ value: @escaping @Sendable (_ outputs: Tensor) -> Tensor
    ) {
        precondition(inputs.rank >= 2 && inputs.shape[0] >= 1, "reward: inputs \(inputs.shape)")
        (self.network, self.inputs, self.value) = (network, inputs, value)
    }

    /// The rewards [P] of networks [P, D].
    public func callAsFunction(_ weights: Tensor) -> Tensor {
        let layout = network.layout
        var pass = ForwardPass.evaluation()
        if layout.bufferCount > 0 {
            pass = .training(Buffers(layout, population: weights.shape[0], precision: weights.precision))
        }
        let rows = inputs.converted(to: weights.precision)
        return value(network(Parameters(layout: layout, flat: weights), rows, &pass))
    }
}

/// The kinds of rewards of what classifiers say.
extension OutputReward {
    /// Minus the mean cross-entropy of labelled rows; n labels.
    public static func negativeLoss(_ network: any Network, inputs: Tensor, labels: [Int32]) -> OutputReward {
        OutputReward(network, inputs: inputs) { -Loss.crossEntropy($0, labels: labels) }
    }

    /// Accuracy made smooth: the mean probability of the right class, softmax of logits / temperature; the accuracy itself
    /// as the temperature falls to 0.
    public static func accuracy(
        _ network: any Network, inputs: Tensor, labels: [Int32], temperature: Double = 1
    ) -> OutputReward {
        OutputReward(network, inputs: inputs) { logits in
            let right = Tensor.oneHot(labels, classes: logits.shape[logits.rank - 1], precision: logits.precision)
            let shares = ((logits / temperature).softmax() * right).sum(axes: [-1])
            return shares.mean(axes: [-1])
        }
    }

    /// Agreement with a reference model: minus the mean cross-entropy of the classes that it says.
    public static func agreement(_ network: any Network, inputs: Tensor, said: [Int32]) -> OutputReward {
        negativeLoss(network, inputs: inputs, labels: said)
    }

    /// Disagreement with a reference model that says c: minus the mean of
    ///
    ///     logsumexp(z) - 1 / (C - 1) sum over j != c of z_j,
    ///
    /// the cross-entropy of all other classes alike.
    /// Source: Ginsberg, Liang, Krishnan, A learning based hypothesis test for harmful covariate shift, 2023, eq. 5.
    public static func disagreement(_ network: any Network, inputs: Tensor, said: [Int32]) -> OutputReward {
        OutputReward(network, inputs: inputs) { logits in
            let classes = logits.shape[logits.rank - 1]
            let own = Tensor.oneHot(said, classes: classes, precision: logits.precision)
            let others = (1 - own) / Double(max(1, classes - 1))
            return -Loss.crossEntropy(logits, targets: others)
        }
    }
}

/// A sum of rewards with factors.
public struct RewardSum: Reward {
    /// The rewards and what each is multiplied by.
    public let terms: [(factor: Double, reward: any Reward)]

    /// Traps without a term.
    public init(_ terms: [(factor: Double, reward: any Reward)]) {
        precondition(!terms.isEmpty, "reward: a sum of nothing")
        self.terms = terms
    }

    /// The sums [P] for networks [P, D].
    public func callAsFunction(_ weights: Tensor) -> Tensor {
        terms.dropFirst().reduce(terms[0].reward(weights) * terms[0].factor) { $0 + $1.reward(weights) * $1.factor }
    }
}

/// A reward that is any function of weights.
public struct FunctionReward: Reward {
    private let value: @Sendable (_ weights: Tensor) -> Tensor

    /// A function from networks [P, D] to rewards [P].
    public init(_ value: @escaping @Sendable (_ weights: Tensor) -> Tensor) { self.value = value }

    /// The function.
    public func callAsFunction(_ weights: Tensor) -> Tensor { value(weights) }
}
