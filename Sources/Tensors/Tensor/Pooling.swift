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
        let (values, places) = backend.maxPool(array, rows: rows, columns: columns, findsPlaces: node != nil)
        guard let places else { return Tensor(values) }
        let planes = reshaped(Shape(lead + [rows.extent * columns.extent]))
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

extension Pooling {
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

extension PoolingWindows {
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

extension Tensor {
    /// Patches as columns: entry [c kh kw, l] of the result is what place l of the window sees there in channel c.
    ///
    /// - self: [..., C, H, W]; returns [..., C kh kw, L], L the number of places, row by row; zeros outside.
    ///
    /// Traps where the window does not fit into the padded array. The transpose is `folded`. PyTorch's `unfold`.
    public func unfolded(_ window: SlidingWindow) -> Tensor {
        precondition(
            rank >= 3 && window.places(in: shape.lastTwo).elementCount > 0,
            "unfold: kernel \(window.kernel) in \(shape)")
        return .recorded(.unfold(window), [self], backend.unfold(array, window))
    }

    /// The transpose of `unfolded`: adds each column to the patch it stands for.
    ///
    /// - self: [..., C kh kw, L]; extents: [H, W]; returns [..., C, H, W].
    ///
    /// Traps where channels or places do not fit. PyTorch's `fold`.
    public func folded(_ window: SlidingWindow, to extents: Shape) -> Tensor {
        let taps = window.kernel.elementCount
        precondition(
            rank >= 2 && extents.count == 2 && shape[rank - 2] % taps == 0
                && shape[rank - 1] == window.places(in: extents).elementCount,
            "fold: \(shape) with kernel \(window.kernel) to \(extents)")
        return .recorded(.fold(window), [self], backend.fold(array, window, to: extents))
    }
}
