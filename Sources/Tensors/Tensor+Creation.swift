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

    /// All zeros.
    public static func zeros(_ shape: Shape, precision: Precision = .single) -> Tensor {
        full(shape, 0, precision: precision)
    }

    /// All ones.
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
