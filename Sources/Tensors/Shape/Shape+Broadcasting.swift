extension Shape {
    /// The common shape of two operands under NumPy's rule: axes are matched from the last, an extent of 1 stretches.
    ///
    /// Traps, naming the operation and both shapes, when extents differ and neither is 1.
    static func broadcast(_ left: Shape, _ right: Shape, _ operation: String) -> Shape {
        if left == right { return left }
        let rank = Swift.max(left.count, right.count)
        var result = Shape(repeating: 1, count: rank)
        for back in 1...Swift.max(rank, 1) where rank > 0 {
            let a = back <= left.count ? left[left.count - back] : 1
            let b = back <= right.count ? right[right.count - back] : 1
            precondition(a == b || a == 1 || b == 1, "\(operation): shapes \(left) and \(right) do not broadcast")
            result[rank - back] = a == 1 ? b : a
        }
        return result
    }

    /// Axes of `self` along which an operand of shape `operand` was stretched (or which it lacks).
    func axesStretched(from operand: Shape) -> [Int] {
        let missing = count - operand.count
        return indices.filter { $0 < missing || (operand[$0 - missing] == 1 && self[$0] != 1) }
    }
}
