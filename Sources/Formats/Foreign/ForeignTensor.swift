import Basics

/// How the numbers of a tensor lie in its file.
enum TensorAxes: Hashable {
    /// As in PyTorch: [out, in, ...].
    case outFirst
    /// As in Flax and Keras: [..., in, out].
    case outLast
}

/// One tensor of a foreign file: row-major numbers, converted to Float only when asked.
public struct ForeignTensor: Sendable, Hashable {
    /// The name it bears in its file.
    public var name: String
    /// Extents; none for a scalar.
    public var shape: [Int]
    /// The elements, numbers in the type of the file.
    public var values: ForeignValues
    /// What its norm adds to the variance, where the file says so.
    var epsilon: Double?
    /// How its numbers lie, where a person said so; nil leaves it to its name.
    var axes: TensorAxes?
    /// The name that it is matched by, where that is known to be another than its own.
    var alias: String?

    /// Describes a tensor; traps where the extents do not multiply to the number of values.
    public init(name: String, shape: [Int], values: ForeignValues) {
        precondition(
            shape.reduce(1, *) == values.count, "ForeignTensor: \(values.count) values for \(name) \(shape)")
        self.name = name
        self.shape = shape
        self.values = values
    }
}

extension ForeignTensor {
    /// The number of elements of a shape that a file claims; nil where an extent is negative or the product absurd.
    ///
    /// The other extents are bounded beside one of 0 too: products of any of them are safe.
    static func count(of shape: [Int]) -> Int? {
        var bound = 1
        for extent in shape {
            let (product, overflow) = bound.multipliedReportingOverflow(by: max(extent, 1))
            guard extent >= 0, !overflow, product <= 1 << 48 else { return nil }
            bound = product
        }
        return shape.contains(0) ? 0 : bound
    }

    /// The tensor whose axis i is axis `order[i]` of this one; traps where `order` is no permutation of the axes.
    func transposed(_ order: [Int]) -> ForeignTensor {
        precondition(order.sorted() == Array(shape.indices), "ForeignTensor: order \(order) for \(shape)")
        let size = values.element.byteCount
        var strides = [Int](repeating: size, count: shape.count)
        for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
        let extents = order.map { shape[$0] }
        let steps = order.map { strides[$0] }
        let bytes = values.bytes.withUnsafeBytes { source in
            [UInt8](unsafeUninitializedCapacity: source.count) { target, filled in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                var index = [Int](repeating: 0, count: extents.count)
                var offset = 0
                while filled < source.count {
                    UnsafeMutableRawPointer(to + filled).copyMemory(from: from + offset, byteCount: size)
                    filled += size
                    var axis = extents.count - 1
                    while axis >= 0 {
                        index[axis] += 1
                        offset += steps[axis]
                        if index[axis] < extents[axis] { break }
                        offset -= extents[axis] * steps[axis]
                        index[axis] = 0
                        axis -= 1
                    }
                }
            }
        }
        return ForeignTensor(
            name: name, shape: extents,
            values: ForeignValues(bytes: bytes, element: values.element, bigEndian: values.bigEndian))
    }

    /// The same numbers under other extents; traps where their product differs.
    func reshaped(_ shape: [Int]) -> ForeignTensor { ForeignTensor(name: name, shape: shape, values: values) }
}

extension DataError {
    /// A complaint that weights were rounded to a few bits: without the code that unpacks them they are no network's.
    static func quantised(_ what: String, at place: String, more: String = "") -> DataError {
        DataError(
            .malformed, path: place, expected: "weights in floating point of 16 bits or more",
            found: "quantised ones: \(what.printable())",
            hint: "import the network that it was made from, before it was quantised\(more)")
    }
}
