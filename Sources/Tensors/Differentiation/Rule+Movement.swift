extension Primitive {
    func movementVJP(_ rule: Rule, _ g: Tensor) -> [Tensor?] {
        let shape = rule.inputs[0].shape
        switch self {
        case .broadcast: return [g.summed(to: shape)]
        case .reshape: return [g.reshaped(shape)]
        case .permute(let order): return [g.permuted(Self.inverse(order))]
        case .slice(let axis, let start):
            return [g.padded(axis: axis, before: start, after: shape[axis] - start - g.shape[axis])]
        case .pad(let axis, let before, _): return [g.sliced(axis: axis, before..<(before + shape[axis]))]
        case .concatenate(let axis):
            var start = 0
            return rule.inputs.indices.map { index in
                let extent = rule.inputs[index].shape[axis]
                defer { start += extent }
                return rule.wanted(index) { g.sliced(axis: axis, start..<(start + extent)) }
            }
        case .gather(let axis, let indices): return [g.scatteredAdd(axis: axis, indices, count: shape[axis])]
        case .scatterAdd(let axis, let indices): return [g.gathered(axis: axis, indices)]
        case .pack(let slots): return g.unpacked(slots)
        case .unfold(let window): return [g.folded(window, to: shape.lastTwo)]
        case .fold(let window): return [g.unfolded(window)]
        default: preconditionFailure("derivative: \(self) has no VJP")
        }
    }

    func movementJVP(_ rule: Rule, _ tangents: [Tensor?]) -> [Tensor?] {
        if case .unpack(let slots) = self {
            return tangents[0].map { $0.unpacked(slots) } ?? slots.map { _ in nil }
        }
        func zero(_ index: Int) -> Tensor {
            .zeros(rule.inputs[index].shape, like: rule.inputs[index])
        }
        if case .concatenate(let axis) = self {
            return [.concatenate(tangents.indices.map { tangents[$0] ?? zero($0) }, axis: axis)]
        }
        if case .pack(let slots) = self {
            return [.packed(tangents.indices.map { tangents[$0] ?? zero($0) }, slots)]
        }
        guard let tangent = tangents[0] else { return [nil] }
        let shape = rule.outputShapes[0]
        switch self {
        case .broadcast: return [tangent.broadcast(to: shape)]
        case .reshape: return [tangent.reshaped(shape)]
        case .permute(let order): return [tangent.permuted(order)]
        case .slice(let axis, let start): return [tangent.sliced(axis: axis, start..<(start + shape[axis]))]
        case .pad(let axis, let before, let after): return [tangent.padded(axis: axis, before: before, after: after)]
        case .gather(let axis, let indices): return [tangent.gathered(axis: axis, indices)]
        case .scatterAdd(let axis, let indices):
            return [tangent.scatteredAdd(axis: axis, indices, count: shape[axis])]
        case .unfold(let window): return [tangent.unfolded(window)]
        case .fold(let window): return [tangent.folded(window, to: shape.lastTwo)]
        default: preconditionFailure("derivative: \(self) has no JVP")
        }
    }

    private static func inverse(_ order: [Int]) -> [Int] {
        var result = order
        for (to, from) in order.enumerated() { result[from] = to }
        return result
    }
}
