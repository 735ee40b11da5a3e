/// One work item computes some (batch, head) pairs, or a panel of one's queries, with the scores in cache.
extension CPUBackend {
    /// Queries whose scores are formed at a time.
    private static let attentionPanel = 128

    func attention(
        _ q: StridedArray, _ k: StridedArray, _ v: StridedArray, bias: StridedArray?, scale: Double, isCausal: Bool
    ) -> [StridedArray] {
        let statistics = q.shape.prefix(rank: q.shape.count - 1)
        let tops = StridedArray(uninitialized: statistics, precision: q.precision, on: self)
        let inverses = StridedArray(uninitialized: statistics, precision: q.precision, on: self)
        func run<S: KernelScalar>(_: S.Type) -> StridedArray {
            let heads = AttentionHeads<S>(q, k, v, bias, scale: scale, isCausal: isCausal, self)
            let result = StridedArray(uninitialized: heads.outputShape, inOrderOf: q)
            let output = MatrixView(result, self)
            if heads.areWhole, !output.transposed {
                wholeHeads(heads, into: output, tops: tops.pointer(), inverses: inverses.pointer())
                return result
            }
            let panels = (heads.queries + Self.attentionPanel - 1) / Self.attentionPanel
            Self.forRows(heads.count * panels, width: heads.work / max(1, panels)) { items in
                withScratch(min(Self.attentionPanel, heads.queries) * heads.keys) { (scores: S.Target) in
                    for item in items {
                        let (head, row) = (item / panels, item % panels * Self.attentionPanel)
                        let rows = min(Self.attentionPanel, heads.queries - row)
                        let index = head * heads.queries + row
                        heads.scores(head, row, rows, into: scores)
                        S.attentionSoftmax(
                            heads.rows(head, row, rows), scores, tops.pointer() + index, inverses.pointer() + index)
                        heads.multiply(
                            scores, rows, by: heads.v, head,
                            into: output.pointer(batch: head) + row * output.rowStride, output.leading)
                    }
                }
            }
            return result
        }
        return [withScalar(q.precision) { run($0) }, tops, inverses]
    }

    func attentionGradients(
        _ q: StridedArray, _ k: StridedArray, _ v: StridedArray, bias: StridedArray?, scale: Double, isCausal: Bool,
        saved: [StridedArray], g: StridedArray
    ) -> [StridedArray] {
        func run<S: KernelScalar>(_: S.Type) -> [StridedArray] {
            let heads = AttentionHeads<S>(q, k, v, bias, scale: scale, isCausal: isCausal, self)
            let gradients =
                StridedArray.uninitialized(sideBySideLike: [q, k, v])
                ?? [q, k, v].map { StridedArray(uninitialized: $0.shape, inOrderOf: $0) }
            if heads.queries == 0 { for gradient in gradients { fill(gradient, with: 0) } }
            let targets = gradients.map { MatrixView($0, self) }
            let cotangent = MatrixView(g, self)
            if heads.areWhole, !cotangent.transposed, targets.allSatisfy({ !$0.transposed }) {
                wholeHeadGradients(heads, saved, cotangent, targets)
                return gradients
            }
            let panel = min(Self.attentionPanel, heads.queries)
            Self.forRows(heads.count, width: heads.work * 5 / 2) { items in
                withScratch(2 * panel * heads.keys) { (scratch: S.Target) in
                    for head in items {
                        for row in stride(from: 0, to: heads.queries, by: Self.attentionPanel) {
                            heads.gradients(
                                head, row, min(panel, heads.queries - row), scratch, tops: saved[0].pointer(),
                                inverses: saved[1].pointer(), cotangent, targets)
                        }
                    }
                }
            }
            return gradients
        }
        return withScalar(q.precision) { run($0) }
    }

