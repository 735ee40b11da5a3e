/// A strided view of a block of numbers: what the backend computes with. It has no history.
struct StridedArray: Sendable {
    var storage: Storage
    let offset: Int
    let shape: Shape
    let strides: Shape

    /// A view of existing storage.
    init(storage: Storage, offset: Int, shape: Shape, strides: Shape) {
        self.storage = storage
        self.offset = offset
        self.shape = shape
        self.strides = strides
    }

    /// A fresh contiguous array with undefined content.
    init(uninitialized shape: Shape, precision: Precision, on backend: any Backend) {
        self.init(
            storage: Storage(count: shape.elementCount, precision: precision, on: backend), offset: 0, shape: shape,
            strides: shape.contiguousStrides)
    }

    /// What computes with this array.
    var backend: any Backend { storage.backend }
    var precision: Precision { storage.precision }
    var count: Int { shape.elementCount }

    /// Whether the elements lie one behind the other in row-major order.
    var isContiguous: Bool {
        var step = 1
        for axis in stride(from: shape.count - 1, through: 0, by: -1) {
            if shape[axis] != 1 {
                if strides[axis] != step { return false }
                step *= shape[axis]
            }
        }
        return true
    }

    /// The same elements under other extents and strides.
    func viewed(shape: Shape, strides: Shape, offset: Int? = nil) -> StridedArray {
        StridedArray(storage: storage, offset: offset ?? self.offset, shape: shape, strides: strides)
    }

    /// A view with stretched axes (stride 0) of the shape `target`, which this shape must broadcast to.
    consuming func broadcast(to target: Shape) -> StridedArray {
        if shape == target { return self }
        let missing = target.count - shape.count
        var steps = Shape(repeating: 0, count: target.count)
        for axis in target.indices where axis >= missing {
            steps[axis] = shape[axis - missing] == 1 ? 0 : strides[axis - missing]
        }
        return viewed(shape: target, strides: steps)
    }

    func pointer<Scalar>(as type: Scalar.Type = Scalar.self) -> UnsafeMutablePointer<Scalar> {
        storage.pointer(offset, as: Scalar.self)
    }

    /// The block of this array, for an elementwise result to be written over it; nil unless this is the only holder,
    /// and the elements are all of the block, in order.
    ///
    /// Whoever asks must own the array (a `consuming` parameter): one that is only borrowed has another holder, the
    /// caller, whom the count of references need not show.
    mutating func blockForResult() -> StridedArray? {
        guard offset == 0 && storage.count == count && isContiguous && isKnownUniquelyReferenced(&storage) else {
            return nil
        }
        return viewed(shape: shape, strides: shape.contiguousStrides)
    }
}
