/// A block of numbers and the backend that it belongs to: every holder of a block knows what computes with it.
///
/// `@unchecked Sendable`: a block is written only while the operation that allocated it fills it, before any
/// tensor refers to it, or after `Tensor.makeUnique` or `StridedArray.blockForResult` proved that nobody else holds it.
/// From then on it is read only.
final class Storage: @unchecked Sendable {
    let backend: any Backend
    /// Where the block begins in the backend's memory.
    let base: UnsafeMutableRawPointer
    let count: Int
    let precision: Precision
    private let sizeClass: Int

    /// A block for `count` elements, whose contents are undefined.
    init(count: Int, precision: Precision, on backend: any Backend) {
        self.backend = backend
        self.count = count
        self.precision = precision
        (base, sizeClass) = backend.allocate(bytes: count * precision.stride)
    }

    deinit { backend.free(base, sizeClass: sizeClass) }

    /// The elements from `offset` on.
    func pointer<Scalar>(_ offset: Int = 0, as type: Scalar.Type = Scalar.self) -> UnsafeMutablePointer<Scalar> {
        base.assumingMemoryBound(to: Scalar.self) + offset
    }
}

/// How a tensor's numbers are stored: a property of the value, not of its type.
public enum Precision: String, Sendable, Hashable, Codable {
    /// 32-bit IEEE 754; the default.
    case single
    /// 64-bit IEEE 754; for gradient checks and spectra.
    case double

    /// Distance between neighbouring elements, in bytes.
    var stride: Int { self == .single ? 4 : 8 }
}

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
