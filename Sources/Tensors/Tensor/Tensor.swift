/// A multi-dimensional array of real numbers: an immutable value with shape, precision and, while a derivative is being
/// taken, a history.
///
/// Rank 0 to 6. Elements may be shared between tensors and strided; none of that is visible. Leading axes are batch
/// axes in every operation. Shapes that do not fit are programmer errors and trap, naming the operation and both shapes.
public struct Tensor: Sendable {
    var array: StridedArray
    /// The operation that made this tensor, where something it came from is being differentiated.
    let node: Node?
    /// Which of the node's outputs this is.
    let output: Int

    init(_ array: StridedArray, node: Node? = nil, output: Int = 0) {
        self.array = array
        self.node = node
        self.output = output
    }

    /// Extents of the axes, outermost first; `[]` for a scalar.
    public var shape: Shape { array.shape }
    /// Number of axes, 0 to 6.
    public var rank: Int { array.shape.count }
    /// Number of elements, the product of the extents.
    public var count: Int { array.count }
    /// Whether elements are 32-bit or 64-bit numbers; operands of one operation must agree.
    public var precision: Precision { array.precision }

    /// What computes with this tensor: it travels with the elements, so results lie where their operands do.
    var backend: any Backend { array.backend }

    /// The elements of a tensor that is given up: they may then have no other holder.
    consuming func release() -> StridedArray { array }

    /// The same numbers without history: derivatives do not flow through.
    public var detached: Tensor { Tensor(array) }
}

extension Tensor {
    /// The only element, as a Double; traps on more than one.
    public var scalar: Double {
        precondition(count == 1, "scalar: shape \(shape) has \(count) elements")
        return backend.download(array) {
            precision == .single ? Double($0.load(as: Float.self)) : $0.load(as: Double.self)
        }
    }

    /// All elements in row-major order, rounded to single precision if need be.
    public var floats: [Float] {
        precision == .single ? elements() : (elements() as [Double]).map(Float.init)
    }

    /// All elements in row-major order as Double.
    public var doubles: [Double] {
        precision == .double ? elements() : (elements() as [Float]).map(Double.init)
    }

    /// Reads the elements in row-major order without copying where they already lie so; single precision only.
    public func withFloats<Result>(
        _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        precondition(precision == .single, "withFloats: the tensor is in double precision")
        return try backend.download(array) {
            try body(UnsafeBufferPointer(start: $0.assumingMemoryBound(to: Float.self), count: count))
        }
    }

    private func elements<Scalar>() -> [Scalar] {
        backend.download(array) {
            Array(UnsafeBufferPointer(start: $0.assumingMemoryBound(to: Scalar.self), count: count))
        }
    }
}

extension Tensor: CustomStringConvertible {
    /// Shape and the first numbers.
    public var description: String {
        let shown = doubles.prefix(8).map { "\($0)" }.joined(separator: ", ")
        return "Tensor\(shape)(\(shown)\(count > 8 ? ", ..." : ""))"
    }
}

extension Tensor {
    /// Whether every element is a finite number.
    public var isFinite: Bool {
        // A sum of magnitudes is finite only if all elements are, unless it overflows: then look at each.
        let sum = detached.abs().sum().scalar
        return sum.isFinite || doubles.allSatisfy(\.isFinite)
    }
}

extension Tensor {
    /// Copies numbers in row-major order; traps when their count is not that of the shape.
    public init(_ values: [Float], shape: Shape) {
        self.init(values, shape: shape, on: CPUBackend.shared)
    }

    /// Copies numbers in row-major order as double precision, or rounded to single.
    public init(_ values: [Double], shape: Shape, precision: Precision = .double) {
        self.init(values, shape: shape, precision: precision, on: CPUBackend.shared)
    }

    /// A single-precision tensor whose elements `body` fills in row-major order; the buffer is undefined at first.
    public init(
        shape: Shape, initializingWith body: (UnsafeMutableBufferPointer<Float>) throws -> Void
    ) rethrows {
        self.init(
            try CPUBackend.shared.upload(shape, .single) { block in
                try body(
                    UnsafeMutableBufferPointer(
                        start: block.assumingMemoryBound(to: Float.self), count: shape.elementCount))
            })
    }

