/// Indices into the rows of an array `[..., n]`, as many for each row: what max pooling found.
///
/// They lie in a pooled block, not in an array: a training step then allocates nothing for them.
struct Places: Sendable {
    /// Of the indices, `[..., m]`.
    let shape: Shape
    private let storage: Storage

    /// Indices that a backend is about to write.
    init(uninitialized shape: Shape, on backend: any Backend) {
        self.shape = shape
        storage = Storage(count: shape.elementCount, precision: .single, on: backend)
    }

    /// The same indices under another shape of as many elements.
    func reshaped(_ shape: Shape) -> Places { Places(shape: shape, storage: storage) }

    private init(shape: Shape, storage: Storage) {
        precondition(shape.elementCount == storage.count, "places: \(storage.count) indices for shape \(shape)")
        self.shape = shape
        self.storage = storage
    }

    /// The backend whose `maxPool` found them.
    var backend: any Backend { storage.backend }

    /// Where they begin in the backend's memory; written only while the operation that makes them fills them.
    var pointer: UnsafeMutablePointer<Int32> { storage.base.assumingMemoryBound(to: Int32.self) }
}
