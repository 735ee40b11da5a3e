extension CPUBackend {
    /// Extents of one work item of a product; fixed, so that its bytes do not depend on the number of threads.
    private static let tileRows = 256
    private static let tileColumns = 512
    /// Products with at most so many rows read B where it lies; OpenBLAS would copy it into panels first.
    private static let thinRows = 16
    /// Products below this many multiply-adds are not divided further.
    private static let smallProduct = 1 << 19
    /// Nor are those of small results where there are so many: each tile would pack its factor again.
    private static let manyProducts = 8
    private static let smallResult = 1 << 14

    func matmul(_ a: StridedArray, _ b: StridedArray, bias: StridedArray?) -> StridedArray {
        let rank = a.shape.count
        var shape = a.shape
        shape[rank - 1] = b.shape[rank - 1]
        let result = StridedArray(uninitialized: shape, precision: a.precision, on: self)
        guard result.count > 0 else { return result }
        let stretched = bias?.broadcast(to: shape)
        if a.shape[rank - 1] == 0 {
            if let stretched { copy(stretched, into: result) } else { fill(result, with: 0) }
            return result
        }
        let tall = Self.joiningBatches(a, b, stretched, result)
        if let chunked = chunkedProduct(tall.a, tall.b, bias: tall.bias) {
            return chunked.viewed(shape: shape, strides: shape.contiguousStrides)
        }
        func run<S: KernelScalar>(_: S.Type) {
            product(
                MatrixView(tall.a, self), MatrixView(tall.b, self), tall.bias.map { BiasRows($0, self) }, tall.result,
                as: S.self)
        }
        withScalar(a.precision) { run($0) }
        return result
    }

    /// Makes one tall product of the batches, from the last batch axis on, that share the same B.
    private static func joiningBatches(
        _ a: StridedArray, _ b: StridedArray, _ bias: StridedArray?, _ result: StridedArray
    ) -> (a: StridedArray, b: StridedArray, bias: StridedArray?, result: StridedArray) {
        var parts = (a: a, b: b, bias: bias, result: result)
        while parts.a.shape.count > 2, parts.b.isShared(along: parts.b.shape.count - 3),
            let a = parts.a.joiningRows(), let result = parts.result.joiningRows()
        {
            let rows = parts.bias?.joiningRows()
            if parts.bias != nil && rows == nil { break }
            parts = (a, parts.b.selectingFirst(axis: parts.b.shape.count - 3), rows, result)
        }
        return parts
    }

    /// A product of few rows with a tall B, `[m, k]` by `[k, n]`: each work item reads consecutive whole
    /// rows of B, and the partial sums are added in order. nil where B is not of that kind.
    private func chunkedProduct(_ a: StridedArray, _ b: StridedArray, bias: StridedArray?) -> StridedArray? {
        let chunk = 2048
        guard bias == nil, a.shape.count == 2, a.shape[0] <= Self.thinRows, b.shape[0] >= 4 * chunk,
            b.shape[1] <= chunk
        else { return nil }
        let (left, right) = (MatrixView(a, self), MatrixView(b, self))
        guard !left.transposed, !right.transposed else { return nil }
        let (m, k, n) = (left.rows, left.columns, right.columns), count = (k + chunk - 1) / chunk
        let partial = StridedArray(uninitialized: [count, m, n], precision: a.precision, on: self)
        func run<S: KernelScalar>(_: S.Type) {
            parallelFor(count) { item in
                let first = item * chunk
                S.thinProduct(
                    GemmCall<S>(
                        transposeA: false, transposeB: false, m: m, n: n, k: min(chunk, k - first),
                        a: left.pointer(batch: 0) + first, lda: left.leading,
                        b: right.pointer(batch: 0) + first * right.leading, ldb: right.leading, beta: 0,
                        c: partial.pointer() + item * m * n, ldc: n))
            }
        }
        withScalar(a.precision) { run($0) }
        return sum(partial, axes: [0])
    }

    private func product<S: KernelScalar>(
        _ a: MatrixView, _ b: MatrixView, _ bias: BiasRows?, _ c: StridedArray, as: S.Type
    ) {
        _ = OpenBLAS.isReady
        let (m, k, n) = (a.rows, a.columns, b.columns)
        let batches = c.count / (m * n)
        let isWhole = m * n * k <= Self.smallProduct || (batches >= Self.manyProducts && m * n <= Self.smallResult)
        let (height, width) = isWhole ? (m, n) : Self.tile(m: m, n: n)
        let (down, across) = ((m + height - 1) / height, (n + width - 1) / width)
        let target: UnsafeMutablePointer<S> = c.pointer()
        let isThin = m <= Self.thinRows && !a.transposed
        let work = { (item: Int) in
            let batch = item / (down * across)
            let (row, column) = (item / across % down * height, item % across * width)
            let (rows, columns) = (min(height, m - row), min(width, n - column))
            let tile = target + batch * m * n + row * n + column
            var call = GemmCall<S>(
                transposeA: a.transposed, transposeB: b.transposed, m: rows, n: columns, k: k,
                a: a.pointer(batch: batch) + row * a.rowStride, lda: a.leading,
                b: b.pointer(batch: batch) + column * b.columnStride, ldb: b.leading, beta: 0, c: tile, ldc: n)
            call.bias = bias?.rows(batch: batch, row, column)
            if isThin || !call.isWithinReach { call.writeBias() }
            if isThin { S.thinProduct(call) } else { S.gemm(call) }
        }
        let items = batches * down * across
        if batches * m * n * k <= Self.smallProduct / 8 {
            for item in 0..<items { work(item) }
        } else {
            parallelFor(items, work)
        }
    }

    /// Height and width of the tiles of an `m` by `n` result. Tall results have an even number of tiles.
    private static func tile(m: Int, n: Int) -> (Int, Int) {
        if m >= 2 * tileRows {
            let tiles = 2 * ((m + 2 * tileRows - 1) / (2 * tileRows))
            return ((m + tiles - 1) / tiles, n <= 4 * tileColumns ? n : 2 * tileColumns)
        }
        if n >= tileColumns { return (m, tileColumns / 2) }
        return m > n ? ((m + 1) / 2, n) : (m, (n + 1) / 2)
    }
}

