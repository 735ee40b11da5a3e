/// The last two axes of an array as BLAS wants them: one of the two strides is 1.
struct MatrixView {
    let array: StridedArray
    let rows: Int
    let columns: Int
    let transposed: Bool
    let leading: Int
    let rowStride: Int
    let columnStride: Int
    private let offsets: BatchOffsets

    /// Copies only where neither axis has stride 1.
    init(_ x: StridedArray, _ backend: CPUBackend) {
        let rank = x.shape.count
        func fits(_ minor: Int, _ major: Int) -> Bool {
            (x.strides[minor] == 1 || x.shape[minor] == 1)
                && (x.strides[major] >= x.shape[minor] || x.shape[major] == 1)
        }
        let view: StridedArray
        if fits(rank - 1, rank - 2) {
            (view, transposed) = (x, false)
        } else if fits(rank - 2, rank - 1) {
            (view, transposed) = (x, true)
        } else {
            (view, transposed) = (backend.copy(x), false)
        }
        let (minor, major) = transposed ? (rank - 2, rank - 1) : (rank - 1, rank - 2)
        array = view
        (rows, columns) = (view.shape[rank - 2], view.shape[rank - 1])
        leading = view.shape[major] == 1 ? max(1, view.shape[minor]) : view.strides[major]
        rowStride = transposed ? 1 : leading
        columnStride = transposed ? leading : 1
        offsets = BatchOffsets(view)
    }

    /// The first element of a batch.
    func pointer<S: KernelScalar>(batch: Int) -> UnsafeMutablePointer<S> { array.pointer() + offsets[batch] }
}

/// Where the matrices of a batched array begin.
struct BatchOffsets {
    private let axes: [(extent: Int, stride: Int)]

    /// Of all axes but the last two.
    init(_ x: StridedArray) {
        axes = (0..<(x.shape.count - 2)).map { (x.shape[$0], x.strides[$0]) }
    }

    /// Offset of matrix `batch` in row-major order.
    subscript(batch: Int) -> Int {
        var rest = batch
        var offset = 0
        for axis in axes.reversed() {
            offset += rest % axis.extent * axis.stride
            rest /= axis.extent
        }
        return offset
    }
}

/// A bias `[..., M, N]`, usually stretched along M, from which the sums of a product start.
struct BiasRows {
    private let array: StridedArray
    private let step: Int
    private let offsets: BatchOffsets

    /// Copies only where the last axis is neither contiguous nor of extent 1.
    init(_ x: StridedArray, _ backend: CPUBackend) {
        let rank = x.shape.count
        array = x.strides[rank - 1] == 1 || x.shape[rank - 1] == 1 ? x : backend.copy(x)
        step = array.strides[rank - 2]
        offsets = BatchOffsets(array)
    }

    /// The bias of the product's tile at a row and a column, and the distance of its rows.
    func rows<S: KernelScalar>(batch: Int, _ row: Int, _ column: Int) -> (first: UnsafePointer<S>, step: Int) {
        (UnsafePointer(array.pointer() + offsets[batch] + row * step + column), step)
    }
}
