/// A block of numbers, and the backend that it belongs to: whoever holds a block knows what computes with it.
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