extension StridedArray {
    /// Whether all indices of an axis show the same elements.
    fileprivate func isShared(along axis: Int) -> Bool { shape[axis] == 1 || strides[axis] == 0 }

    /// Without an axis: its first index.
    fileprivate func selectingFirst(axis: Int) -> StridedArray {
        viewed(shape: shape.removing([axis]), strides: strides.removing([axis]))
    }

    /// `[..., B, M, N]` as `[..., B M, N]`, or nil where that is no view.
    fileprivate func joiningRows() -> StridedArray? {
        let (batch, row) = (shape.count - 3, shape.count - 2)
        let joins = shape[batch] == 1 || shape[row] == 1 || strides[batch] == strides[row] * shape[row]
        guard joins else { return nil }
        var (extents, steps) = (shape, strides)
        extents[row] *= shape[batch]
        if shape[row] == 1 { steps[row] = strides[batch] }
        extents = extents.removing([batch])
        steps = steps.removing([batch])
        return viewed(shape: extents, strides: steps)
    }
}

/// Adds A B' to C: dense row-major A [m, k], B [n, k], C [m, n]; same bytes at any number of threads.
///
/// For algorithms that work on plain buffers (assignment costs of weight matching); tensors use `matmul`.
public func accumulateProduct(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, m: Int, k: Int, n: Int,
    into c: UnsafeMutablePointer<Float>
) {
    _ = OpenBLAS.isReady
    let height = 128
    parallelFor((m + height - 1) / height) { tile in
        let row = tile * height
        Float.gemm(
            GemmCall(
                transposeA: false, transposeB: true, m: min(height, m - row), n: n, k: k, a: a + row * k, lda: k, b: b,
                ldb: k, beta: 1, c: c + row * n, ldc: n))
    }
}