    /// One number, of rank 0.
    public init(_ value: Double, precision: Precision = .single) {
        self = .full([], value, precision: precision)
    }

    /// A tensor of equal numbers (one stored element, stretched).
    public static func full(_ shape: Shape, _ value: Double, precision: Precision = .single) -> Tensor {
        full(shape, value, precision: precision, on: CPUBackend.shared)
    }

    /// A tensor of zeros (one stored element, stretched).
    public static func zeros(_ shape: Shape, precision: Precision = .single) -> Tensor {
        full(shape, 0, precision: precision)
    }

    /// A tensor of ones (one stored element, stretched).
    public static func ones(_ shape: Shape, precision: Precision = .single) -> Tensor {
        full(shape, 1, precision: precision)
    }

    /// Rows of the identity selected by label: 1 at `[i, labels[i]]`, else 0. Shape `[labels.count, classes]`.
    public static func oneHot(_ labels: [Int32], classes: Int, precision: Precision = .single) -> Tensor {
        var values = [Float](repeating: 0, count: labels.count * classes)
        for (row, label) in labels.enumerated() {
            precondition(label >= 0 && label < classes, "oneHot: label \(label) of \(classes) classes")
            values[row * classes + Int(label)] = 1
        }
        return Tensor(values, shape: [labels.count, classes]).converted(to: precision)
    }

    /// The same numbers in another precision; without history.
    public func converted(to precision: Precision) -> Tensor {
        if precision == self.precision { return detached }
        return precision == .single
            ? Tensor(doubles.map(Float.init), shape: shape, on: backend)
            : Tensor(floats.map(Double.init), shape: shape, precision: .double, on: backend)
    }
}

/// The same on a backend of choice; without one, tensors are made on the processor.
extension Tensor {
    init(_ values: [Float], shape: Shape, on backend: any Backend) {
        self.init(uploading: values, shape: shape, .single, on: backend)
    }

    init(_ values: [Double], shape: Shape, precision: Precision, on backend: any Backend) {
        switch precision {
        case .single: self.init(uploading: values.map(Float.init), shape: shape, .single, on: backend)
        case .double: self.init(uploading: values, shape: shape, .double, on: backend)
        }
    }

    private init<Scalar>(uploading values: [Scalar], shape: Shape, _ precision: Precision, on backend: any Backend) {
        precondition(values.count == shape.elementCount, "Tensor: \(values.count) numbers for shape \(shape)")
        self.init(
            backend.upload(shape, precision) { block in
                block.initializeMemory(as: Scalar.self, from: values, count: values.count)
            })
    }

    static func full(_ shape: Shape, _ value: Double, precision: Precision, on backend: any Backend) -> Tensor {
        let single = StridedArray(uninitialized: [], precision: precision, on: backend)
        backend.fill(single, with: value)
        return Tensor(single.broadcast(to: shape))
    }

    /// Equal numbers in the precision and on the backend of another tensor.
    static func full(_ shape: Shape, _ value: Double, like other: Tensor) -> Tensor {
        full(shape, value, precision: other.precision, on: other.backend)
    }

    /// Zeros in the precision and on the backend of another tensor.
    static func zeros(_ shape: Shape, like other: Tensor) -> Tensor { full(shape, 0, like: other) }

    /// The same numbers on another backend, without history; itself where it lies there already.
    func moved(to backend: any Backend) -> Tensor {
        if backend === self.backend { return detached }
        let bytes = count * precision.stride
        return Tensor(
            self.backend.download(array) { source in
                backend.upload(shape, precision) { $0.copyMemory(from: source, byteCount: bytes) }
            })
    }

    /// The same numbers where another tensor lies, so that both can go into one operation; without history.
    package func moved(toBackendOf other: Tensor) -> Tensor { moved(to: other.backend) }

    /// Traps, naming the operation, where two operands lie on different backends.
    func checkBackend(_ other: Tensor, _ operation: @autoclosure () -> String) {
        precondition(
            backend === other.backend,
            "\(operation()): operands on \(backend.name) and on \(other.backend.name)")
    }
}
