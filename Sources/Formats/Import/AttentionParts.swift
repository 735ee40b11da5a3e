import Networks

/// Queries, keys and values that a file keeps apart, as transformers does (`attention.query.weight`, `key`, `value`):
/// here they are one matrix, one below the other, as in PyTorch's own attention.
enum AttentionParts {
    /// Names of the three, and of the one.
    private static let (queries, others, joint) = ("query", ["key", "value"], "qkv")

    /// The tensors with each three in one, where the queries stood.
    static func joined(_ tensors: [ForeignTensor]) -> [ForeignTensor] {
        guard tensors.contains(where: { $0.name.contains(".query.") }) else { return tensors }
        let places = Dictionary(tensors.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        var result: [ForeignTensor?] = tensors
        for (index, tensor) in tensors.enumerated() {
            let module = TensorNames.module(tensor.name)
            guard TensorNames.leaf(module) == queries, !TensorNames.module(module).isEmpty else { continue }
            let (stem, leaf) = (TensorNames.module(module), TensorNames.leaf(tensor.name))
            let rest = others.compactMap { places["\(stem).\($0).\(leaf)"] }
            let all = [tensor] + rest.map { tensors[$0] }
            guard rest.count == others.count, !tensor.shape.isEmpty, all.allSatisfy({ $0.shape == tensor.shape })
            else { continue }
            for place in rest { result[place] = nil }
            result[index] = ForeignTensor(
                name: "\(stem).\(joint).\(leaf)", shape: [3 * tensor.shape[0]] + tensor.shape.dropFirst(),
                values: ForeignValues(floats: all.flatMap { $0.values.floats() }))
        }
        return result.compactMap { $0 }
    }
}
