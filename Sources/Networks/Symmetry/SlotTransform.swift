/// Reads one slot through permutations and factors of its axes, in row-major order or with one axis brought to the
/// front.
///
/// `out[i0, i1, ...] = f0[i0] * f1[i1] * ... * in[p0[i0], p1[i1], ...]`; the factors are multiplied in double precision
/// and rounded once.
struct SlotTransform {
    /// One axis of the result.
    struct Axis {
        /// For each index the distance into the source slot.
        var steps: [Int]
        /// For each index its factor, or nil for all ones.
        var factors: [Double]?
    }

    private(set) var axes: [Axis]
    /// Number of elements.
    let count: Int

    /// Describes the transformation of `slot` under `element` (nil: none); `first` names the axis to bring to the
    /// front.
    ///
    /// - Parameter skipping: a group whose own permutation and factors are left out along axis `first`.
    init(_ slot: Slot, _ element: SymmetryElement?, first: Int? = nil, skippingFirst: Bool = false) {
        count = slot.count
        var strides = Array(repeating: 1, count: slot.shape.count)
        for axis in slot.shape.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * slot.shape[axis + 1]
        }
        var order = Array(slot.shape.indices)
        if let first {
            order.remove(at: first)
            order.insert(first, at: 0)
        }
        axes = order.map { axis in
            let stride = strides[axis]
            guard let element, let group = slot.axes[axis], !(skippingFirst && axis == first) else {
                return Axis(steps: (0..<slot.shape[axis]).map { $0 * stride }, factors: nil)
            }
            let inverted = PermutationSpec.side(of: axis, in: slot) == .outgoing
            return Axis(
                steps: element.permutations[group].map { $0 * stride },
                factors: element.scales[group].map { $0.map { inverted ? 1 / $0 : $0 } })
        }
        if axes.isEmpty { axes = [Axis(steps: [0], factors: nil)] }
    }

    /// Writes the transformed slot; both buffers hold `count` elements.
    func apply(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        var next = target
        walk(axis: 0, source, 1, &next)
    }

    private func walk(
        axis: Int, _ source: UnsafePointer<Float>, _ factor: Double, _ next: inout UnsafeMutablePointer<Float>
    ) {
        let this = axes[axis]
        if axis == axes.count - 1 {
            write(this, source, factor, next)
            next += this.steps.count
            return
        }
        if axis == axes.count - 2, factor == 1, this.factors == nil, axes[axis + 1].factors == nil {
            writePlain(this.steps, axes[axis + 1].steps, source, next)
            next += this.steps.count * axes[axis + 1].steps.count
            return
        }
        for (index, step) in this.steps.enumerated() {
            walk(axis: axis + 1, source + step, factor * (this.factors?[index] ?? 1), &next)
        }
    }

    private func write(
        _ axis: Axis, _ source: UnsafePointer<Float>, _ factor: Double, _ target: UnsafeMutablePointer<Float>
    ) {
        guard let factors = axis.factors else {
            for (index, step) in axis.steps.enumerated() {
                target[index] = factor == 1 ? source[step] : Float(Double(source[step]) * factor)
            }
            return
        }
        for (index, step) in axis.steps.enumerated() {
            target[index] = Float(Double(source[step]) * (factor * factors[index]))
        }
    }

    /// Two axes without factors, in square tiles so that transposing stays within the cache.
    private func writePlain(
        _ rows: [Int], _ columns: [Int], _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
    ) {
        let tile = 32
        let width = columns.count
        rows.withUnsafeBufferPointer { rows in
            columns.withUnsafeBufferPointer { columns in
                for top in stride(from: 0, to: rows.count, by: tile) {
                    for left in stride(from: 0, to: width, by: tile) {
                        for row in top..<min(top + tile, rows.count) {
                            let line = source + rows[row]
                            let out = target + row * width
                            for column in left..<min(left + tile, width) { out[column] = line[columns[column]] }
                        }
                    }
                }
            }
        }
    }
}
