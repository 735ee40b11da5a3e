import CKernels

extension Tensor {
    /// Elementwise choice: a where the condition is above 0, else b, broadcasting all three.
    ///
    /// Derivatives flow into the chosen operand alone, and none into the condition (1 or 0, as `isGreater` makes it).
    /// What is not chosen may be infinite or NaN. Same as PyTorch's `where`.
    public static func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
        let condition = condition.detached
        return .zipped(CK_WHERE, condition, a) + .zipped(CK_UNLESS, condition, b)
    }

    /// x where it is above 0, else 0: `relu` but for NaN, where both this and its derivative are 0.
    package func positivePart() -> Tensor { .zipped(CK_WHERE, detached, self) }

    /// Elementwise min(max(x, lower), upper); NaN stays NaN, with a derivative of 0.
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

extension Tensor {
    /// Elementwise x^p for a number p; NaN where x is negative and p is not whole. x^0 is 1.
    ///
    /// Derivative p x^(p-1), right at 0 too. Whole and half powers are products and square roots; any other is
    /// exp(f log x) for the fraction f of p, with a relative error of about |f log x| units of the last place.
    public func raised(to exponent: Double) -> Tensor {
        if exponent == 1 { return self }
        if exponent == 0 { return .full(shape, 1, like: self) }
        return .recorded(.power(exponent: exponent), [self], array.raised(to: exponent))
    }
}

extension Primitive {
    /// g p x^(p-1): both the VJP and the JVP.
    static func powerDerivative(_ rule: Rule, _ exponent: Double, times g: Tensor) -> Tensor {
        g * rule.inputs[0].raised(to: exponent - 1).scaled(by: exponent)
    }
}

extension StridedArray {
    /// x^p by repeated squaring for the whole part of |p|, times the fraction's power, and inverted for negative p: no
    /// factor leaves the range of numbers unless the result does.
    fileprivate func raised(to exponent: Double) -> StridedArray {
        precondition(abs(exponent) < 0x1p53, "raised: exponent \(exponent)")
        var rest = Int(abs(exponent))
        let fraction = abs(exponent) - Double(rest)
        var result = fraction == 0 ? nil : power(ofFraction: fraction)
        var square = self
        while rest > 0 {
            if rest & 1 == 1 { result = result.map { backend.zip(CK_MULTIPLY, $0, square) } ?? square }
            rest >>= 1
            if rest > 0 { square = backend.map(CK_SQUARE, square) }
        }
        let positive = result ?? self
        return exponent < 0 ? backend.map(CK_RECIPROCAL, positive) : positive
    }

    private func power(ofFraction fraction: Double) -> StridedArray {
        if fraction == 0.5 { return backend.map(CK_SQRT, self) }
        return backend.map(CK_EXP, backend.affine(backend.map(CK_LOG, self), scale: fraction, offset: 0))
    }
}
