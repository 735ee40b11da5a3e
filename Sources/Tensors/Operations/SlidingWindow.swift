/// A window that slides over the last two axes: kernel, stride, padding and dilation, each [height, width].
public struct SlidingWindow: Sendable, Hashable {
    /// Extents of the window in elements of its own.
    public let kernel: Shape
    /// Steps between windows.
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
        Shape((0..<2).map { axis in
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

extension Shape {
    /// The last two extents.
    var lastTwo: Shape { [self[count - 2], self[count - 1]] }
}
