import CKernels

extension Tensor {
    /// Elementwise choice: a where the condition is above 0, else b, broadcasting all three.
    ///
    /// Derivatives flow into the chosen operand alone, and none into the condition (1 or 0, as `isGreater` makes it).
    /// What is not chosen may be infinite or NaN. Same as PyTorch's `where`.
    public static func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
        let condition = condition.detached
        return .zipped(CK_RELU_GRADIENT, condition, a) + .zipped(CK_UNLESS, condition, b)
    }

    /// Elementwise min(max(x, lower), upper); NaN stays NaN.
    ///
    /// The derivative is 1 between the bounds, and 0 on them and beyond, as in PyTorch.
    public func clamped(to bounds: ClosedRange<Double>) -> Tensor {
        let lower = Tensor.full([], bounds.lowerBound, like: self)
        let upper = Tensor.full([], bounds.upperBound, like: self)
        let value = detached.maximum(lower).minimum(upper)
        if node == nil { return value }
        return .select(isGreater(than: lower) * upper.isGreater(than: self), self, value)
    }
}
