/// Indices into the rows of an array `[..., n]`, as many for each row: what max pooling found.
///
/// They lie in a pooled block, not in an array: a training step then allocates nothing for them.
struct Places: Sendable {
    /// Of the indices, `[..., m]`.
    let shape: Shape
    private let storage: Storage

    /// Uninitialized indices.
    init(uninitialized shape: Shape) {
        self.shape = shape
        storage = Storage(count: shape.elementCount, precision: .single)
    }

    /// Copies indices; traps when their count is not that of the shape.
    init(_ indices: [Int32], shape: Shape) {
        precondition(indices.count == shape.elementCount, "places: \(indices.count) indices for shape \(shape)")
        self.init(uninitialized: shape)
        pointer.initialize(from: indices, count: indices.count)
    }

    /// The same indices under another shape of as many elements.
    func reshaped(_ shape: Shape) -> Places { Places(shape: shape, storage: storage) }

    private init(shape: Shape, storage: Storage) {
        precondition(shape.elementCount == storage.count, "places: \(storage.count) indices for shape \(shape)")
        self.shape = shape
        self.storage = storage
    }

    /// All indices in row-major order.
    var indices: [Int32] { Array(UnsafeBufferPointer(start: pointer, count: shape.elementCount)) }

    /// Written only while the operation that made them fills them.
    var pointer: UnsafeMutablePointer<Int32> { storage.base.assumingMemoryBound(to: Int32.self) }
}
