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
