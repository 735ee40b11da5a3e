import CKernels

/// The backend of this machine's cores.
struct CPUBackend: Backend {
    /// Elements of one work item; fixed, so that results do not depend on the number of threads.
    static let grain = 1 << 15
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
        let chunks = (count + grain - 1) / grain
        parallelFor(chunks) { chunk in
            let start = chunk * grain
            body(start, min(grain, count - start))
        }
    }

    /// Splits rows so that each work item holds about `grain` elements; fixed by the shape alone.
    static func forRows(_ rows: Int, width: Int, _ body: (_ rows: Range<Int>) -> Void) {
        let height = max(1, grain / max(width, 1))
        if rows <= height {
            if rows > 0 { body(0..<rows) }
            return
        }
        let items = (rows + height - 1) / height
        parallelFor(items) { item in body((item * height)..<min(rows, (item + 1) * height)) }
    }
}
