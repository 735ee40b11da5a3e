import CKernels

extension CPUBackend {
    func scale(_ target: StridedArray, by factor: Double, adding x: StridedArray, times weight: Double) {
        let dense = dense(x)
        func run<S: KernelScalar>(_: S.Type) {
            let source: UnsafeMutablePointer<S> = dense.pointer(), target: UnsafeMutablePointer<S> = target.pointer()
            Self.forChunks(dense.count) { start, length in
                S.combine(length, S(factor), target + start, S(weight), source + start, target + start)
            }
        }
        withExtendedLifetime(dense.storage) { withScalar(x.precision) { run($0) } }
    }

    func stepAdamW(
        _ parameters: StridedArray, firstMoment: StridedArray, secondMoment: StridedArray,
        along gradient: [SlotGradient], _ step: AdamWStep
    ) {
        func run<S: KernelScalar>(_: S.Type) {
            let (p, m, v): (S.Target, S.Target, S.Target) =
                (parameters.pointer(), firstMoment.pointer(), secondMoment.pointer())
            let pass = AdamWPass<S>(gradient, parameters.shape, step, self)
            parallelFor(pass.items.count) { pass.run(pass.items[$0], p, m, v) }
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

    init(_ gradient: [SlotGradient], _ shape: Shape, _ step: AdamWStep, _ backend: CPUBackend) {
        let networks = shape.dropLast().reduce(1, *)
        length = shape[shape.count - 1]
        slots = gradient.map(\.slot)
        sources = gradient.map { Self.source($0, networks: networks, backend) }
        self.step = ck_adamw(
            rate: step.rate, beta1: step.beta1, beta2: step.beta2, epsilon: step.epsilon, decay: step.decay,
            correction1: step.correction1, correction2: step.correction2)
        var items: [Item] = []
        for network in 0..<networks {
            for (part, slot) in slots.enumerated() {
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

    private static func source(_ gradient: SlotGradient, networks: Int, _ backend: CPUBackend) -> Source? {
        func matrix(_ x: StridedArray, _ rows: Int, _ columns: Int) -> MatrixView {
            let shape: Shape = [networks, rows, columns]
            let shaped = x.shape == shape ? x : backend.dense(x).viewed(shape: shape, strides: shape.contiguousStrides)
            let view = MatrixView(shaped, backend)
            return view.transposed ? MatrixView(backend.copy(shaped), backend) : view
        }
        let slot = gradient.slot.shape
        switch gradient.value {
        case .zero: return nil
        case .dense(let g): return Source(g: matrix(g, 1, slot.elementCount), x: nil)
        case .product(let g, let x):
            let depth = g.shape[g.shape.count - 2]
            if depth > deepest {
                let formed = backend.matmul(g.matrix(transposed: true), x, bias: nil)
                return Source(g: matrix(formed, 1, slot.elementCount), x: nil)
            }
            return Source(g: matrix(g, depth, slot[0]), x: matrix(x, depth, slot[1]))
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
