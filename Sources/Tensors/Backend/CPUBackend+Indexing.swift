extension CPUBackend {
    func gather(_ x: StridedArray, axis: Int, indices: [Int32]) -> StridedArray {
        let source = dense(x)
        var shape = x.shape
        shape[axis] = indices.count
        let result = StridedArray(uninitialized: shape, precision: x.precision, on: self)
        let (outer, extent, inner) = x.shape.split(at: axis)
        for index in indices {
            precondition(index >= 0 && index < extent, "gather: index \(index) of axis \(axis) in \(x.shape)")
        }
        func run<S: KernelScalar>(_: S.Type) {
            let from: UnsafeMutablePointer<S> = source.pointer(), to: UnsafeMutablePointer<S> = result.pointer()
            indices.withUnsafeBufferPointer { indices in
                Self.forRows(outer * indices.count, width: inner) { rows in
                    for row in rows {
                        let (block, index) = (row / indices.count, Int(indices[row % indices.count]))
                        S.copy(inner, from + (block * extent + index) * inner, 1, to + row * inner, 1)
                    }
                }
            }
        }
        withExtendedLifetime(source.storage) { withScalar(x.precision) { run($0) } }
        return result
    }

    func scatterAdd(_ x: StridedArray, axis: Int, indices: [Int32], count: Int) -> StridedArray {
        let source = dense(x)
        var shape = x.shape
        shape[axis] = count
        let result = StridedArray(uninitialized: shape, precision: x.precision, on: self)
        fill(result, with: 0)
        let (outer, rows, inner) = x.shape.split(at: axis)
        precondition(rows == indices.count, "scatterAdd: \(indices.count) indices for axis \(axis) of \(x.shape)")
        func run<S: KernelScalar>(_: S.Type) {
            let from: UnsafeMutablePointer<S> = source.pointer(), to: UnsafeMutablePointer<S> = result.pointer()
            for block in 0..<outer {
                for (row, index) in indices.enumerated() {
                    precondition(index >= 0 && index < count, "scatterAdd: index \(index) of \(count)")
                    let target = to + (block * count + Int(index)) * inner
                    S.combine(inner, 1, target, 1, from + (block * rows + row) * inner, target)
                }
            }
        }
        withExtendedLifetime(source.storage) { withScalar(x.precision) { run($0) } }
        return result
    }
}

extension Shape {
    /// Extents before, at and behind an axis.
    func split(at axis: Int) -> (outer: Int, extent: Int, inner: Int) {
        (prefix(axis).reduce(1, *), self[axis], suffix(from: axis + 1).reduce(1, *))
    }
}
