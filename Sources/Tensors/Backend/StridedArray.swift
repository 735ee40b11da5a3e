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

    /// Whether the elements are adjacent in memory, in row-major order.
    var isContiguous: Bool {
        var step = 1
        for axis in stride(from: shape.count - 1, through: 0, by: -1) where shape[axis] != 1 {
            if strides[axis] != step { return false }
            step *= shape[axis]
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

extension StridedArray {
    /// A fresh array whose leading axes lie in memory in the order of another array's: heads that are interleaved in
    /// q are interleaved in the result, so that joining them copies nothing. The last axis is contiguous.
    init(uninitialized shape: Shape, inOrderOf other: StridedArray) {
        let last = shape.count - 1
        func step(_ axis: Int) -> Int { shape[axis] > 1 && other.strides[axis] > 0 ? other.strides[axis] : .max }
        let order = (0..<last).sorted { (-step($0), $0) < (-step($1), $1) } + [last]
        let packed = Shape(order.map { shape[$0] }).contiguousStrides
        var strides = shape
        for (place, axis) in order.enumerated() { strides[axis] = packed[place] }
        self.init(
            storage: Storage(count: shape.elementCount, precision: other.precision, on: other.backend), offset: 0,
            shape: shape, strides: strides)
    }
}

/// The views that operations take.
extension StridedArray {
    /// This array with its last two axes swapped if asked; traps below rank 2.
    func matrix(transposed: Bool) -> StridedArray {
        precondition(shape.count >= 2, "matmul: shape \(shape) has no two axes")
        guard transposed else { return self }
        var (extents, steps) = (shape, strides)
        extents.swapAt(shape.count - 1, shape.count - 2)
        steps.swapAt(shape.count - 1, shape.count - 2)
        return viewed(shape: extents, strides: steps)
    }

    /// A view with an axis of extent 1 before `axis`.
    func insertingAxis(at axis: Int) -> StridedArray {
        var (extents, steps) = (shape.array, strides.array)
        extents.insert(1, at: axis)
        steps.insert(0, at: axis)
        return viewed(shape: Shape(extents), strides: Shape(steps))
    }

    /// The view of `extent` elements from `start` on along an axis.
    func window(axis: Int, start: Int, extent: Int) -> StridedArray {
        var extents = shape
        extents[axis] = extent
        return viewed(shape: extents, strides: strides, offset: offset + start * strides[axis])
    }

    /// The view of one slot of a flat array `[batch..., D]`.
    func slot(_ slot: PackedSlot, batch: Shape) -> StridedArray {
        let step = strides[shape.count - 1]
        precondition(step == 1 || shape[shape.count - 1] <= 1, "unpack: the flat axis is not contiguous")
        return viewed(
            shape: Shape(batch.array + slot.shape.array),
            strides: Shape(strides.array.prefix(batch.count) + slot.shape.contiguousStrides.array),
            offset: offset + slot.offset * step)
    }

    /// A view whose leading axes, all but the last two, are stretched to `lead`.
    func stretched(to lead: Shape) -> StridedArray {
        broadcast(to: Shape(lead.array + shape.array.suffix(2)))
    }
}
