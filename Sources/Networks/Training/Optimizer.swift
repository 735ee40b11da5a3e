import Basics
import Foundation
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
        let found = expected.compactMap { wanted in
            first { $0.name == wanted.name && $0.value.shape == wanted.value.shape }?.value
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

/// One link of a chain between a gradient and the step that an optimizer takes (in the spirit of optax).
///
/// A transform is a description; what it remembers is handed to it, so that a chain can record and restore all of it.
public protocol GradientTransform: Sendable {
    /// Names of the tensors that it remembers, each of the parameters' shape and zero at first.
    var remembered: [String] { get }

    /// The gradient, or what earlier links made of it, changed.
    ///
    /// - gradient, parameters: [D], or [P, D] for a population. `step` counts from 1; `state` is in the order of
    ///   `remembered`.
    func apply(to gradient: Tensor, parameters: Tensor, step: Int, state: inout [Tensor]) -> Tensor
}

extension GradientTransform {
    /// Nothing.
    public var remembered: [String] { [] }
}

/// An optimizer made of links: each changes the gradient in turn, the last step is plain descent or another optimizer.
///
///     TransformChain([ClipByGlobalNorm(1)], shape: shape, then: AdamW(shape: shape))
///     TransformChain([ScaleByAdam(), AddDecayedWeights(0.01), ScaleBySchedule(schedule)], shape: shape)
public struct TransformChain: Optimizer {
    /// The links, in the order in which they see the gradient.
    public let transforms: [any GradientTransform]
    /// Steps taken.
    public private(set) var step = 0
    private var states: [[Tensor]]
    private var last: any Optimizer

    /// Chains the links; `last` takes the step (p <- p - rate u where none is given).
    public init(
        _ transforms: [any GradientTransform], shape: Shape, precision: Precision = .single,
        then last: (any Optimizer)? = nil
    ) {
        self.transforms = transforms
        self.last = last ?? SGD(shape: shape, precision: precision)
        states = transforms.map { $0.remembered.map { _ in .zeros(shape, precision: precision) } }
    }

    /// What the links remember, "0.momentum" being the first one's, then what the last optimizer does, "last.".
    public var state: [NamedTensor] {
        let links = zip(transforms, states).enumerated().flatMap { index, link in
            zip(link.0.remembered, link.1).map { NamedTensor("\(index).\($0)", $1) }
        }
        return links + last.state.map { NamedTensor("last.\($0.name)", $0.value) }
    }

    /// Goes on from a recorded state after `step` steps.
    public mutating func restore(step: Int, state: [NamedTensor]) throws {
        let found = try state.inOrder(of: self.state)
        var start = 0
        for (index, transform) in transforms.enumerated() {
            let end = start + transform.remembered.count
            states[index] = Array(found[start..<end])
            start = end
        }
        try last.restore(step: step, state: zip(last.state, found[start...]).map { NamedTensor($0.name, $1) })
        self.step = step
    }

    /// Takes one step at the given learning rate.
    public mutating func update(_ parameters: inout Tensor, along gradient: Tensor, rate: Double) {
        precondition(
            parameters.shape == gradient.shape, "chain: parameters \(parameters.shape), gradient \(gradient.shape)")
        step += 1
        var slope = gradient
        for (index, transform) in transforms.enumerated() {
            slope = transform.apply(to: slope, parameters: parameters, step: step, state: &states[index])
        }
        last.update(&parameters, along: slope, rate: rate)
    }
}

/// Shortens a gradient that is longer than a limit: g <- g min(1, limit / (|g| + 1e-6)), |g| one number a network.
///
/// PyTorch's clip_grad_norm_ (Pascanu, Mikolov, Bengio, 2013); of a population each network's gradient is its own.
public struct ClipByGlobalNorm: GradientTransform, Hashable {
    /// Largest length.
    public let limit: Double

    /// Traps unless the limit is positive.
    public init(_ limit: Double) {
        precondition(limit > 0, "clip by norm: limit \(limit)")
        self.limit = limit
    }

    /// The gradient, shortened where it is too long.
    public func apply(to gradient: Tensor, parameters: Tensor, step: Int, state: inout [Tensor]) -> Tensor {
        let norm = gradient.square().sum(axes: [-1], keepingDims: true).sqrt()
        let factor = (norm + 1e-6).reciprocal() * limit
        return gradient * factor.minimum(.ones([], precision: gradient.precision))
    }
}

/// Holds every element of a gradient between -limit and limit. PyTorch's clip_grad_value_.
public struct ClipByValue: GradientTransform, Hashable {
    /// Largest magnitude.
    public let limit: Double

    /// Traps unless the limit is positive.
    public init(_ limit: Double) {
        precondition(limit > 0, "clip by value: limit \(limit)")
        self.limit = limit
    }

    /// The gradient, held within the limit.
    public func apply(to gradient: Tensor, parameters: Tensor, step: Int, state: inout [Tensor]) -> Tensor {
        func bound(_ value: Double) -> Tensor { .full([], value, precision: gradient.precision) }
        return gradient.minimum(bound(limit)).maximum(bound(-limit))
    }
}

/// Pulls the weights towards 0: u <- u + decay p. In front of momentum or moments an L2 penalty, behind them decoupled
/// weight decay.
public struct AddDecayedWeights: GradientTransform, Hashable {
    /// Factor of the weights.
    public let decay: Double

    /// Describes the pull.
    public init(_ decay: Double) { self.decay = decay }

    /// The gradient with the pull added.
    public func apply(to gradient: Tensor, parameters: Tensor, step: Int, state: inout [Tensor]) -> Tensor {
        gradient + parameters * decay
    }
}

/// Adds up gradients with a fading memory: b <- momentum b + (1 - dampening) g, but b <- g at the first step; returns
/// b, or with Nesterov g + momentum b. The part of `SGD` that remembers.
public struct Momentum: GradientTransform, Hashable {
    /// Share of the last direction that is kept.
    public let momentum: Double
    /// Share of the gradient that is left out.
    public let dampening: Double
    /// Whether the gradient is followed from where momentum leads.
    public let isNesterov: Bool

    /// Describes the memory.
    public init(_ momentum: Double, dampening: Double = 0, isNesterov: Bool = false) {
        self.momentum = momentum
        self.dampening = dampening
        self.isNesterov = isNesterov
    }

    /// The direction.
    public var remembered: [String] { ["momentum"] }

    /// The direction that gradients add up to.
    public func apply(to gradient: Tensor, parameters: Tensor, step: Int, state: inout [Tensor]) -> Tensor {
        state[0] = step == 1 ? gradient : state[0] * momentum + gradient * (1 - dampening)
        return isNesterov ? gradient + state[0] * momentum : state[0]
    }
}

/// Divides a gradient's mean by the root of its mean square, both with a fading memory (Kingma & Ba, 2015).
///
/// m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; returns m / (1 - b1^k) / (sqrt(v / (1 - b2^k)) + eps), k the step
/// from 1. The part of `AdamW` that remembers; that one is faster where nothing stands behind the moments.
public struct ScaleByAdam: GradientTransform {
    /// b1 and b2.
    public let betas: (Double, Double)
    /// Added to the root of the second moment.
    public let epsilon: Double

    /// Describes the memory, by default PyTorch's.
    public init(betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8) {
        self.betas = betas
        self.epsilon = epsilon
    }

    /// Both moments.
    public var remembered: [String] { ["first_moment", "second_moment"] }

    /// The scaled mean of gradients.
    public func apply(to gradient: Tensor, parameters: Tensor, step: Int, state: inout [Tensor]) -> Tensor {
        state[0] = state[0] * betas.0 + gradient * (1 - betas.0)
        state[1] = state[1] * betas.1 + gradient.square() * (1 - betas.1)
        let root = (state[1] / (1 - pow(betas.1, Double(step)))).sqrt() + epsilon
        return state[0] / (1 - pow(betas.0, Double(step))) / root
    }
}

/// Multiplies by a schedule's number for the step: u <- r(k) u, k counted from 0. With it a chain is run at rate 1.
public struct ScaleBySchedule: GradientTransform {
    /// r.
    public let schedule: any Schedule

    /// Describes the factor.
    public init(_ schedule: any Schedule) { self.schedule = schedule }

    /// The gradient times the schedule's number.
    public func apply(to gradient: Tensor, parameters: Tensor, step: Int, state: inout [Tensor]) -> Tensor {
        gradient * schedule.rate(at: step - 1)
    }
}
