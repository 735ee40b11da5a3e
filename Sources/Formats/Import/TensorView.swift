import Networks

/// The tensors of a network as matching sees them: names with dots, shapes in PyTorch's order of axes.
///
/// Flax and Keras keep a layer's weights as `kernel` [..., in, out] and a table as `embedding` [in, out]; both are
/// transposed, by rule and not by what happens to fit. Their words for a norm's vectors become PyTorch's.
struct TensorView {
    /// How the numbers of a tensor lie in its file.
    enum Axes: Hashable {
        /// As in PyTorch: [out, in, ...].
        case outFirst
        /// As in Flax and Keras: [..., in, out].
        case outLast
    }

    /// Names in PyTorch's words, with whatever stands before the module.
    private(set) var names: [String]
    /// Extents in PyTorch's order.
    private(set) var shapes: [[Int]]
    /// How each lies in the file.
    private(set) var axes: [Axes]

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
        let words = Self.areFlax(tensors.map(\.name))
        let hasTables = layout.map { $0.slots.contains { $0.role == .embedding } } ?? true
        names = tensors.map { Self.name($0.name, words) }
        axes = tensors.map { tensor in
            let leaf = Self.leaf(tensor.name)
            let isTable = Self.tables.contains(leaf) && !hasTables
            return tensor.shape.count >= 2 && (leaf == Self.kernel || isTable) ? .outLast : .outFirst
        }
        shapes = zip(tensors, axes).map { tensor, axes in
            axes == .outFirst ? tensor.shape : Self.order(tensor.shape.count).map { tensor.shape[$0] }
        }
        if words { dropCollections() }
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

    private static let kernel = "kernel"
    private static let tables: Set<String> = ["embedding", "embeddings"]
    private static let leaves = [
        "kernel": "weight", "embedding": "weight", "embeddings": "weight", "scale": "weight", "gamma": "weight",
        "beta": "bias", "mean": "running_mean", "moving_mean": "running_mean", "var": "running_var",
        "moving_variance": "running_var",
    ]
    private static let collections = ["params.", "batch_stats."]

    /// [out, in, spatial...] of [spatial..., in, out].
    private static func order(_ rank: Int) -> [Int] { [rank - 1, rank - 2] + Array(0..<rank - 2) }

    /// The last part of a name, without TensorFlow's number of an output.
    private static func leaf(_ name: String) -> String {
        let last = name.utf8.lastIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }
        let leaf = last.map { name[name.utf8.index(after: $0)...] } ?? name[...]
        return String(leaf.utf8.firstIndex(of: UInt8(ascii: ":")).map { leaf[..<$0] } ?? leaf)
    }

    /// Whether names are in Flax's and Keras' words throughout: PyTorch has a `weight` in every network.
    private static func areFlax(_ names: [String]) -> Bool {
        var found = false
        for name in names {
            let leaf = leaf(name)
            if leaf == "weight" { return false }
            if leaf == kernel || tables.contains(leaf) { found = true }
        }
        return found
    }

    private static func name(_ name: String, _ words: Bool) -> String {
        let leaf = leaf(name)
        let isKernel = leaf == kernel || tables.contains(leaf)
        guard words || isKernel else { return name }
        var parts = name.split { $0 == "/" || $0 == "." }.map(String.init)
        guard !parts.isEmpty else { return name }
        parts[parts.count - 1] = leaves[leaf] ?? leaf
        return parts.joined(separator: ".")
    }

    /// Takes off `params` and `batch_stats`, under which Flax keeps the parts of one module.
    private mutating func dropCollections() {
        guard names.allSatisfy({ name in Self.collections.contains { name.hasPrefix($0) } }) else { return }
        let short = names.map { name in
            Self.collections.first { name.hasPrefix($0) }.map { String(name.dropFirst($0.count)) } ?? name
        }
        if Set(short).count == short.count { names = short }
    }
}
