/// A bias `[..., M, N]`, usually stretched along M, that is written under a tile before the product is added to it.
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

    func write<S: KernelScalar>(
        batch: Int, _ row: Int, _ rows: Int, _ column: Int, _ columns: Int, into tile: UnsafeMutablePointer<S>,
        leading: Int
    ) {
        let start: UnsafePointer<S> = UnsafePointer(array.pointer() + offsets[batch] + row * step + column)
        for r in 0..<rows { S.copy(columns, start + r * step, 1, tile + r * leading, 1) }
    }
}
