import Networks
import Tensors

/// What a net learns about codes: flows and diffusions differ for the training loop only here.
public protocol Objective: Sendable {
    /// One minibatch's regression from codes [B, K]; all draws come from `stream`.
    func draw(_ codes: Tensor, _ stream: inout RandomStream) -> Regression
    /// The regression of codes [N, K] as minibatches of at most so many rows see them, where rows depend on each other.
    func draw(_ codes: Tensor, minibatch: Int, _ stream: inout RandomStream) -> Regression
}

extension Objective {
    /// Rows do not depend on each other.
    public func draw(_ codes: Tensor, minibatch: Int, _ stream: inout RandomStream) -> Regression {
        draw(codes, &stream)
    }
}

/// One minibatch of a regression: loss = mean over B and K of weight (net(x, t) - target)^2.
public struct Regression: Sendable {
    /// What the net sees, [B, K].
    public var x: Tensor
    /// The time or noise level that the net is given, [B, 1].
    public var t: Tensor
    /// What it should answer, [B, K].
    public var target: Tensor
    /// A weight a row, [B, 1]; nil weighs all rows by 1.
    public var weight: Tensor?

    /// Describes the minibatch; traps unless x and target are [B, K], t and weight [B, 1].
    public init(x: Tensor, t: Tensor, target: Tensor, weight: Tensor? = nil) {
        let column: Shape = [x.shape[0], 1]
        precondition(
            x.rank == 2 && target.shape == x.shape && t.shape == column && (weight == nil || weight?.shape == column),
            "regression: x \(x.shape), t \(t.shape), target \(target.shape), weight \(weight?.shape ?? [])")
        self.x = x
        self.t = t
        self.target = target
        self.weight = weight
    }

    /// The loss of an answer [B, K], one number.
    public func loss(_ answer: Tensor) -> Tensor {
        guard let weight else { return Loss.meanSquaredError(answer, target) }
        return ((answer - target).square() * weight).mean()
    }

    /// Some of its rows.
    func rows(_ range: Range<Int>) -> Regression {
        func part(_ tensor: Tensor) -> Tensor { tensor.sliced(axis: 0, range) }
        return Regression(x: part(x), t: part(t), target: part(target), weight: weight.map(part))
    }
}
