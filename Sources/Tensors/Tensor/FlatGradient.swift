/// The gradient by a flat vector, slot by slot; a linear layer's weight gradient g' x may be left unformed.
///
/// For a batch of B it is a product of rank B: an optimizer that forms it tile by tile, in cache, and consumes it at once
/// (`Tensor.stepAdamW`) never writes it to memory. `formed` is the same gradient as one tensor.
public struct FlatGradient: Sendable {
    /// The gradient by one slot, formed or as its factors, each with the leading (population) axes of the flat vector.
    enum Part: Sendable {
        /// The gradient itself, `[..., slot shape]`, or nil where it is zero.
        case dense(Tensor?)
        /// g' x for g `[..., B, out]` and x `[..., B, in]`.
        case product(g: Tensor, x: Tensor)

        /// The gradient as one tensor.
        var formed: Tensor? {
            switch self {
            case .dense(let tensor): tensor
            case .product(let g, let x): matmul(g, x, transposeA: true)
            }
        }
    }

    /// Shape of the flat vector, `[..., D]`.
    public let shape: Shape
    /// Precision of the flat vector and of this gradient.
    public let precision: Precision
    let backend: any Backend
    let slots: [PackedSlot]
    let parts: [Part]

    /// A gradient that is formed already, `[..., D]`.
    public init(_ gradient: Tensor) {
        shape = gradient.shape
        precision = gradient.precision
        backend = gradient.backend
        slots = [PackedSlot(offset: 0, shape: [gradient.shape[gradient.rank - 1]])]
        parts = [.dense(gradient)]
    }

    init(of flat: Tensor, slots: [PackedSlot], parts: [Part]) {
        shape = flat.shape
        precision = flat.precision
        backend = flat.backend
        self.slots = slots
        self.parts = parts
    }

    /// The gradient as one tensor, `[..., D]`.
    public var formed: Tensor {
        let batch = shape.prefix(rank: shape.count - 1)
        let tensors = zip(parts, slots).map { part, slot in
            part.formed
                ?? .full(Shape(batch.array + slot.shape.array), 0, precision: precision, on: backend)
        }
        return .packed(tensors, slots)
    }
}

/// The value of a scalar function of a flat vector `[..., D]` and its gradient, linear layers' weight gradients unformed.
///
/// Equal to `gradient(at:of:)` up to rounding. Where `f` unpacks the vector other than once, slots overlap or
/// leave gaps, or derivatives nest, all parts are formed. Traps when `f` returns more than one number.
public func flatGradient(
    at flat: Tensor, of f: (Tensor) throws -> Tensor
) rethrows -> (value: Tensor, gradient: FlatGradient) {
    let leaf = flat.asLeaf
    let output = try f(leaf)
    precondition(output.count == 1, "gradient: the function returns shape \(output.shape), not one number")
    let history = History(outputs: [output], leaves: [leaf])
    let one = Tensor.full(output.shape, 1, like: output)
    var sweep = ReverseSweep(history, outputs: [output], cotangents: [one])
    guard !history.isNested, let end = history.onlyUnpacking(of: leaf),
        case .unpack(let slots) = history.nodes[end].primitive, slots.tile(flat.shape[flat.rank - 1])
    else {
        let index = history.index(of: leaf)
        sweep.run(until: [index])
        let whole = index.flatMap { sweep.received(at: $0)[0] }
        return (output.detached, FlatGradient(whole ?? .zeros(flat.shape, like: flat)))
    }
    var products: [Int: FlatGradient.Part] = [:]
    sweep.run(until: [end]) { weight, g, x in
        guard weight.node === history.nodes[end], products[weight.output] == nil,
            let part = FlatGradient.Part(weight: weight, g: g.detached, x: x.detached)
        else { return false }
        products[weight.output] = part
        return true
    }
    let parts = sweep.received(at: end).enumerated().map { index, dense in
        guard let product = products[index] else { return FlatGradient.Part.dense(dense) }
        guard let dense else { return product }
        return .dense(product.formed.map { $0 + dense })
    }
    return (output.detached, FlatGradient(of: flat, slots: slots, parts: parts))
}

extension FlatGradient.Part {
    /// The unformed weight gradient of a linear layer, where it is a product for every network.
    fileprivate init?(weight: Tensor, g: Tensor, x: Tensor) {
        if weight.rank == 2 {
            func rows(_ t: Tensor) -> Tensor { t.reshaped([-1, t.shape[t.rank - 1]]) }
            guard g.shape.dropLast() == x.shape.dropLast() else { return nil }
            self = .product(g: rows(g), x: rows(x))
        } else {
            guard g.rank == weight.rank, g.shape.dropLast(2) == weight.shape.dropLast(2), x.rank <= g.rank else {
                return nil
            }
            self = .product(g: g, x: x.broadcast(to: Shape(g.shape.array.dropLast() + [x.shape[x.rank - 1]])))
        }
    }
}

extension History {
    /// The node that unpacks a leaf, if nothing else uses the leaf.
    fileprivate func onlyUnpacking(of leaf: Tensor) -> Int? {
        guard let leafNode = leaf.node else { return nil }
        let users = nodes.indices.filter { index in nodes[index].inputs.contains { $0.node === leafNode } }
        guard users.count == 1, let user = users.first, case .unpack = nodes[user].primitive else { return nil }
        return user
    }
}
