import Networks

/// The tensors of a network as matching sees them: names with dots, shapes in PyTorch's order of axes.
///
/// Flax and Keras keep a layer's weights as `kernel` [..., in, out] and a table as `embedding` [in, out]; both are
/// transposed, by rule (`LayerWords`) or by what a person said, and not by what happens to fit.
struct TensorView {
    /// Names in PyTorch's words, with whatever stands before the module.
    private(set) var names: [String]
    /// Extents in PyTorch's order.
    private(set) var shapes: [[Int]]
    /// How each lies in the file.
    private(set) var axes: [TensorAxes]

    private var tensors: [ForeignTensor]

    /// Whether two tensors have the same numbers, as tied layers do.
    func isSame(_ first: Int, _ second: Int) -> Bool {
        tensors[first].shape == tensors[second].shape && tensors[first].values == tensors[second].values
    }

    /// Whether a tensor's numbers are moved.
    var isTransposed: Bool { axes.contains(.outLast) }

    /// Looks at tensors; `layout` says whether there are tables, which are [in, out] everywhere.
    init(_ tensors: [ForeignTensor], layout: ParameterLayout? = nil) {
        self.tensors = tensors
        let words = LayerWords(tensors.map(\.name))
        let hasTables = layout.map { $0.slots.contains { $0.role == .embedding } } ?? true
        names = zip(tensors, words.readings).map { $0.alias ?? $1.name }
        axes = zip(tensors, words.readings).map { tensor, reading in
            guard tensor.shape.count >= 2 else { return .outFirst }
            if let stated = tensor.axes { return stated }
            return reading.kind == .kernel || reading.kind == .table && !hasTables ? .outLast : .outFirst
        }
        shapes = zip(tensors, axes).map { tensor, axes in
            axes == .outFirst ? tensor.shape : Self.order(tensor.shape.count).map { tensor.shape[$0] }
        }
        if words.areForeign { dropCollections() }
    }

    /// The same with what changes nothing, where a layout has it and the file has not.
    func completed(for layout: ParameterLayout) -> TensorView {
        let joined = AttentionParts.joined(tensors)
        let completed = ModuleCompletion.completed(joined, layout)
        let isSame = completed.added.isEmpty && joined.count == tensors.count
        return isSame ? self : TensorView(completed.tensors, layout: layout)
    }

    /// The same without some tensors.
    func keeping(_ indices: [Int]) -> TensorView {
        var view = self
        (view.names, view.shapes) = (indices.map { names[$0] }, indices.map { shapes[$0] })
        (view.axes, view.tensors) = (indices.map { axes[$0] }, indices.map { tensors[$0] })
        return view
    }

    /// A tensor's numbers as the slot has them.
    func values(_ tensor: ForeignTensor, at index: Int, for slot: Slot) -> [Float] {
        guard axes[index] == .outLast else { return tensor.values.floats() }
        let rank = tensor.shape.count
        // What was flattened as [pixels, channels] is read as [channels, pixels].
        let block = rank == 2 && slot.axes.count == 2 && slot.axes[1] != nil ? slot.actions[1].block : 1
        if block > 1, tensor.shape[0] % block == 0 {
            return tensor.reshaped([block, tensor.shape[0] / block, tensor.shape[1]]).transposed([2, 1, 0])
                .values.floats()
        }
        return tensor.transposed(Self.order(rank)).values.floats()
    }

    private static let collections = ["params.", "batch_stats."]

    /// [out, in, spatial...] of [spatial..., in, out].
    private static func order(_ rank: Int) -> [Int] { [rank - 1, rank - 2] + Array(0..<rank - 2) }

    /// Takes off `params` and `batch_stats`, under which Flax keeps the parts of one module.
    private mutating func dropCollections() {
        guard names.allSatisfy({ name in Self.collections.contains { name.hasPrefix($0) } }) else { return }
        let short = names.map { name in
            Self.collections.first { name.hasPrefix($0) }.map { String(name.dropFirst($0.count)) } ?? name
        }
        if Set(short).count == short.count { names = short }
    }
}
