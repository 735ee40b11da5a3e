/// Where the matrices of a batched array begin.
struct BatchOffsets {
    private let axes: [(extent: Int, stride: Int)]

    /// Of all axes but the last two.
    init(_ x: StridedArray) {
        axes = (0..<(x.shape.count - 2)).map { (x.shape[$0], x.strides[$0]) }
    }

    /// Offset of matrix `batch` in row-major order.
    subscript(batch: Int) -> Int {
        var rest = batch
        var offset = 0
        for axis in axes.reversed() {
            offset += rest % axis.extent * axis.stride
            rest /= axis.extent
        }
        return offset
    }
}
