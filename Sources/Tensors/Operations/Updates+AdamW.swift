import CKernels

extension Tensor {
    /// One AdamW step on parameters and moments `[..., D]`, fused into a single pass.
    ///
    /// p <- p - rate decay p; m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2;
    /// p <- p - rate / (1 - b1^k) m / (sqrt(v / (1 - b2^k)) + eps), k the step number from 1.
    ///
    /// Parts of the gradient that are unformed products g' x are formed in registers and never stored, unless they sum
    /// over more than 512 rows: then a blocked product first is the faster way. All tensors have one shape and
    /// precision. Reference: Loshchilov & Hutter, Decoupled weight decay regularization, 2019, algorithm 2;
    /// order of operations as in PyTorch.
    public static func stepAdamW(
        _ parameters: inout Tensor, gradient: FlatGradient, firstMoment: inout Tensor, secondMoment: inout Tensor,
        step: Int, rate: Double, beta1: Double, beta2: Double, epsilon: Double, decay: Double
    ) {
        precondition(
            parameters.shape == gradient.shape && parameters.shape == firstMoment.shape
                && parameters.shape == secondMoment.shape && parameters.precision == gradient.precision,
            "AdamW: parameters \(parameters.shape), gradient \(gradient.shape), moments \(firstMoment.shape)")
        let scalars = ck_adamw(
            rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay,
            correction1: 1 - beta1.raised(to: step), correction2: 1 - beta2.raised(to: step))
        func run<S: KernelScalar>(_: S.Type) {
            parameters.mutate(as: S.self) { p in
                firstMoment.mutate(as: S.self) { m in
                    secondMoment.mutate(as: S.self) { v in
                        guard let p = p.baseAddress, let m = m.baseAddress, let v = v.baseAddress else { return }
                        let pass = AdamWPass<S>(gradient, scalars)
                        parallelFor(pass.items.count) { pass.run(pass.items[$0], p, m, v) }
                    }
                }
            }
        }
        withScalar(parameters.precision) { run($0) }
    }
}

/// One step over all slots of all networks, divided into items of about `CPUBackend.grain` elements.
private struct AdamWPass<S: KernelScalar> {
    /// Rows of one slot of one network; a dense part counts as one row.
    struct Item {
        let part: Int, network: Int
        let rows: Range<Int>, columns: Range<Int>
    }

    /// The factors of a product, or the gradient, as the kernels want them: minor axis contiguous.
    private struct Source {
        let g: MatrixView
        let x: MatrixView?
    }

    private let length: Int
    private let slots: [PackedSlot]
    private let sources: [Source?]
    private let step: ck_adamw
    let items: [Item]

    init(_ gradient: FlatGradient, _ step: ck_adamw) {
        let networks = gradient.shape.dropLast().reduce(1, *)
        length = gradient.shape[gradient.shape.count - 1]
        slots = gradient.slots
        sources = zip(gradient.parts, gradient.slots).map { Self.source($0, $1, networks: networks) }
        self.step = step
        var items: [Item] = []
        for network in 0..<networks {
            for (part, slot) in gradient.slots.enumerated() {
                let isProduct = sources[part]?.x != nil
                let (rows, columns) = isProduct ? (slot.shape[0], slot.shape[1]) : (1, slot.shape.elementCount)
                // Products: long rows are cut so that the columns of x stay in the first cache.
                let width = isProduct ? min(columns, 1024) : CPUBackend.grain
                let height = max(4, CPUBackend.grain / max(width, 1) / 4 * 4)
                for row in stride(from: 0, to: rows, by: height) {
                    for column in stride(from: 0, to: columns, by: width) {
                        items.append(
                            Item(
                                part: part, network: network, rows: row..<min(rows, row + height),
                                columns: column..<min(columns, column + width)))
                    }
                }
            }
        }
        self.items = items
    }

    /// Rows of a product that are still summed in registers.
    private static var deepest: Int { 512 }

    private static func source(_ part: FlatGradient.Part, _ slot: PackedSlot, networks: Int) -> Source? {
        func matrix(_ t: Tensor, _ rows: Int, _ columns: Int) -> MatrixView {
            let shaped = t.detached.reshaped([networks, rows, columns])
            let view = MatrixView(shaped.array, CPUBackend())
            return view.transposed ? MatrixView(backend.copy(shaped.array), CPUBackend()) : view
        }
        switch part {
        case .dense(nil): return nil
        case .dense(let g?): return Source(g: matrix(g, 1, slot.shape.elementCount), x: nil)
        case .product(let g, let x):
            let depth = g.shape[g.rank - 2]
            if depth > deepest {
                let formed = matmul(g, x, transposeA: true)
                return Source(g: matrix(formed, 1, slot.shape.elementCount), x: nil)
            }
            return Source(g: matrix(g, depth, slot.shape[0]), x: matrix(x, depth, slot.shape[1]))
        }
    }

    func run(_ item: Item, _ p: S.Target, _ m: S.Target, _ v: S.Target) {
        let slot = slots[item.part], (row, column) = (item.rows.lowerBound, item.columns.lowerBound)
        var at = item.network * length + slot.offset + column
        guard let source = sources[item.part] else {
            return zeros(item.columns.count) { S.adamW(item.columns.count, p + at, $0, m + at, v + at, step) }
        }
        let first: S.Target = source.g.pointer(batch: item.network)
        guard let right = source.x else {
            return S.adamW(item.columns.count, p + at, first + column, m + at, v + at, step)
        }
        let x: S.Target = right.pointer(batch: item.network)
        let width = slot.shape[1]
        at += row * width
        S.adamW(
            AdamWProductCall(
                rows: item.rows.count, columns: item.columns.count, depth: right.array.shape[1], g: first + row,
                ldg: source.g.leading, x: x + column, ldx: right.leading,
                p: p + at, m: m + at, v: v + at, ldp: width), step)
    }

    /// A gradient of zeros, for slots that the function does not use: their moments still decay.
    private func zeros(_ count: Int, _ body: (S.Source) -> Void) {
        withUnsafeTemporaryAllocation(of: S.self, capacity: count) { buffer in
            buffer.initialize(repeating: 0)
            if let base = buffer.baseAddress { body(base) }
        }
    }
}

extension Double {
    /// self^exponent by repeated squaring: same bytes on every C library.
    fileprivate func raised(to exponent: Int) -> Double {
        var (result, base, rest) = (1.0, self, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= base }
            base *= base
            rest >>= 1
        }
        return result
    }
}
