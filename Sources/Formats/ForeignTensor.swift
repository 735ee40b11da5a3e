/// One tensor of a foreign file: row-major numbers, converted to Float only when asked.
public struct ForeignTensor: Sendable, Hashable {
    /// The name it bears in its file.
    public var name: String
    /// Extents; none for a scalar.
    public var shape: [Int]
    /// The numbers.
    public var values: ForeignValues

    /// Describes a tensor; traps where the extents do not multiply to the number of values.
    public init(name: String, shape: [Int], values: ForeignValues) {
        precondition(
            shape.reduce(1, *) == values.count, "ForeignTensor: \(values.count) values for \(name) \(shape)")
        self.name = name
        self.shape = shape
        self.values = values
    }
}
