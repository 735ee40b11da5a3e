import Basics

extension SymmetryElement {
    /// Throws `DataError(.malformed)` unless this element fits the groups of `layout` and what their scaling allows.
    ///
    /// - Parameter path: names the element's origin in the message.
    public func validate(for layout: ParameterLayout, path: String = "symmetry element") throws {
        let sizes = layout.groups.map(\.size)
        let found = permutations.map(\.count)
        guard sizes == found else {
            throw DataError(.malformed, path: path, expected: "groups of \(sizes) units", found: "\(found)")
        }
        for (group, factors) in zip(layout.groups, scales) {
            for factor in factors ?? [] where !Self.allows(group.scaling, factor) {
                throw DataError(
                    .malformed, path: path, expected: "factors that group \(group.name) allows (\(group.scaling))",
                    found: "\(factor)")
            }
        }
    }

    /// Whether a unit may be multiplied by `factor` without changing the function.
    static func allows(_ scaling: SymmetryGroup.Scaling, _ factor: Double) -> Bool {
        switch scaling {
        case .none: factor == 1
        case .positive: factor > 0
        case .sign: abs(factor) == 1
        }
    }
}

extension SymmetryElement: Codable {
    private enum CodingKeys: String, CodingKey { case permutations, scales }

    /// Reads permutations and factors; refuses repeated or missing entries and factors of zero.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let permutations = try fields.decode([[Int]].self, forKey: .permutations)
        let scales =
            try fields.decodeIfPresent([[Double]?].self, forKey: .scales)
            ?? Array(repeating: nil, count: permutations.count)
        if let fault = Self.fault(permutations, scales) {
            throw DecodingError.dataCorruptedError(
                forKey: .permutations, in: fields, debugDescription: "not a symmetry element: \(fault)")
        }
        self.init(permutations: permutations, scales: scales)
    }

    /// Writes the permutations, and the factors where any differ from 1.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(permutations, forKey: .permutations)
        if scales.contains(where: { $0 != nil }) { try fields.encode(scales, forKey: .scales) }
    }
}
