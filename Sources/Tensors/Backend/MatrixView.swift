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
