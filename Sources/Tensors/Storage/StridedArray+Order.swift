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
