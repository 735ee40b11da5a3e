/// A number for each of an image's two axes: extents, strides, paddings.
public struct HeightWidth: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// Along the rows' axis.
    public var height: Int
    /// Along the columns' axis.
    public var width: Int

    /// Two numbers.
    public init(_ height: Int, _ width: Int) {
        self.height = height
        self.width = width
    }

    /// The same number twice.
    public init(integerLiteral value: Int) { self.init(value, value) }

    /// `3x5`.
    public var description: String { "\(height)x\(width)" }

    /// Product of the two.
    var area: Int { height * width }

    /// Combines height with height and width with width.
    static func map(_ parts: HeightWidth..., by f: ([Int]) -> Int) -> HeightWidth {
        HeightWidth(f(parts.map(\.height)), f(parts.map(\.width)))
    }
}
