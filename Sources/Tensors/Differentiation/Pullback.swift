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
    return (values, { cotangents in backward(history, outputs: outputs, leaves: leaves, cotangents) })
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
    return (value, pull(.full(value.shape, 1, precision: value.precision)))
}

/// Sweeps from the newest node to the oldest, adding up cotangents.
private func backward(
    _ history: History, outputs: [Tensor], leaves: [Tensor], _ cotangents: [Tensor]
) -> [Tensor] {
    var pending: [[Tensor?]] = history.nodes.map { Array(repeating: nil, count: $0.outputShapes.count) }
    func add(_ cotangent: consuming Tensor, to target: Tensor) {
        guard let index = history.index(of: target) else { return }
        if let sum = pending[index][target.output].take() {
            pending[index][target.output] = sum + cotangent
        } else {
            pending[index][target.output] = cotangent
        }
    }
    precondition(cotangents.count == outputs.count, "pullback: \(cotangents.count) cotangents, \(outputs.count) outputs")
    for (output, cotangent) in zip(outputs, cotangents) {
        precondition(output.shape == cotangent.shape, "pullback: cotangent \(cotangent.shape) for \(output.shape)")
        add(cotangent, to: output)
    }
    let leafIndices = leaves.map { history.index(of: $0) }
    for index in history.nodes.indices.reversed() where history.depends[index] && !leafIndices.contains(index) {
        let received = pending[index]
        guard received.contains(where: { $0 != nil }) else { continue }
        pending[index] = []
        let node = history.nodes[index]
        let needs = node.inputs.map { history.index(of: $0) != nil }
        let rule = Rule(node, needs: needs, isNested: history.isNested)
        for (input, cotangent) in zip(node.inputs, node.primitive.vjp(rule, received)) {
            if let cotangent { add(cotangent, to: input) }
        }
    }
    return zip(leaves, leafIndices).map { leaf, index in
        index.flatMap { pending[$0][0] } ?? .zeros(leaf.shape, precision: leaf.precision)
    }
}
