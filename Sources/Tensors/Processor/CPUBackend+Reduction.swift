extension CPUBackend {
    func sum(_ x: StridedArray, axes: [Int]) -> StridedArray {
        var remaining = axes.sorted()
        var current = x
        while let last = remaining.popLast() {
            var first = last
            while let next = remaining.last, next == first - 1 {
                first = next
                remaining.removeLast()
            }
            current = sumRun(current, first...last)
        }
        return axes.isEmpty ? copy(x) : current
    }

    /// Sums neighbouring axes: `[outer, reduced, inner]` to `[outer, 1, inner]`.
    private func sumRun(_ x: StridedArray, _ axes: ClosedRange<Int>) -> StridedArray {
        let source = dense(x)
        var shape = x.shape
        for axis in axes { shape[axis] = 1 }
        let outer = x.shape.prefix(axes.lowerBound).reduce(1, *)
        let inner = x.shape.suffix(from: axes.upperBound + 1).reduce(1, *)
        let reduced = axes.reduce(1) { $0 * x.shape[$1] }
        let result = StridedArray(uninitialized: shape, precision: x.precision, on: self)
        func run<S: KernelScalar>(_: S.Type) {
            let from: UnsafeMutablePointer<S> = source.pointer(), to: UnsafeMutablePointer<S> = result.pointer()
            if inner == 1 {
                Self.forRows(outer, width: reduced) { rows in
                    for row in rows { to[row] = S(S.sum(reduced, from + row * reduced, 1)) }
                }
            } else {
                sumColumns(outer: outer, reduced: reduced, inner: inner, from, to)
            }
        }
        withExtendedLifetime(source.storage) { withScalar(x.precision) { run($0) } }
        return result
    }

    private func sumColumns<S: KernelScalar>(
        outer: Int, reduced: Int, inner: Int, _ from: UnsafeMutablePointer<S>, _ to: UnsafeMutablePointer<S>
    ) {
        // Few columns of many rows are divided too: a column's sum does not depend on those beside it.
        let panel = outer == 1 && inner <= 1 << 11 ? 1 << 6 : 1 << 11
        let panels = (inner + panel - 1) / panel
        let work = { (item: Int) in
            let (block, start) = (item / panels, item % panels * panel)
            S.sumRows(
                reduced, min(panel, inner - start), from + block * reduced * inner + start, inner,
                to + block * inner + start)
        }
        if outer * reduced * inner <= 2 * Self.grain {
            for item in 0..<(outer * panels) { work(item) }
        } else {
            parallelFor(outer * panels, work)
        }
    }

    func maxLast(_ x: StridedArray) -> StridedArray {
        let (source, rows, width) = rowsOfLastAxis(x, "max")
        var shape = x.shape
        shape[shape.count - 1] = 1
        let result = StridedArray(uninitialized: shape, precision: x.precision, on: self)
        func run<S: KernelScalar>(_: S.Type) {
            let from: UnsafeMutablePointer<S> = source.pointer(), to: UnsafeMutablePointer<S> = result.pointer()
            Self.forRows(rows, width: width) { range in
                for row in range { to[row] = S.max(width, from + row * width, 1) }
            }
        }
        withExtendedLifetime(source.storage) { withScalar(x.precision) { run($0) } }
        return result
    }

    func argmaxLast(_ x: StridedArray) -> [Int32] {
        let (source, rows, width) = rowsOfLastAxis(x, "argmax")
        return [Int32](unsafeUninitializedCapacity: rows) { buffer, count in
            let target = UncheckedBox(buffer.baseAddress)
            func run<S: KernelScalar>(_: S.Type) {
                let from: UnsafeMutablePointer<S> = source.pointer()
                Self.forRows(rows, width: width) { range in
                    guard let base = target.value else { return }
                    S.argmax(range.count, width, from + range.lowerBound * width, width, base + range.lowerBound)
                }
            }
            withExtendedLifetime(source.storage) { withScalar(x.precision) { run($0) } }
            count = rows
        }
    }

    func logSoftmax(_ x: StridedArray) -> StridedArray {
        precondition(x.shape.count >= 1, "logSoftmax: no last axis in \(x.shape)")
        if x.count == 0 { return StridedArray(uninitialized: x.shape, precision: x.precision, on: self) }
        let (source, rows, width) = rowsOfLastAxis(x, "logSoftmax")
        let result = StridedArray(uninitialized: x.shape, precision: x.precision, on: self)
        func run<S: KernelScalar>(_: S.Type) {
            let from: UnsafeMutablePointer<S> = source.pointer(), to: UnsafeMutablePointer<S> = result.pointer()
            Self.forRows(rows, width: width) { range in
                S.logSoftmax(range.count, width, from + range.lowerBound * width, to + range.lowerBound * width)
            }
        }
        withExtendedLifetime(source.storage) { withScalar(x.precision) { run($0) } }
        return result
    }

    private func rowsOfLastAxis(_ x: StridedArray, _ operation: String) -> (StridedArray, rows: Int, width: Int) {
        precondition(
            x.shape.count >= 1 && x.shape[x.shape.count - 1] > 0,
            "\(operation): no elements along the last axis of \(x.shape)")
        let width = x.shape[x.shape.count - 1]
        return (dense(x), x.count / width, width)
    }
}
