/// A pooled block of numbers.
///
/// `@unchecked Sendable`: a block is written only while the operation that allocated it fills it, before any
/// tensor refers to it, or through `Tensor.mutate` and `StridedArray.blockForResult`, which first prove that nobody
/// else holds it. From then on it is read only.
final class Storage: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let count: Int
    let precision: Precision
    private let sizeClass: Int

    /// An uninitialised block for `count` elements.
    init(count: Int, precision: Precision) {
        self.count = count
        self.precision = precision
        (base, sizeClass) = StoragePool.shared.take(bytes: count * precision.stride)
    }

    deinit { StoragePool.shared.give(base, sizeClass: sizeClass) }

    /// The elements from `offset` on.
    func pointer<Scalar: KernelScalar>(_ offset: Int = 0, as type: Scalar.Type = Scalar.self) -> UnsafeMutablePointer<Scalar> {
        base.assumingMemoryBound(to: Scalar.self) + offset
    }
}