    /// Heads that the kernels take as wholes.
    private func wholeHeads<S: KernelScalar>(
        _ heads: AttentionHeads<S>, into output: MatrixView, tops: S.Target, inverses: S.Target
    ) {
        Self.forRows(heads.count, width: heads.work) { items in
            withScratch(heads.scratch) { (scratch: S.Target) in
                for head in items {
                    let index = head * heads.queries
                    S.attentionHead(
                        heads.call(head), Rows(output, head), tops + index, inverses + index, scratch)
                }
            }
        }
    }

    private func wholeHeadGradients<S: KernelScalar>(
        _ heads: AttentionHeads<S>, _ saved: [StridedArray], _ g: MatrixView, _ targets: [MatrixView]
    ) {
        let (tops, inverses): (S.Target, S.Target) = (saved[0].pointer(), saved[1].pointer())
        Self.forRows(heads.count, width: heads.work * 5 / 2) { items in
            withScratch(heads.scratch) { (scratch: S.Target) in
                for head in items {
                    let index = head * heads.queries
                    S.attentionHeadGradient(
                        heads.call(head), Rows(g, head), tops + index, inverses + index, Rows(targets[0], head),
                        Rows(targets[1], head), Rows(targets[2], head), scratch)
                }
            }
        }
    }

    /// Scratch memory of one work item.
    private func withScratch<S: KernelScalar>(_ count: Int, _ body: (UnsafeMutablePointer<S>) -> Void) {
        let scratch = Storage(count: count, precision: S.precision, on: self)
        withExtendedLifetime(scratch) { body(scratch.pointer()) }
    }
}

/// What the work items of an attention share: views of q, k and v with one (batch, head) pair an index.
struct AttentionHeads<S: KernelScalar> {
    let q: MatrixView, k: MatrixView, v: MatrixView
    let count: Int, queries: Int, keys: Int
    let outputShape: Shape
    private let width: Int, valueWidth: Int
    private let scale: Double
    private let isCausal: Bool
    private let bias: StridedArray?
    private let biasOffsets: BatchOffsets

    init(
        _ q: StridedArray, _ k: StridedArray, _ v: StridedArray, _ bias: StridedArray?, scale: Double, isCausal: Bool,
        _ backend: CPUBackend
    ) {
        _ = OpenBLAS.isReady
        let rank = q.shape.count
        (queries, keys) = (q.shape[rank - 2], k.shape[rank - 2])
        (width, valueWidth) = (q.shape[rank - 1], v.shape[rank - 1])
        let lead = q.shape.prefix(rank: rank - 2)
        count = lead.elementCount
        outputShape = Shape(lead.array + [queries, valueWidth])
        (self.scale, self.isCausal) = (scale, isCausal)
        (self.q, self.k, self.v) = (MatrixView(q, backend), MatrixView(k, backend), MatrixView(v, backend))
        let dense = bias.map { Self.withDenseRows($0, keys: k.shape[rank - 2], backend) }
        let view = dense?.broadcast(to: Shape(lead.array + [queries, keys]))
        self.bias = view
        biasOffsets = BatchOffsets(view ?? q)
    }

    /// Multiply-adds of one pair, so that small ones share a work item.
    var work: Int { max(1, queries * keys * (width + valueWidth) / 8) }

    /// Whether the kernels take each head as a whole.
    var areWhole: Bool {
        let fits = AttentionHeadCall<S>.isWithinReach(
            queries: queries, keys: keys, width: width, valueWidth: valueWidth)
        return fits && bias == nil && !isCausal && !q.transposed && !k.transposed && !v.transposed
    }

    /// Elements of scratch memory that a whole head needs.
    var scratch: Int {
        AttentionHeadCall<S>.scratch(queries: queries, keys: keys, width: width, valueWidth: valueWidth)
    }

    /// One head as a whole.
    func call(_ head: Int) -> AttentionHeadCall<S> {
        AttentionHeadCall(
            queries: queries, keys: keys, width: width, valueWidth: valueWidth, scale: scale, q: Rows(q, head),
            k: Rows(k, head), v: Rows(v, head))
    }

