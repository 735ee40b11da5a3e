/// How a pooling window moves over an image; the names and defaults are PyTorch's.
public struct Pooling: Hashable, Sendable {
    /// Elements of a window.
    public let size: HeightWidth
    /// Distance between neighbouring windows.
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

    func rows(of x: Tensor) -> PoolingWindows {
        PoolingWindows(
            extent: x.imageExtents.height, size: size.height, stride: stride.height, padding: padding.height,
            step: dilation.height)
    }

    func columns(of x: Tensor) -> PoolingWindows {
        PoolingWindows(
            extent: x.imageExtents.width, size: size.width, stride: stride.width, padding: padding.width,
            step: dilation.width)
    }
}

extension Tensor {
    /// The largest element of each window: [..., H, W] to [..., h, w]; padding counts as minus infinity.
    ///
    /// The derivative goes to the first of equals in row-major order. NaN is the largest. Traps where no window fits or
    /// the padding exceeds half a window. Same as PyTorch's `max_pool2d` without `ceil_mode`.
    public func maxPooled(_ pooling: Pooling) -> Tensor {
        maxPooled(rows: pooling.rows(of: self), columns: pooling.columns(of: self))
    }

    /// The largest element of each of `size` windows that cover the image: [..., H, W] to [..., h, w].
    ///
    /// Window i of an axis of n elements is floor(i n / h) ..< ceil((i + 1) n / h).
    /// Same as PyTorch's `adaptive_max_pool2d`.
    public func maxPooled(to size: HeightWidth) -> Tensor {
        maxPooled(
            rows: PoolingWindows(adaptive: size.height, extent: imageExtents.height),
            columns: PoolingWindows(adaptive: size.width, extent: imageExtents.width))
    }

    /// The mean of each window: [..., H, W] to [..., h, w]; padding counts as zeros, or not at all.
    ///
    /// Traps as `maxPooled` does, and on a dilation. Same as PyTorch's `avg_pool2d` without `ceil_mode`.
    public func averagePooled(_ pooling: Pooling, countingPadding: Bool = true) -> Tensor {
        precondition(pooling.dilation == 1, "averagePool: dilation \(pooling.dilation)")
        return averagePooled(
            rows: pooling.rows(of: self), columns: pooling.columns(of: self), countingPadding: countingPadding)
    }

    /// The mean of each of `size` windows that cover the image, as in PyTorch's `adaptive_avg_pool2d`.
    public func averagePooled(to size: HeightWidth) -> Tensor {
        averagePooled(
            rows: PoolingWindows(adaptive: size.height, extent: imageExtents.height),
            columns: PoolingWindows(adaptive: size.width, extent: imageExtents.width), countingPadding: true)
    }

    private func maxPooled(rows: PoolingWindows, columns: PoolingWindows) -> Tensor {
        let lead = shape.array.dropLast(2)
        let planes = reshaped(Shape(lead + [rows.extent * columns.extent]))
        let (values, places) = backend.maxPool(array, rows: rows, columns: columns)
        let flat = Shape(lead + [rows.count * columns.count])
        let largest = Tensor.recorded(
            .take(places.reshaped(flat)), [planes], values.viewed(shape: flat, strides: flat.contiguousStrides))
        return largest.reshaped(values.shape)
    }

    /// Separable: A_h x A_w', one small matrix an axis.
    private func averagePooled(rows: PoolingWindows, columns: PoolingWindows, countingPadding: Bool) -> Tensor {
        let lead = shape.array.dropLast(2)
        let across = columns.averages(countingPadding: countingPadding, like: self)
        let wide = matmul(reshaped([-1, columns.extent]), across, transposeB: true)
        let down = rows.averages(countingPadding: countingPadding, like: self)
        return matmul(down, wide.reshaped(Shape(lead + [rows.extent, columns.count])))
    }

    /// Elements `places` of each row: `[..., n]` to `[..., m]`.
    func taking(_ places: Places) -> Tensor {
        precondition(places.backend === backend, "take: \(places.backend.name) found places for \(backend.name)")
        return .recorded(.take(places), [self], backend.take(array, places))
    }

    /// Adds element i of each row to element `places[i]` of a row of `count` zeros: `[..., m]` to `[..., count]`.
    func putting(_ places: Places, count: Int) -> Tensor {
        precondition(places.backend === backend, "put: \(places.backend.name) found places for \(backend.name)")
        return .recorded(.put(places, count: count), [self], backend.put(array, places, count: count))
    }
}
