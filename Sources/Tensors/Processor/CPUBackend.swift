import CKernels

/// The backend of this machine's cores: OpenBLAS for products, the loops of `CKernels` for the rest, our own threads.
final class CPUBackend: Backend {
    static let shared = CPUBackend()

    /// Elements of one work item; fixed, so that results do not depend on the number of threads.
    static let grain = 1 << 15

    let name = "the processor"

    private init() {}

    func allocate(bytes: Int) -> (block: UnsafeMutableRawPointer, sizeClass: Int) {
        StoragePool.shared.take(bytes: bytes)
    }

    func free(_ block: UnsafeMutableRawPointer, sizeClass: Int) {
        StoragePool.shared.give(block, sizeClass: sizeClass)
    }

    func upload(
        _ shape: Shape, _ precision: Precision, from body: (UnsafeMutableRawPointer) throws -> Void
    ) rethrows -> StridedArray {
        let result = StridedArray(uninitialized: shape, precision: precision, on: self)
        try body(result.storage.base)
        return result
    }

    func download<Result>(_ x: StridedArray, to body: (UnsafeRawPointer) throws -> Result) rethrows -> Result {
        let dense = dense(x)
        return try withExtendedLifetime(dense.storage) {
            try body(dense.storage.base + dense.offset * dense.precision.stride)
        }
    }

    /// The elements one after the other, copied where they do not lie so.
    func dense(_ x: StridedArray) -> StridedArray { x.isContiguous ? x : copy(x) }
}

/// Calls `body` with the Swift type of a precision.
func withScalar<Result>(_ precision: Precision, _ body: (any KernelScalar.Type) -> Result) -> Result {
    switch precision {
    case .single: body(Float.self)
    case .double: body(Double.self)
    }
}

extension CPUBackend {
    /// Splits `count` elements into work items of fixed size.
    static func forChunks(_ count: Int, _ body: (_ start: Int, _ length: Int) -> Void) {
        if count <= 2 * grain {
            if count > 0 { body(0, count) }
            return
        }
        let length = grain / 2  // so that a few threads come out even
        parallelFor((count + length - 1) / length) { chunk in
            let start = chunk * length
            body(start, min(length, count - start))
        }
    }

    /// Splits rows so that each work item holds half of `grain` elements; fixed by the shape alone.
    static func forRows(_ rows: Int, width: Int, _ body: (_ rows: Range<Int>) -> Void) {
        if rows <= max(1, grain / max(width, 1)) {
            if rows > 0 { body(0..<rows) }
            return
        }
        let height = max(1, grain / 2 / max(width, 1))
        let items = (rows + height - 1) / height
        parallelFor(items) { item in body((item * height)..<min(rows, (item + 1) * height)) }
    }
}

/// Carries a pointer into work items that write to disjoint places.
struct UncheckedBox<Value> {
    let value: Value
    init(_ value: Value) { self.value = value }
}
