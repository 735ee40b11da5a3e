extension Tensor {
    /// The only element, as a Double; traps on more than one.
    public var scalar: Double {
        precondition(count == 1, "scalar: shape \(shape) has \(count) elements")
        return precision == .single ? Double(array.pointer(as: Float.self).pointee) : array.pointer(as: Double.self).pointee
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
        let dense = array.isContiguous ? array : backend.copy(array)
        return try withExtendedLifetime(dense.storage) {
            try body(UnsafeBufferPointer(start: dense.pointer(as: Float.self), count: dense.count))
        }
    }

    private func elements<Scalar: KernelScalar>() -> [Scalar] {
        let dense = array.isContiguous ? array : backend.copy(array)
        return withExtendedLifetime(dense.storage) {
            Array(UnsafeBufferPointer(start: dense.pointer(as: Scalar.self), count: dense.count))
        }
    }

    /// Rewrites the elements in place. Copies first where another tensor shares them, so values stay values.
    mutating func mutate<Scalar: KernelScalar>(
        as _: Scalar.Type, _ body: (UnsafeMutableBufferPointer<Scalar>) -> Void
    ) {
        precondition(node == nil, "mutate: the tensor has a history")
        if !array.hasUniqueStorage() || !array.isContiguous { array = backend.copy(array) }
        body(UnsafeMutableBufferPointer(start: array.pointer(as: Scalar.self), count: count))
    }
}

extension StridedArray {
    /// Whether this view alone holds its block.
    mutating func hasUniqueStorage() -> Bool {
        isKnownUniquelyReferenced(&storage)
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
