/// The extents (or strides) of a tensor: up to six integers, stored inline so that no shape touches the heap.
public struct Shape: Sendable {
    /// The largest rank a tensor may have.
    public static let maximumRank = 6

    private var values: (Int, Int, Int, Int, Int, Int) = (1, 1, 1, 1, 1, 1)
    /// The rank: number of axes.
    public private(set) var count: Int

    /// Copies extents; traps on more than six.
    public init(_ extents: some Collection<Int>) {
        precondition(extents.count <= Self.maximumRank, "shape: rank \(extents.count) is above \(Self.maximumRank)")
        count = extents.count
        for (axis, extent) in extents.enumerated() { self[axis] = extent }
    }

    /// A shape of `count` equal extents; traps above six.
    init(repeating value: Int, count: Int) {
        precondition(count <= Self.maximumRank, "shape: rank \(count) is above \(Self.maximumRank)")
        self.count = count
        for axis in 0..<count { self[axis] = value }
    }

    /// Product of the extents; 1 for a scalar.
    public var elementCount: Int {
        var product = 1
        for axis in 0..<count { product *= self[axis] }
        return product
    }

    /// The extents as an array.
    public var array: [Int] { Array(self) }

    /// Strides of a contiguous row-major array of this shape, in elements.
    var contiguousStrides: Shape {
        var strides = Shape(repeating: 1, count: count)
        var step = 1
        for axis in stride(from: count - 1, through: 0, by: -1) {
            strides[axis] = step
            step *= self[axis]
        }
        return strides
    }

    /// Axis index with negative values counted from the end; traps when out of range.
    func axis(_ axis: Int, _ operation: StaticString) -> Int {
        let resolved = axis < 0 ? axis + count : axis
        precondition(resolved >= 0 && resolved < count, "\(operation): axis \(axis) of \(self)")
        return resolved
    }

    /// This shape with one more axis at the end.
    func appending(_ extent: Int) -> Shape {
        var result = self
        precondition(count < Self.maximumRank, "shape: rank \(count + 1) is above \(Self.maximumRank)")
        result.count += 1
        result[count] = extent
        return result
    }

    /// The first `length` axes.
    func prefix(rank length: Int) -> Shape {
        var result = self
        for axis in length..<Self.maximumRank { result.set(axis, 1) }
        result.count = length
        return result
    }

    private mutating func set(_ axis: Int, _ value: Int) {
        withUnsafeMutableBytes(of: &values) { bytes in
            bytes.storeBytes(of: value, toByteOffset: axis * MemoryLayout<Int>.stride, as: Int.self)
        }
    }
}

extension Shape: RandomAccessCollection, MutableCollection {
    /// Index of the first axis, 0.
    public var startIndex: Int { 0 }
    /// One past the last axis.
    public var endIndex: Int { count }

    /// Extent of one axis; traps when there is no such axis.
    public subscript(axis: Int) -> Int {
        get {
            precondition(axis >= 0 && axis < count, "shape: no axis \(axis) in rank \(count)")
            return withUnsafeBytes(of: values) {
                $0.load(fromByteOffset: axis * MemoryLayout<Int>.stride, as: Int.self)
            }
        }
        set {
            precondition(axis >= 0 && axis < count, "shape: no axis \(axis) in rank \(count)")
            set(axis, newValue)
        }
    }
}

extension Shape: Hashable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// A shape written as its extents: `[2, 3]`.
    public init(arrayLiteral extents: Int...) { self.init(extents) }

    /// Whether rank and extents are the same.
    public static func == (left: Shape, right: Shape) -> Bool {
        left.count == right.count && left.values == right.values
    }

    /// Hashes the extents in order.
    public func hash(into hasher: inout Hasher) {
        for extent in self { hasher.combine(extent) }
    }

    /// The extents in brackets: `[2, 3]`.
    public var description: String { "[" + map(String.init).joined(separator: ", ") + "]" }
}

extension Shape {
    /// The common shape of two operands under NumPy's rule: axes are matched from the last, an extent of 1 stretches.
    ///
    /// Traps, naming the operation and both shapes, when extents differ and neither is 1.
    static func broadcast(_ left: Shape, _ right: Shape, _ operation: String) -> Shape {
        if left == right { return left }
        let rank = Swift.max(left.count, right.count)
        var result = Shape(repeating: 1, count: rank)
        for back in 1...Swift.max(rank, 1) where rank > 0 {
            let a = back <= left.count ? left[left.count - back] : 1
            let b = back <= right.count ? right[right.count - back] : 1
            precondition(a == b || a == 1 || b == 1, "\(operation): shapes \(left) and \(right) do not broadcast")
            result[rank - back] = a == 1 ? b : a
        }
        return result
    }

    /// Axes of `self` along which an operand of shape `operand` was stretched (or which it lacks).
    func axesStretched(from operand: Shape) -> [Int] {
        let missing = count - operand.count
        return indices.filter { $0 < missing || (operand[$0 - missing] == 1 && self[$0] != 1) }
    }

    /// The last two extents.
    var lastTwo: Shape { [self[count - 2], self[count - 1]] }

    /// Replaces one extent of -1 by what `total` elements leave for it.
    func resolving(_ total: Int) -> Shape {
        guard let open = firstIndex(of: -1) else { return self }
        var result = self
        result[open] = 1
        let known = result.elementCount
        precondition(known > 0 && total % known == 0, "reshape: \(total) elements to \(self)")
        result[open] = total / known
        return result
    }

    /// This shape without the given axes.
    func removing(_ axes: [Int]) -> Shape {
        Shape(indices.filter { !axes.contains($0) }.map { self[$0] })
    }

    /// This shape with extent 1 at the given axes.
    func collapsing(_ axes: [Int]) -> Shape {
        var result = self
        for axis in axes { result[axis] = 1 }
        return result
    }

    /// Extents before, at and after an axis, each run multiplied out.
    func split(at axis: Int) -> (outer: Int, extent: Int, inner: Int) {
        (prefix(axis).reduce(1, *), self[axis], suffix(from: axis + 1).reduce(1, *))
    }
}

/// Where a slot (one weight or bias) lies in a flat vector.
public struct PackedSlot: Sendable, Hashable {
    /// Index of its first element in the vector.
    public let offset: Int
    /// Extents of the slot; its elements lie in row-major order.
    public let shape: Shape

    /// A slot of `shape` that begins at element `offset` of the vector.
    public init(offset: Int, shape: Shape) {
        self.offset = offset
        self.shape = shape
    }
}