    /// q k' for `rows` queries from `row` on.
    func scores(_ head: Int, _ row: Int, _ rows: Int, into scores: S.Target) {
        product(
            false, q.pointer(batch: head) + row * q.rowStride, q.leading, isTransposed: q.transposed,
            k.pointer(batch: head), k.leading, isTransposed: !k.transposed, rows, keys, width, into: scores, keys)
    }

    /// What the kernels of rows need to know of these queries.
    func rows(_ head: Int, _ row: Int, _ rows: Int) -> AttentionRows<S> {
        let step = bias.map { $0.strides[$0.shape.count - 2] } ?? 0
        let start = bias.map { UnsafePointer<S>($0.pointer() + biasOffsets[head] + row * step) }
        return AttentionRows(
            rows: rows, keys: keys, scale: scale, bias: start, biasStride: step, first: isCausal ? row : -1)
    }

    /// weights k or weights v, for `rows` queries.
    func multiply(
        _ weights: S.Source, _ rows: Int, by other: MatrixView, _ head: Int, into target: S.Target, _ leading: Int
    ) {
        product(
            false, weights, keys, isTransposed: false, other.pointer(batch: head), other.leading,
            isTransposed: other.transposed, rows, other.columns, keys, into: target, leading)
    }

    /// Writes the rows' part of dq, and adds to dk and dv (or writes them, for the first rows).
    func gradients(
        _ head: Int, _ row: Int, _ rows: Int, _ scratch: S.Target, tops: S.Source, inverses: S.Source,
        _ g: MatrixView, _ targets: [MatrixView]
    ) {
        let (weights, scoreGradients, index) = (scratch, scratch + rows * keys, head * queries + row)
        let cotangent: S.Source = UnsafePointer(g.pointer(batch: head) + row * g.rowStride)
        scores(head, row, rows, into: weights)
        product(
            false, cotangent, g.leading, isTransposed: g.transposed, v.pointer(batch: head), v.leading,
            isTransposed: !v.transposed, rows, keys, valueWidth, into: scoreGradients, keys)
        S.attentionSoftmaxGradient(self.rows(head, row, rows), weights, scoreGradients, tops + index, inverses + index)
        let (dq, dk, dv) = (targets[0], targets[1], targets[2])
        multiply(scoreGradients, rows, by: k, head, into: dq.pointer(batch: head) + row * dq.rowStride, dq.leading)
        product(
            row > 0, scoreGradients, keys, isTransposed: true, q.pointer(batch: head) + row * q.rowStride, q.leading,
            isTransposed: q.transposed, keys, width, rows, into: dk.pointer(batch: head), dk.leading)
        product(
            row > 0, weights, keys, isTransposed: true, cotangent, g.leading, isTransposed: g.transposed, keys,
            valueWidth, rows, into: dv.pointer(batch: head), dv.leading)
    }

    private func product(
        _ adds: Bool, _ a: S.Source, _ lda: Int, isTransposed ta: Bool, _ b: S.Source, _ ldb: Int,
        isTransposed tb: Bool, _ m: Int, _ n: Int, _ k: Int, into c: S.Target, _ ldc: Int
    ) {
        S.gemm(
            GemmCall(
                transposeA: ta, transposeB: tb, m: m, n: n, k: k, a: a, lda: lda, b: b, ldb: ldb, beta: adds ? 1 : 0,
                c: c, ldc: ldc))
    }

    /// The bias with its keys contiguous, copied where they are not; its other axes may stay stretched.
    private static func withDenseRows(_ bias: StridedArray, keys: Int, _ backend: CPUBackend) -> StridedArray {
        let rank = bias.shape.count
        if rank > 0, bias.shape[rank - 1] == keys, keys == 1 || bias.strides[rank - 1] == 1 { return bias }
        return backend.copy(bias.broadcast(to: Shape(bias.shape.array.dropLast() + [keys])))
    }
}

extension Rows where Scalar: KernelScalar {
    /// The rows of one batch of a view that is not transposed.
    fileprivate init(_ view: MatrixView, _ batch: Int) {
        self.init(first: view.pointer(batch: batch), step: view.leading)
    }
}
