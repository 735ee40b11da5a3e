import Tensors

/// Reads one slot through permutations and factors of its axes, in row-major order or with one axis brought to the
/// front.
///
/// `out[i0, i1, ...] = f0[i0] * f1[i1] * ... * in[p0[i0], p1[i1], ...]`; the factors are multiplied in double precision
/// and rounded once. An axis whose group acts on blocks is taken apart into repeats, units and entries of a unit, and
/// its units are what is permuted and brought to the front.
struct SlotTransform {
    /// One axis of the result.
    struct Axis {
        /// For each index the distance into the source slot.
        var steps: [Int]
        /// For each index its factor, or nil for all ones.
        var factors: [Double]?
        /// Whether index i lies i elements from the first, and factors are ones.
        var isContiguous = false

        /// The axis at some of its indices.
        func keeping(_ indices: [Int]) -> Axis {
            Axis(steps: indices.map { steps[$0] }, factors: factors.map { all in indices.map { all[$0] } })
        }
    }

    private(set) var axes: [Axis]
    /// Number of elements.
    let count: Int

    /// Describes the transformation of `slot` under `element` (nil: none); `first` names the axis to bring to the
    /// front.
    ///
    /// - Parameters:
    ///   - skippingFirst: leaves the permutation and factors along axis `first` out.
    ///   - kept: the only units that are read along one axis, counted in the result.
    init(
        _ slot: Slot, _ element: SymmetryElement?, first: Int? = nil, skippingFirst: Bool = false,
        keeping kept: (axis: Int, units: [Int])? = nil
    ) {
        var strides = Array(repeating: 1, count: slot.shape.count)
        for axis in slot.shape.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * slot.shape[axis + 1]
        }
        axes = []
        for axis in slot.shape.indices {
            guard let group = slot.axes[axis] else {
                axes.insert(Self.plain(slot.shape[axis], strides[axis]), at: axis == first ? 0 : axes.count)
                continue
            }
            let (action, stride) = (slot.actions[axis], strides[axis])
            let units = slot.shape[axis] / (action.repeats * action.block)
            if action.repeats > 1 { axes.append(Self.plain(action.repeats, stride * action.block * units)) }
            let moving = skippingFirst && axis == first ? nil : element
            var moved = Self.moved(units, stride * action.block, group, action.side, moving)
            if let kept, kept.axis == axis { moved = moved.keeping(kept.units) }
            axes.insert(moved, at: axis == first ? 0 : axes.count)
            if action.block > 1 { axes.append(Self.plain(action.block, stride)) }
        }
        if axes.isEmpty { axes = [Axis(steps: [0], factors: nil)] }
        count = axes.reduce(1) { $0 * $1.steps.count }
    }

    private static func plain(_ extent: Int, _ stride: Int) -> Axis {
        Axis(steps: (0..<extent).map { $0 * stride }, factors: nil, isContiguous: stride == 1)
    }

    private static func moved(
        _ units: Int, _ stride: Int, _ group: Int, _ side: GroupAction.Side, _ element: SymmetryElement?
    ) -> Axis {
        guard let element else { return plain(units, stride) }
        let factors: [Double]? =
            switch side {
            case .incoming: element.scales[group]
            case .outgoing: element.scales[group]?.map { 1 / $0 }
            case .unscaled: nil
            }
        return Axis(steps: element.permutations[group].map { $0 * stride }, factors: factors)
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
                Self.forParts((rows.count + tile - 1) / tile, of: rows.count * width) { part in
                    let top = part * tile
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

extension SlotTransform {
    /// Runs `body` for each part of `count` elements: on the pool where they are many, and otherwise in order.
    private static func forParts(_ parts: Int, of count: Int, _ body: (Int) -> Void) {
        if count >= 1 << 16 {
            parallelFor(parts, body)
        } else {
            for part in 0..<parts { body(part) }
        }
    }

    /// The inner product of the transformed slot with `reference`, both of `count` elements, in double precision.
    func agreement(_ source: UnsafePointer<Float>, with reference: UnsafePointer<Float>) -> Double {
        let rows = axes[0].steps.count
        guard axes.count > 1, rows > 0, count >= 1 << 16 else {
            var next = reference
            return agreement(axis: 0, source, &next)
        }
        // Rows on the pool, their sums in order: the same bits.
        let (height, width) = (32, count / rows)
        let parts = parallelMap((rows + height - 1) / height) { part in
            (part * height..<min(rows, (part + 1) * height)).map { row in
                var next = reference + row * width
                return agreement(axis: 1, source + axes[0].steps[row], &next)
            }
        }
        var sum = 0.0
        for (row, part) in parts.joined().enumerated() { sum += (axes[0].factors?[row] ?? 1) * part }
        return sum
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
        let raw = (UnsafeRawPointer(source), UnsafeRawPointer(reference))
        return steps.withUnsafeBufferPointer { steps in
            var sums = SIMD8<Double>()
            let whole = factors == nil ? steps.count & ~7 : 0
            for base in stride(from: 0, to: whole, by: 8) {
                let offset = base * MemoryLayout<Float>.stride
                var left = SIMD8<Float>()
                if isContiguous {
                    left = raw.0.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
                } else {
                    for lane in 0..<8 { left[lane] = source[steps[base + lane]] }
                }
                let right = raw.1.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
                sums += SIMD8<Double>(left) * SIMD8<Double>(right)
            }
            var sum = sums.sum()
            for index in whole..<steps.count {
                sum += (factors?[index] ?? 1) * Double(source[steps[index]]) * Double(reference[index])
            }
            return sum
        }
    }
}
