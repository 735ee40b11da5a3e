/// The value of `f` at `inputs` and its vector-Jacobian product: `pull(u)` is u' J, one tensor an input.
///
/// `pull` may be called several times. Derivatives nest: `f` may itself take derivatives, and this may be called inside
/// another derivative.
public func pullback(
    at inputs: [Tensor], of f: ([Tensor]) throws -> [Tensor]
) rethrows -> (value: [Tensor], pull: ([Tensor]) -> [Tensor]) {
    let leaves = inputs.map(\.asLeaf)
    let outputs = try f(leaves)
    let history = History(outputs: outputs, leaves: leaves)
    let values = history.isNested ? outputs : outputs.map(\.detached)
    return (
        values,
        { cotangents in
            var sweep = ReverseSweep(history, outputs: outputs, cotangents: cotangents)
            let ends = leaves.map { history.index(of: $0) }
            sweep.run(until: ends)
            return zip(leaves, ends).map { leaf, end in
                end.flatMap { sweep.received(at: $0)[0] } ?? .zeros(leaf.shape, like: leaf)
            }
        }
    )
}

/// The value of `f` at `x` and its vector-Jacobian product `pull(u)` = u' J, of the shape of `x`.
public func pullback(
    at x: Tensor, of f: (Tensor) throws -> Tensor
) rethrows -> (value: Tensor, pull: (Tensor) -> Tensor) {
    let (values, pull) = try pullback(at: [x]) { [try f($0[0])] }
    return (values[0], { pull([$0])[0] })
}

/// The value of a scalar function and its gradient, of the shape of `x`. Traps when `f` returns more than one number.
public func gradient(
    at x: Tensor, of f: (Tensor) throws -> Tensor
) rethrows -> (value: Tensor, gradient: Tensor) {
    let (value, pull) = try pullback(at: x, of: f)
    precondition(value.count == 1, "gradient: the function returns shape \(value.shape), not one number")
    return (value, pull(.full(value.shape, 1, like: value)))
}

/// The value of `f` at `inputs` and its Jacobian-vector product J v along `tangents`.
///
/// Runs `f` once, then sweeps forward over what it recorded.
public func pushforward(
    at inputs: [Tensor], along tangents: [Tensor], of f: ([Tensor]) throws -> [Tensor]
) rethrows -> (values: [Tensor], tangents: [Tensor]) {
    precondition(
        inputs.map(\.shape) == tangents.map(\.shape),
        "pushforward: inputs \(inputs.map(\.shape)), tangents \(tangents.map(\.shape))")
    for (input, tangent) in zip(inputs, tangents) { input.checkBackend(tangent, "pushforward, tangent") }
    let leaves = inputs.map(\.asLeaf)
    let outputs = try f(leaves)
    let history = History(outputs: outputs, leaves: leaves)
    let nested = history.isNested || tangents.contains { $0.node != nil }
    var found: [[Tensor?]] = history.nodes.map { Array(repeating: nil, count: $0.outputShapes.count) }
    for (leaf, tangent) in zip(leaves, tangents) {
        if let index = history.index(of: leaf) { found[index] = [tangent] }
    }
    func tangent(of tensor: Tensor) -> Tensor? { history.index(of: tensor).flatMap { found[$0][tensor.output] } }
    let leafIndices = leaves.map { history.index(of: $0) }
    for index in history.nodes.indices where history.depends[index] && !leafIndices.contains(index) {
        let node = history.nodes[index]
        let rule = Rule(node, needs: node.inputs.map { _ in true }, isNested: nested)
        found[index] = node.primitive.jvp(rule, node.inputs.map(tangent))
    }
    let results = outputs.map { tangent(of: $0) ?? .zeros($0.shape, like: $0) }
    return (nested ? outputs : outputs.map(\.detached), results)
}

/// The value of `f` at `x` and its Jacobian-vector product J v, of the value's shape.
public func pushforward(
    at x: Tensor, along v: Tensor, of f: (Tensor) throws -> Tensor
) rethrows -> (value: Tensor, tangent: Tensor) {
    let (values, tangents) = try pushforward(at: [x], along: [v]) { [try f($0[0])] }
    return (values[0], tangents[0])
}

/// The product H v of a scalar function's Hessian with a vector: the gradient of x -> <grad f(x), v>, reverse over
/// forward.
///
/// The other order would form the gradient itself on the way, which nobody asks for: on a wide first layer a fourth of
/// the work. Batched over leading axes: for x `[P, D]` and f a sum of per-network losses, row p is H_p v_p. Traps when
/// `f` returns more than one number.
public func hessianProduct(
    at x: Tensor, along v: Tensor, of f: (Tensor) throws -> Tensor
) rethrows -> Tensor {
    try gradient(at: x) { try pushforward(at: $0, along: v, of: f).tangent }.gradient
}

/// A walk over a history from its newest node to its oldest that adds up cotangents.
struct ReverseSweep {
    private let history: History
    private var pending: [[Tensor?]]

    /// Puts the cotangents of the outputs in their places.
    init(_ history: History, outputs: [Tensor], cotangents: [Tensor]) {
        self.history = history
        pending = history.nodes.map { Array(repeating: nil, count: $0.outputShapes.count) }
        precondition(
            cotangents.count == outputs.count, "pullback: \(cotangents.count) cotangents, \(outputs.count) outputs")
        for (output, cotangent) in zip(outputs, cotangents) {
            precondition(output.shape == cotangent.shape, "pullback: cotangent \(cotangent.shape) for \(output.shape)")
            output.checkBackend(cotangent, "pullback, cotangent")
            add(cotangent, to: output)
        }
    }

    /// What has arrived at a node, one cotangent an output; nil is zero.
    func received(at index: Int) -> [Tensor?] { pending[index] }

    /// Sweeps down to the nodes `ends`, which keep what they receive.
    ///
    /// `keepBack` may take the product that a linear layer's weight gradient is: (its weight, cotangent g, input x), the
    /// gradient being g' x. It returns whether it did; what it takes is not formed.
    mutating func run(
        until ends: [Int?], keepBack: (_ weight: Tensor, _ g: Tensor, _ x: Tensor) -> Bool = { _, _, _ in false }
    ) {
        for index in history.nodes.indices.reversed() where history.depends[index] && !ends.contains(index) {
            let cotangents = pending[index]
            guard cotangents.contains(where: { $0 != nil }) else { continue }
            pending[index] = []
            let node = history.nodes[index]
            var needs = node.inputs.map { history.index(of: $0) != nil }
            if case .linear = node.primitive, needs[1], let g = cotangents[0] {
                needs[1] = !keepBack(node.inputs[1], g, node.inputs[0])
            }
            let rule = Rule(node, needs: needs, isNested: history.isNested)
            for (input, cotangent) in zip(node.inputs, node.primitive.vjp(rule, cotangents)) {
                if let cotangent { add(cotangent, to: input) }
            }
        }
    }

    private mutating func add(_ cotangent: consuming Tensor, to target: Tensor) {
        guard let index = history.index(of: target) else { return }
        if let sum = pending[index][target.output].take() {
            pending[index][target.output] = sum + cotangent
        } else {
            pending[index][target.output] = cotangent
        }
    }
}
