/// One named tensor inside a flat parameter vector.
public struct Slot: Codable, Hashable, Sendable {
    /// What a slot does in its layer.
    public enum Role: String, Codable, Hashable, Sendable {
        /// A matrix or convolution kernel, `[out, in]` or `[out, in, kh, kw]`.
        case weight
        /// An additive vector `[out]`.
        case bias
        /// A multiplicative vector of a normalisation layer `[out]`.
        case scale
        /// An additive vector of a normalisation layer `[out]`, or any other that starts at zero.
        case shift
        /// A table of vectors `[entries, width]`.
        case embedding
    }

    /// PyTorch's state-dict name, `layers.0.weight`.
    public let name: String
    /// Index of the first element in the flat vector.
    public let offset: Int
    /// Extents, PyTorch's order (`[out, in, kh, kw]`).
    public let shape: [Int]
    /// What the slot does.
    public let role: Role
    /// For each axis the index of the symmetry group that permutes it, or nil where order is fixed.
    public let axes: [Int?]
    /// For each axis how its group moves it; of no meaning where there is none.
    public let actions: [GroupAction]

    /// Number of elements.
    public var count: Int { shape.reduce(1, *) }
    /// Indices of the flat vector that belong to this slot.
    public var range: Range<Int> { offset..<(offset + count) }

    /// Describes a slot; without `axes` no axis may be permuted.
    ///
    /// - actions: by axis, where a group's action is not the usual one of the role: one entry a unit, axis 0 computed and
    ///   the others read.
    public init(
        name: String, offset: Int, shape: [Int], role: Role, axes: [Int?]? = nil, actions: [Int: GroupAction] = [:]
    ) {
        self.name = name
        self.offset = offset
        self.shape = shape
        self.role = role
        self.axes = axes ?? Array(repeating: nil, count: shape.count)
        self.actions = shape.indices.map { actions[$0] ?? .usual(role, axis: $0) }
    }

    private enum CodingKeys: String, CodingKey { case name, offset, shape, role }

    /// Reads the file form, which has no symmetry groups: those follow from the architecture.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try fields.decode(String.self, forKey: .name),
            offset: try fields.decode(Int.self, forKey: .offset),
            shape: try fields.decode([Int].self, forKey: .shape),
            role: try fields.decode(Role.self, forKey: .role))
    }
}
