/// The results of `f` at `inputs`; its inner values are not kept for derivatives but computed again where needed.
///
/// Memory: of `f` only inputs and results stay alive, and while a derivative passes through, one run of `f`. n equal
/// steps in k checkpoints thus hold k + n / k states instead of n. Cost: one more run of `f` for each derivative,
/// VJP or JVP, that passes through; derivatives of derivatives compute again at every level and stay bounded too.
///
/// `f` is run several times: it must be a pure function of its argument. A tensor that it reads from outside is a
/// constant; one with a history traps, for its derivative would be lost: hand it in as an input.
public func checkpoint(_ inputs: [Tensor], _ f: @escaping @Sendable ([Tensor]) -> [Tensor]) -> [Tensor] {
    let results = f(inputs.map(\.detached))
    precondition(
        results.allSatisfy { $0.node == nil }, "checkpoint: the function reads a tensor with a history from outside")
    guard inputs.contains(where: { $0.node != nil }) else { return results }
    let node = Node(.checkpoint(Recomputation(run: f)), inputs, outputShapes: results.map(\.shape))
    return results.enumerated().map { Tensor($1.array, node: node, output: $0) }
}

/// The result of `f` at `x`; its inner values are computed again for derivatives. See `checkpoint(_:_:)` of arrays.
public func checkpoint(_ x: Tensor, _ f: @escaping @Sendable (Tensor) -> Tensor) -> Tensor {
    checkpoint([x]) { [f($0[0])] }[0]
}

/// A function that derivatives compute again.
struct Recomputation: Sendable {
    let run: @Sendable ([Tensor]) -> [Tensor]
}

extension Primitive {
    /// u' J of the function computed again: itself a checkpoint, so that enclosing derivatives keep nothing either.
    static func checkpointVJP(_ rule: Rule, _ f: Recomputation, _ cotangents: [Tensor?]) -> [Tensor?] {
        let count = rule.inputs.count
        let differentiated = rule.needs.indices.filter { rule.needs[$0] }
        let given = zip(cotangents, rule.outputShapes).map { $0 ?? .zeros($1, like: rule.inputs[0]) }
        let gradients = Tensors.checkpoint(rule.inputs + given) { all in
            pullback(at: differentiated.map { all[$0] }) { leaves in
                var arguments = Array(all.prefix(count))
                for (place, leaf) in zip(differentiated, leaves) { arguments[place] = leaf }
                return f.run(arguments)
            }.pull(Array(all.dropFirst(count)))
        }
        var result: [Tensor?] = rule.inputs.map { _ in nil }
        for (place, gradient) in zip(differentiated, gradients) { result[place] = gradient }
        return result
    }

    /// J v of the function computed again, as a checkpoint.
    static func checkpointJVP(_ rule: Rule, _ f: Recomputation, _ tangents: [Tensor?]) -> [Tensor?] {
        let count = rule.inputs.count
        let along = zip(tangents, rule.inputs).map { $0 ?? .zeros($1.shape, like: $1) }
        return Tensors.checkpoint(rule.inputs + along) { all in
            pushforward(at: Array(all.prefix(count)), along: Array(all.dropFirst(count)), of: f.run).tangents
        }
    }
}
