import Tensors

/// What moves parameters against a gradient, a step at a time. Works on one flat vector [D] and on a population [P, D].
///
/// What it remembers is a list of named tensors, so that a checkpoint can hold it and training go on with the same
/// bytes.
public protocol Optimizer: Sendable {
    /// Steps taken.
    var step: Int { get }
    /// What is remembered between steps, each of the parameters' shape, always in the same order.
    var state: [NamedTensor] { get }

    /// Goes on behind `step` steps from a recorded state; throws a `DataError` where names, shapes or precision are not
    /// those of `state`.
    mutating func restore(step: Int, state: [NamedTensor]) throws

    /// Takes one step at the given learning rate; traps unless parameters and gradient have the optimizer's shape.
    mutating func update(_ parameters: inout Tensor, along gradient: Tensor, rate: Double)

    /// The same along a gradient whose weight parts need not be formed (`flatGradient`).
    mutating func update(_ parameters: inout Tensor, along gradient: FlatGradient, rate: Double)
}

extension Optimizer {
    /// Forms the gradient first.
    public mutating func update(_ parameters: inout Tensor, along gradient: FlatGradient, rate: Double) {
        update(&parameters, along: gradient.formed, rate: rate)
    }
}
