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
            let gradients = [q, k, v].map { StridedArray(uninitialized: $0.shape, inOrderOf: $0) }
            if heads.queries == 0 { for gradient in gradients { fill(gradient, with: 0) } }
            let targets = gradients.map { MatrixView($0, self) }
            let cotangent = MatrixView(g, self)
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

    /// Scratch memory of one work item.
    private func withScratch<S: KernelScalar>(_ count: Int, _ body: (UnsafeMutablePointer<S>) -> Void) {
        let scratch = Storage(count: count, precision: S.precision, on: self)
        withExtendedLifetime(scratch) { body(scratch.pointer()) }
    }
}
