import Tensors

/// A table of vectors, one an entry (PyTorch's nn.Embedding).
public struct Embedding: Sendable {
    /// [V, W].
    public let weight: Slot

    /// Declares `name.weight`: `entries` vectors of `width` numbers, which `group` permutes.
    public init(
        _ name: String, entries: Int, width: Int, layout: inout ParameterLayout.Builder, group: Int? = nil
    ) {
        weight = layout.addSlot("\(name).weight", shape: [entries, width], role: .embedding, axes: [nil, group])
    }

    /// The vectors of the entries `indices`, which fill `shape` ([B, T], say) in row-major order.
    ///
    /// Returns [B, T, W], or [P, B, T, W] for a population that shares the indices. `isPerNetwork` says that the first
    /// axis of `shape` is P: each network has indices of its own, [P, B, T]. Traps on an index outside the table.
    public func callAsFunction(
        _ parameters: Parameters, _ indices: [Int32], shape: Shape, isPerNetwork: Bool = false
    ) -> Tensor {
        let table = parameters[weight]
        let (entries, width) = (weight.shape[0], weight.shape[1])
        precondition(indices.count == shape.elementCount, "embedding: \(indices.count) indices for shape \(shape)")
        precondition(
            indices.allSatisfy { $0 >= 0 && $0 < entries }, "embedding: an index outside 0..<\(entries)")
        guard let population = parameters.populationCount else {
            precondition(!isPerNetwork, "embedding: indices \(shape) per network, but one network")
            return table.gathered(axis: 0, indices).reshaped(Shape(shape + [width]))
        }
        guard isPerNetwork else {
            return table.gathered(axis: 1, indices).reshaped(Shape([population] + shape + [width]))
        }
        precondition(
            shape.first == population && population * entries <= Int(Int32.max),
            "embedding: indices \(shape) for \(population) networks of \(entries) entries")
        let each = indices.count / max(population, 1)
        let rows = indices.enumerated().map { $1 + Int32($0 / each * entries) }
        return table.reshaped([population * entries, width]).gathered(axis: 0, rows).reshaped(Shape(shape + [width]))
    }
}
