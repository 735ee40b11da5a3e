/// The windows of a pooling along one axis: element i of the result sees `starts[i] ..< ends[i]` in steps of `step`.
///
/// Sliding windows, padded or not, and adaptive ones are of one kind here.
struct PoolingWindows: Hashable, Sendable {
    /// Of the axis.
    let extent: Int
    let step: Int
    let starts: [Int32], ends: [Int32]
    /// Elements of each window, padding included where it counts.
    let sizes: [Int]

    var count: Int { starts.count }

    /// Windows of `size` elements, `step` apart, one every `stride` elements of the padded axis; those that do not fit
    /// are left out. Padding belongs to no window, but counts in `sizes`.
    init(extent: Int, size: Int, stride: Int, padding: Int, step: Int = 1) {
        let reach = step * (size - 1) + 1
        precondition(
            size > 0 && stride > 0 && step > 0 && padding >= 0 && 2 * padding <= size
                && extent + 2 * padding >= reach,
            "pooling: windows of \(size), stride \(stride), padding \(padding), dilation \(step) on \(extent) elements")
        let first = (0...((extent + 2 * padding - reach) / stride)).map { $0 * stride - padding }
        self.extent = extent
        self.step = step
        starts = first.map { Int32($0 >= 0 ? $0 : $0 + (step - 1 - $0) / step * step) }
        ends = first.map { Int32(min(extent, $0 + reach)) }
        sizes = first.map { _ in size }
    }

    /// `count` windows that cover the axis: floor(i extent / count) ..< ceil((i + 1) extent / count), as in PyTorch.
    init(adaptive count: Int, extent: Int) {
        precondition(count > 0 && extent > 0, "pooling: \(extent) elements to \(count)")
        self.extent = extent
        step = 1
        starts = (0..<count).map { Int32($0 * extent / count) }
        ends = (0..<count).map { Int32((($0 + 1) * extent + count - 1) / count) }
        sizes = Swift.zip(starts, ends).map { Int($1 - $0) }
    }

    /// Whether these are pairs side by side, perhaps with one element left over.
    var arePairs: Bool {
        step == 1 && count == extent / 2 && starts.indices.allSatisfy { starts[$0] == 2 * $0 && ends[$0] == 2 * $0 + 2 }
    }

    /// The matrix [count, extent] whose row i averages window i, over its true elements or over all it was given.
    func averages(countingPadding: Bool, like other: Tensor) -> Tensor {
        var values = [Double](repeating: 0, count: count * extent)
        for window in 0..<count {
            let inside = stride(from: Int(starts[window]), to: Int(ends[window]), by: step)
            let size = countingPadding ? sizes[window] : inside.underestimatedCount
            for index in inside { values[window * extent + index] = 1 / Double(size) }
        }
        return Tensor(values, shape: [count, extent], precision: other.precision, on: other.backend)
    }
}
