/// A window that slides over the last two axes: kernel, stride, padding and dilation, each [height, width].
public struct SlidingWindow: Sendable, Hashable {
    /// Extents of the window in elements of its own.
    public let kernel: Shape
    /// Distance between neighbouring windows, in elements.
    public let stride: Shape
    /// Zeros around the array, on each side.
    public let padding: Shape
    /// Steps between neighbouring elements of a window.
    public let dilation: Shape

    /// Describes a window; traps where an extent or step is below 1 or the padding below 0.
    public init(kernel: Shape, stride: Shape = [1, 1], padding: Shape = [0, 0], dilation: Shape = [1, 1]) {
        precondition(
            [kernel, stride, padding, dilation].allSatisfy { $0.count == 2 }
                && [kernel, stride, dilation].allSatisfy { $0.allSatisfy { $0 >= 1 } }
                && padding.allSatisfy { $0 >= 0 },
            "window: kernel \(kernel), stride \(stride), padding \(padding), dilation \(dilation)")
        (self.kernel, self.stride, self.padding, self.dilation) = (kernel, stride, padding, dilation)
    }

    /// Number of places of the window along both axes of an array of `extents` [H, W]; 0 where it does not fit.
    public func places(in extents: Shape) -> Shape {
        Shape(
            (0..<2).map { axis in
                let room = extents[axis] + 2 * padding[axis] - dilation[axis] * (kernel[axis] - 1) - 1
                return room < 0 ? 0 : room / stride[axis] + 1
            })
    }

    /// Places along `axis` whose element `tap` lies within the array, and the index of the first of them there.
    func inside(_ axis: Int, tap: Int, extent: Int, places: Int) -> (places: Range<Int>, first: Int) {
        let shift = tap * dilation[axis] - padding[axis]
        let lower = shift >= 0 ? 0 : (-shift + stride[axis] - 1) / stride[axis]
        let upper = extent - shift <= 0 ? 0 : (extent - shift - 1) / stride[axis] + 1
        let start = min(lower, places)
        return (start..<max(start, min(upper, places)), lower * stride[axis] + shift)
    }
}

/// How a pooling window moves over an image; the names and defaults are PyTorch's.
public struct Pooling: Hashable, Sendable {
    /// Extents of a window, in elements of its own.
    public let size: HeightWidth
    /// Distance between neighbouring windows; the window's size by default.
    public let stride: HeightWidth
    /// Elements beyond each border that windows may reach: at most half a window.
    public let padding: HeightWidth
    /// Distance between neighbouring elements of a window; only the largest can be taken of windows with gaps.
    public let dilation: HeightWidth

    /// The stride is the window's size unless given.
    public init(
        size: HeightWidth, stride: HeightWidth? = nil, padding: HeightWidth = 0, dilation: HeightWidth = 1
    ) {
        self.size = size
        self.stride = stride ?? size
        self.padding = padding
        self.dilation = dilation
    }

    /// A pooling along a line: an image of height 1.
    public init(line size: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1) {
        self.init(
            size: HeightWidth(1, size), stride: HeightWidth(1, stride ?? size), padding: HeightWidth(0, padding),
            dilation: HeightWidth(1, dilation))
    }
}

/// The windows of a pooling along one axis: element i of the result sees `starts[i] ..< ends[i]` in steps of `step`.
///
/// Sliding windows, padded or not, and adaptive ones are of one kind here.
struct PoolingWindows: Hashable, Sendable {
    /// Number of elements of the axis.
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
}
