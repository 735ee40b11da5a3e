import Networks
import Tensors

/// A network that says where to move: v(x, t), with its weights in one flat vector.
public protocol VelocityNet: Sendable {
    /// Where the parameters lie.
    var layout: ParameterLayout { get }
    /// Length of x.
    var dimension: Int { get }
    /// Weights before training, [layout.count].
    func initialParameters(seed: UInt64) -> Tensor
    /// The velocity at an input, [B, dimension]. In training the pass has one stream, which feeds dropout.
    func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor
    /// The same flow in a space of fewer dimensions, for evaluation with fixed weights; nil where there is none.
    func reduced(_ parameters: Parameters) -> ReducedFlow?
}

/// What a velocity net is asked about: points, their times, and perhaps a condition for each.
public struct VelocityInput: Sendable {
    /// The points, [B, K].
    public var x: Tensor
    /// Their times, [B, 1]: 0 the source, 1 the data.
    public var t: Tensor
    /// What samples are to be like; nil for nets that know no condition.
    public var condition: Condition?

    /// One vector of features a point, and whether it is there.
    public struct Condition: Sendable {
        /// The features, [B, W].
        public var features: Tensor
        /// 1 where the condition holds, 0 where it is left out (for guidance without a classifier), [B, 1].
        public var mask: Tensor

        /// Puts features [B, W] and mask [B, 1] together; traps on other shapes.
        public init(features: Tensor, mask: Tensor) {
            precondition(
                features.rank == 2 && mask.shape == [features.shape[0], 1],
                "condition: features \(features.shape), mask \(mask.shape)")
            (self.features, self.mask) = (features, mask)
        }
    }

    /// Points [B, K] at times [B, 1].
    public init(_ x: Tensor, _ t: Tensor, condition: Condition? = nil) {
        (self.x, self.t, self.condition) = (x, t, condition)
    }

    /// Points [B, K] at one time.
    public init(_ x: Tensor, at t: Double, condition: Condition? = nil) {
        self.init(x, .full([x.shape[0], 1], t, precision: x.precision), condition: condition)
    }
}

extension VelocityNet {
    /// None.
    public func reduced(_ parameters: Parameters) -> ReducedFlow? { nil }

    /// The velocity at an input in evaluation, [B, dimension]: without dropout.
    public func callAsFunction(_ parameters: Parameters, _ input: VelocityInput) -> Tensor {
        var pass = ForwardPass.evaluation()
        return self(parameters, input, &pass)
    }
}
