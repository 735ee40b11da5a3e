import func Tensors.precondition

/// What an average was made of: rows of a zoo, and how each was brought to the order of the average's units.
public struct AverageMembers: Hashable, Sendable {
    /// Rows of the zoo.
    public let rows: [Int]
    /// For each row the symmetry that brought it to the average's order of units; none where rows were averaged as they
    /// lie in the zoo.
    public let elements: [SymmetryElement]

    /// The members of one average; traps unless there is an element for each row, or none.
    public init(_ rows: [Int], broughtBy elements: [SymmetryElement] = []) {
        precondition(
            elements.isEmpty || elements.count == rows.count,
            "average: \(rows.count) members, \(elements.count) symmetries")
        (self.rows, self.elements) = (rows, elements)
    }
}

extension AverageMembers: ExpressibleByArrayLiteral {
    /// Rows as they lie in the zoo.
    public init(arrayLiteral rows: Int...) { self.init(rows) }
}
