/// A view of a storage: its numbers are read when they are asked for.
struct PickleTensor: Sendable, Hashable {
    let storage: PickleStorage
    let type: TorchNumberType
    /// Elements before the first one.
    let offset: Int
    let shape: [Int]
    /// Elements from one index to the next, one an axis, none negative.
    let strides: [Int]
    /// Number of elements.
    let count: Int

    /// A view; nil where extents are negative or too large, or where it reaches beyond its storage.
    init?(storage: PickleStorage, type: TorchNumberType, offset: Int, shape: [Int], strides: [Int]) {
        guard shape.count == strides.count, shape.count <= Self.maximumRank, offset >= 0 else { return nil }
        var (count, last) = (1, offset)
        for (extent, stride) in zip(shape, strides) {
            guard extent >= 0, stride >= 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: max(extent, 1))
            let (reach, isFar) = stride.multipliedReportingOverflow(by: max(extent, 1) - 1)
            let (sum, isBeyond) = last.addingReportingOverflow(reach)
            guard !overflow, !isFar, !isBeyond else { return nil }
            (count, last) = (product, sum)
        }
        if shape.contains(0) {
            count = 0
        } else if last >= storage.byteCount / type.byteCount {
            return nil
        }
        guard !count.multipliedReportingOverflow(by: type.byteCount).overflow else { return nil }
        self.storage = storage
        self.type = type
        self.offset = offset
        self.shape = shape
        self.strides = strides
        self.count = count
    }

    /// Axes that PyTorch and NumPy allow at most.
    static let maximumRank = 64

    /// Bytes of its elements.
    var byteCount: Int { count * type.byteCount }

    /// Whether its elements follow each other in row-major order.
    var isContiguous: Bool {
        var expected = 1
        for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
            guard stride == expected else { return false }
            expected *= extent
        }
        return true
    }

    /// Strides of a row-major tensor, or of a column-major one; nil where they overflow.
    static func strides(of shape: [Int], columnMajor: Bool = false) -> [Int]? {
        var strides = [Int](repeating: 1, count: shape.count)
        var step = 1
        for axis in columnMajor ? Array(shape.indices) : shape.indices.reversed() {
            strides[axis] = step
            let (product, overflow) = step.multipliedReportingOverflow(by: max(shape[axis], 1))
            guard !overflow, shape[axis] >= 0 else { return nil }
            step = product
        }
        return strides
    }
}
