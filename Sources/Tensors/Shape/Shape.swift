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

    /// `count` equal values.
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
    /// First axis.
    public var startIndex: Int { 0 }
    /// One past the last axis.
    public var endIndex: Int { count }

    /// Extent of one axis.
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
    /// `[2, 3]`.
    public init(arrayLiteral extents: Int...) { self.init(extents) }

    /// Same rank and extents.
    public static func == (left: Shape, right: Shape) -> Bool {
        left.count == right.count && left.values == right.values
    }

    /// Feeds rank and extents.
    public func hash(into hasher: inout Hasher) {
        for extent in self { hasher.combine(extent) }
    }

    /// `[2, 3]`.
    public var description: String { "[" + map(String.init).joined(separator: ", ") + "]" }
}
