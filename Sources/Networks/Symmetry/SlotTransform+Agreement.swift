extension SlotTransform {
    /// The inner product of the transformed slot with `reference`, both of `count` elements, in double precision.
    func agreement(_ source: UnsafePointer<Float>, with reference: UnsafePointer<Float>) -> Double {
        var next = reference
        return agreement(axis: 0, source, &next)
    }

    private func agreement(
        axis: Int, _ source: UnsafePointer<Float>, _ next: inout UnsafePointer<Float>
    ) -> Double {
        let this = axes[axis]
        if axis == axes.count - 1 {
            defer { next += this.steps.count }
            return this.row(source, next)
        }
        var sum = 0.0
        for (index, step) in this.steps.enumerated() {
            let part = agreement(axis: axis + 1, source + step, &next)
            sum += (this.factors?[index] ?? 1) * part
        }
        return sum
    }
}

extension SlotTransform.Axis {
    /// Sum of factor[i] * source[steps[i]] * reference[i], in eight interleaved partial sums.
    fileprivate func row(_ source: UnsafePointer<Float>, _ reference: UnsafePointer<Float>) -> Double {
        steps.withUnsafeBufferPointer { steps in
            var sums = SIMD8<Double>()
            let whole = factors == nil ? steps.count & ~7 : 0
            for base in stride(from: 0, to: whole, by: 8) {
                var (left, right) = (SIMD8<Double>(), SIMD8<Double>())
                for lane in 0..<8 {
                    left[lane] = Double(source[steps[base + lane]])
                    right[lane] = Double(reference[base + lane])
                }
                sums += left * right
            }
            var sum = sums.sum()
            for index in whole..<steps.count {
                sum += (factors?[index] ?? 1) * Double(source[steps[index]]) * Double(reference[index])
            }
            return sum
        }
    }
}
