extension Tensor {
    /// Copies numbers in row-major order; traps when their count is not that of the shape.
    public init(_ values: [Float], shape: Shape) {
        precondition(values.count == shape.elementCount, "Tensor: \(values.count) numbers for shape \(shape)")
        self.init(shape: shape) { buffer in
            _ = buffer.initialize(from: values)
        }
    }

    /// Copies numbers in row-major order as double precision, or rounded to single.
    public init(_ values: [Double], shape: Shape, precision: Precision = .double) {
        precondition(values.count == shape.elementCount, "Tensor: \(values.count) numbers for shape \(shape)")
        if precision == .single {
            self.init(values.map(Float.init), shape: shape)
        } else {
            let array = StridedArray(uninitialized: shape, precision: .double)
            array.pointer(as: Double.self).initialize(from: values, count: values.count)
            self.init(array)
        }
    }

    /// A single-precision tensor whose elements `body` fills in row-major order; the buffer is undefined at first.
    public init(
        shape: Shape, initializingWith body: (UnsafeMutableBufferPointer<Float>) throws -> Void
    ) rethrows {
        let array = StridedArray(uninitialized: shape, precision: .single)
        try body(UnsafeMutableBufferPointer(start: array.pointer(as: Float.self), count: array.count))
        self.init(array)
    }

    /// One number, of rank 0.
    public init(_ value: Double, precision: Precision = .single) {
        self = .full([], value, precision: precision)
    }

    /// A tensor of equal numbers (one stored element, stretched).
    public static func full(_ shape: Shape, _ value: Double, precision: Precision = .single) -> Tensor {
        let single = StridedArray(uninitialized: [], precision: precision)
        backend.fill(single, with: value)
        return Tensor(single.broadcast(to: shape))
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
            ? Tensor(doubles.map(Float.init), shape: shape) : Tensor(floats.map(Double.init), shape: shape)
    }
}
