import Tensors

/// Rows [N, D] that are read a block at a time, so that there may be more of them than memory holds.
public protocol RowSource {
    /// N.
    var count: Int { get }
    /// D.
    var width: Int { get }
    /// The rows of a range, row after row; the same ones each time.
    func rows(_ range: Range<Int>) throws -> [Float]
}

/// Rows that are in memory already.
public struct TensorRows: RowSource {
    private let tensor: Tensor

    /// Takes rows [N, D].
    public init(_ tensor: Tensor) {
        precondition(tensor.rank == 2, "TensorRows: shape \(tensor.shape)")
        self.tensor = tensor
    }

    /// N.
    public var count: Int { tensor.shape[0] }
    /// D.
    public var width: Int { tensor.shape[1] }
    /// The rows of a range.
    public func rows(_ range: Range<Int>) -> [Float] { tensor.sliced(axis: 0, range).floats }
}
