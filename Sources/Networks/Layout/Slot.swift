import func Tensors.precondition

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
    /// - actions: by axis, where a group's action is not the usual one of the role: one entry a unit, axis 0 computed
    ///   and the others read.
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

/// How a symmetry group moves the entries along one axis of a slot.
///
/// The axis counts `repeats` times through the group's units, each of which holds `block` entries one after the other:
/// index = (repeat * units + unit) * block + entry. Flattened channels are blocks of their pixels; the queries, keys
/// and values of attention heads are blocks of a head's width, three times over.
public struct GroupAction: Hashable, Sendable {
    /// The side of the units on which a weight lies.
    public enum Side: Hashable, Sendable {
        /// The weight helps to compute the unit: multiplied when the unit is rescaled.
        case incoming
        /// The weight reads the unit: divided when the unit is rescaled.
        case outgoing
        /// The weight moves with the unit and stays as it is when the unit is rescaled: a normalisation layer after it
        /// undoes scales, or it is one of that layer's running statistics.
        case unscaled
    }

    /// What rescaling a unit does to its entries.
    public let side: Side
    /// How often the axis counts through the units.
    public let repeats: Int
    /// Neighbouring entries of one unit.
    public let block: Int

    /// Describes an action; traps unless repeats and block are positive.
    public init(_ side: Side, repeats: Int = 1, block: Int = 1) {
        precondition(repeats > 0 && block > 0, "group action: \(repeats) repeats of blocks of \(block)")
        (self.side, self.repeats, self.block) = (side, repeats, block)
    }

    /// One entry a unit, on the side that follows from the slot's role: axis 0 of weights and vectors counts the units
    /// computed, the others those read; an embedding's entries are read by nobody and its width is what it computes.
    static func usual(_ role: Slot.Role, axis: Int) -> GroupAction {
        switch role {
        case .embedding: GroupAction(axis == 0 ? .outgoing : .incoming)
        case .weight, .bias, .scale, .shift: GroupAction(axis == 0 ? .incoming : .outgoing)
        }
    }

    /// Number of units that an axis of `extent` entries has, or nil where it is not a whole one.
    func units(in extent: Int) -> Int? {
        let (entries, overflow) = repeats.multipliedReportingOverflow(by: block)
        return overflow || extent % entries != 0 ? nil : extent / entries
    }
}

/// A set of units whose order carries no meaning: permuting them everywhere leaves the function unchanged.
public struct SymmetryGroup: Hashable, Sendable {
    /// How a unit's incoming weights may be multiplied if its outgoing weights are divided.
    public enum Scaling: String, Codable, Hashable, Sendable {
        /// Not at all.
        case none
        /// By any positive number (ReLU, LeakyReLU: positively homogeneous activations).
        case positive
        /// By -1 (odd activations such as tanh).
        case sign
    }

    /// Name for messages, `layers.0`.
    public let name: String
    /// Number of units.
    public let size: Int
    /// What the units' activation allows.
    public let scaling: Scaling

    /// Describes a group of `size` interchangeable units.
    public init(name: String, size: Int, scaling: Scaling) {
        self.name = name
        self.size = size
        self.scaling = scaling
    }
}

extension SymmetryGroup.Scaling {
    /// What is left of it where the largest of several outputs is taken on: max(-a, -b) is not -max(a, b).
    var afterMaximum: SymmetryGroup.Scaling { self == .sign ? .none : self }
}
