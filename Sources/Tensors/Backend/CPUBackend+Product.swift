extension CPUBackend {
    /// Extents of one work item of a product; fixed, so that its bytes do not depend on the number of threads.
    private static let tileRows = 256
    private static let tileColumns = 512
    /// Products below this many multiply-adds are not divided further.
    private static let smallProduct = 1 << 19

    func matmul(_ a: StridedArray, _ b: StridedArray, bias: StridedArray?) -> StridedArray {
        let rank = a.shape.count
        let (m, k, n) = (a.shape[rank - 2], a.shape[rank - 1], b.shape[rank - 1])
        var shape = a.shape
        shape[rank - 1] = n
        let result = StridedArray(uninitialized: shape, precision: a.precision)
        guard result.count > 0 else { return result }
        if let bias { copy(bias.broadcast(to: shape), into: result) }
        if k == 0 {
            if bias == nil { fill(result, with: 0) }
            return result
        }
        func run<S: KernelScalar>(_: S.Type) {
            product(MatrixView(a, self), MatrixView(b, self), result, m: m, n: n, k: k, beta: bias == nil ? S(0) : 1)
        }
        withScalar(a.precision) { run($0) }
        return result
    }

    private func product<S: KernelScalar>(
        _ a: MatrixView, _ b: MatrixView, _ c: StridedArray, m: Int, n: Int, k: Int, beta: S
    ) {
        _ = OpenBLAS.isReady
        let whole = m * n * k <= Self.smallProduct
        let (height, width) = whole ? (m, n) : Self.tile(m: m, n: n)
        let (down, across) = ((m + height - 1) / height, (n + width - 1) / width)
        let batches = c.count / (m * n)
        let (pa, pb): (UnsafeMutablePointer<S>, UnsafeMutablePointer<S>) = (a.array.pointer(), b.array.pointer())
        let pc: UnsafeMutablePointer<S> = c.pointer()
        let work = { (item: Int) in
            let batch = item / (down * across)
            let (row, column) = (item / across % down * height, item % across * width)
            S.gemm(
                GemmCall(
                    transposeA: a.transposed, transposeB: b.transposed, m: min(height, m - row),
                    n: min(width, n - column), k: k,
                    a: pa + a.offset(batch: batch) + row * a.rowStride, lda: a.leading,
                    b: pb + b.offset(batch: batch) + column * b.columnStride, ldb: b.leading, beta: beta,
                    c: pc + batch * m * n + row * n + column, ldc: n))
        }
        let items = batches * down * across
        if batches * m * n * k <= Self.smallProduct / 8 {
            for item in 0..<items { work(item) }
        } else {
            parallelFor(items, work)
        }
    }

    /// Height and width of the tiles of an `m` by `n` result.
    private static func tile(m: Int, n: Int) -> (Int, Int) {
        if m >= 2 * tileRows { return (tileRows, n <= 4 * tileColumns ? n : 2 * tileColumns) }
        if n >= tileColumns { return (m, tileColumns / 2) }
        return m > n ? ((m + 1) / 2, n) : (m, (n + 1) / 2)
    }
}

/// The last two axes of an array as BLAS wants them: one of the two strides is 1.
struct MatrixView {
    let array: StridedArray
    let transposed: Bool
    let leading: Int
    let rowStride: Int
    let columnStride: Int
    private let nest: [(extent: Int, stride: Int)]

    /// Copies only where neither axis has stride 1.
    init(_ x: StridedArray, _ backend: CPUBackend) {
        let rank = x.shape.count
        func fits(_ minor: Int, _ major: Int) -> Bool {
            (x.strides[minor] == 1 || x.shape[minor] == 1)
                && (x.strides[major] >= x.shape[minor] || x.shape[major] == 1)
        }
        let view: StridedArray
        if fits(rank - 1, rank - 2) {
            (view, transposed) = (x, false)
        } else if fits(rank - 2, rank - 1) {
            (view, transposed) = (x, true)
        } else {
            (view, transposed) = (backend.copy(x), false)
        }
        let (minor, major) = transposed ? (rank - 2, rank - 1) : (rank - 1, rank - 2)
        array = view
        leading = view.shape[major] == 1 ? max(1, view.shape[minor]) : view.strides[major]
        rowStride = transposed ? 1 : leading
        columnStride = transposed ? leading : 1
        nest = (0..<(rank - 2)).map { (view.shape[$0], view.strides[$0]) }
    }

    func offset(batch: Int) -> Int {
        var rest = batch
        var offset = 0
        for axis in nest.reversed() {
            offset += rest % axis.extent * axis.stride
            rest /= axis.extent
        }
        return offset
    }
}
