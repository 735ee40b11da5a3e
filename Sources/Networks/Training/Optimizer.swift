import Basics
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

    /// Goes on after `step` steps from a recorded state; throws a `DataError` where names, shapes or precision are not
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

    /// Takes one step along a gradient that is held within a limit, if there is one.
    public mutating func update(
        _ parameters: inout Tensor, along gradient: FlatGradient, clippedTo clip: GradientClip?, rate: Double
    ) {
        if let clip {
            update(&parameters, along: clip(gradient.formed), rate: rate)
        } else {
            update(&parameters, along: gradient, rate: rate)
        }
    }
}

/// A limit on a gradient, held before an optimizer takes its step.
public enum GradientClip: Hashable, Sendable {
    /// Shortens a gradient longer than the limit: g <- g min(1, limit / (|g| + 1e-6)), |g| its Euclidean norm; of a
    /// population each network's own. PyTorch's clip_grad_norm_ (Pascanu, Mikolov, Bengio, 2013).
    case norm(Double)
    /// Holds every element between -limit and limit. PyTorch's clip_grad_value_.
    case value(Double)

    /// The gradient, [D] or [P, D], within the limit; traps unless the limit is positive.
    public func callAsFunction(_ gradient: Tensor) -> Tensor {
        func constant(_ value: Double) -> Tensor { .full([], value, precision: gradient.precision) }
        switch self {
        case .norm(let limit):
            precondition(limit > 0, "clip by norm: limit \(limit)")
            let norm = gradient.square().sum(axes: [-1], keepingDims: true).sqrt()
            let factor = (norm + 1e-6).reciprocal() * limit
            return gradient * factor.minimum(constant(1))
        case .value(let limit):
            precondition(limit > 0, "clip by value: limit \(limit)")
            return gradient.minimum(constant(limit)).maximum(constant(-limit))
        }
    }
}

/// A tensor with the name that a checkpoint knows it by.
public struct NamedTensor: Sendable {
    /// The name, unique among its neighbours.
    public let name: String
    /// The numbers.
    public let value: Tensor

    /// Names a tensor.
    public init(_ name: String, _ value: Tensor) {
        self.name = name
        self.value = value
    }
}

extension [NamedTensor] {
    /// These tensors in the order of `expected`; throws unless names, shapes and precisions are the same.
    func inOrder(of expected: [NamedTensor]) throws -> [Tensor] {
        func text(_ list: [NamedTensor]) -> String {
            list.map { "\($0.name) \($0.value.shape) \($0.value.precision)" }.joined(separator: ", ")
        }
        let found = expected.compactMap { place in
            first { $0.name == place.name && $0.value.shape == place.value.shape }?.value
        }
        guard count == expected.count, found.count == count,
            zip(found, expected).allSatisfy({ $0.precision == $1.value.precision })
        else {
            throw DataError(
                .malformed, path: "optimizer", expected: expected.isEmpty ? "no state" : text(expected),
                found: isEmpty ? "no state" : text(self), hint: "was it recorded with other settings?")
        }
        return found
    }
}
