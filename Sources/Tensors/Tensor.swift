/// A multi-dimensional array of real numbers: an immutable value with shape, precision and, while a derivative is being
/// taken, a history.
///
/// Rank 0 to 6. Elements may be shared between tensors and strided; none of that is visible. Leading axes are batch
/// axes in every operation. Shapes that do not fit are programmer errors and trap, naming the operation and both shapes.
public struct Tensor: Sendable {
    var array: StridedArray
    /// The operation that made this tensor, where something it came from is being differentiated.
    let node: Node?
    /// Which of the node's outputs this is.
    let output: Int

    init(_ array: StridedArray, node: Node? = nil, output: Int = 0) {
        self.array = array
        self.node = node
        self.output = output
    }

    /// Extents.
    public var shape: Shape { array.shape }
    /// Number of axes.
    public var rank: Int { array.shape.count }
    /// Number of elements.
    public var count: Int { array.count }
    /// Single or double.
    public var precision: Precision { array.precision }

    /// What computes with this tensor: it travels with the elements, so results lie where their operands do.
    var backend: any Backend { array.backend }

    /// The elements, for whoever needs the tensor no more: they may have no other holder then.
    consuming func release() -> StridedArray { array }

    /// The same numbers without history: derivatives do not flow through.
    public var detached: Tensor { Tensor(array) }
}
