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

extension StridedArray {
    /// Fresh arrays that share a block as these do, where these stand side by side in every row of theirs and fill it
    /// (the heads' q, k and v in what one layer projects); nil elsewhere. Joining them again then copies nothing.
    static func uninitialized(sideBySideLike arrays: [StridedArray]) -> [StridedArray]? {
        guard let first = arrays.first, first.count > 0, first.storage.count == arrays.count * first.count,
            arrays.allSatisfy({
                $0.storage === first.storage && $0.shape == first.shape && $0.strides == first.strides
            })
        else { return nil }
        // Axes of the inner part of a row fill it; then comes the row's length, and the axes outside fill the block.
        var (step, width) = (1, 0)
        for axis in first.shape.indices.sorted(by: { first.strides[$0] < first.strides[$1] })
        where first.shape[axis] > 1 {
            if first.strides[axis] != step {
                guard width == 0, first.strides[axis] == arrays.count * step else { return nil }
                (width, step) = (step, arrays.count * step)
            }
            step *= first.shape[axis]
        }
        guard width > 0, arrays.indices.allSatisfy({ arrays[$0].offset == $0 * width }) else { return nil }
        let storage = Storage(count: first.storage.count, precision: first.precision, on: first.backend)
        return arrays.map {
            StridedArray(storage: storage, offset: $0.offset, shape: $0.shape, strides: $0.strides)
        }
    }

    /// The flat array `[batch..., length]` whose slots these are, where they lie in one block as in such an array; nil
    /// elsewhere. The slots tile the length.
    static func whole(of parts: [StridedArray], _ slots: [PackedSlot], batch: Shape, length: Int) -> StridedArray? {
        guard let first = parts.first, parts.count > 1, parts.allSatisfy({ $0.storage === first.storage }) else {
            return nil
        }
        let shape = batch.appending(length)
        guard first.storage.count == shape.elementCount else { return nil }
        let whole = StridedArray(
            storage: first.storage, offset: 0, shape: shape, strides: shape.contiguousStrides)
        let isWhole = zip(parts, slots).allSatisfy { part, slot in
            let view = whole.slot(slot, batch: batch)
            return view.offset == part.offset
                && view.shape.indices.allSatisfy { view.shape[$0] == 1 || view.strides[$0] == part.strides[$0] }
        }
        return isWhole ? whole : nil
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
