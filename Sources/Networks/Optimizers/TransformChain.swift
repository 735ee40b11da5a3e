import Tensors

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
