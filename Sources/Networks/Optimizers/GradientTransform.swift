import Tensors

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
