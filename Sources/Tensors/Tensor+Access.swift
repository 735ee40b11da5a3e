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
