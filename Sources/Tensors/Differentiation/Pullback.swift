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
