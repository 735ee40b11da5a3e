import Basics

import func Tensors.precondition

/// A symmetry of a parameter space: for each group a permutation of its units and, optionally, a factor a unit.
///
/// Convention: along an axis of the group, `out[i] = in[p[i]]`; with factors s, incoming weights become `out[i] = s[i]
/// * in[p[i]]` and outgoing ones `out[i] = in[p[i]] / s[i]`, so that a unit's output is multiplied by s[i] and its
/// readers undo it. The network's function stays the same if s[i] is what the group's activation allows: positive where
/// it is positively homogeneous, plus or minus 1 where it is odd.
public struct SymmetryElement: Hashable, Sendable {
    /// p, one permutation of `0..<size` a group.
    public let permutations: [[Int]]
    /// s, one factor a unit, or nil for a group whose factors are all 1.
    public let scales: [[Double]?]

    /// An element of given parts; traps unless each is a permutation with finite factors other than zero.
    public init(permutations: [[Int]], scales: [[Double]?]? = nil) {
        self.permutations = permutations
        self.scales = scales ?? Array(repeating: nil, count: permutations.count)
        let fault = Self.fault(permutations, self.scales)
        precondition(fault == nil, "symmetry element: \(fault ?? "")")
    }

    /// The element that changes nothing.
    public static func identity(_ layout: ParameterLayout) -> SymmetryElement {
        SymmetryElement(permutations: layout.groups.map { Array(0..<$0.size) })
    }

    /// An element whose permutations (and, if given, factors) come from the caller's own generator.
    ///
    /// `permutation` returns a permutation of `0..<size`, and is called once a group, in order. `scale` returns one factor,
    /// and is called for each unit of groups whose activation allows scaling, after the permutation of that group; only
    /// its sign is used where only signs are allowed.
    public static func random(
        _ layout: ParameterLayout,
        permutation: (_ size: Int) throws -> [Int],
        scale: ((SymmetryGroup.Scaling) throws -> Double)? = nil
    ) rethrows -> SymmetryElement {
        var permutations: [[Int]] = []
        var scales: [[Double]?] = []
        for group in layout.groups {
            permutations.append(try permutation(group.size))
            guard let scale, group.scaling != .none else {
                scales.append(nil)
                continue
            }
            scales.append(
                try (0..<group.size).map { _ in
                    let value = try scale(group.scaling)
                    return group.scaling == .sign ? (value < 0 ? -1 : 1) : abs(value)
                })
        }
        return SymmetryElement(permutations: permutations, scales: scales)
    }

    /// Whether nothing is moved and every factor is 1.
    public var isIdentity: Bool {
        permutations.allSatisfy { $0.indices.elementsEqual($0) }
            && scales.allSatisfy { $0?.allSatisfy { $0 == 1 } ?? true }
    }

    /// What is wrong with the parts of an element, or nil.
    static func fault(_ permutations: [[Int]], _ scales: [[Double]?]) -> String? {
        if scales.count != permutations.count {
            return "\(permutations.count) permutations but \(scales.count) lists of factors"
        }
        for (group, permutation) in permutations.enumerated() {
            var seen = Array(repeating: false, count: permutation.count)
            for source in permutation {
                guard seen.indices.contains(source), !seen[source] else {
                    return "entry \(source) of group \(group) is out of range or occurs twice"
                }
                seen[source] = true
            }
            guard let factors = scales[group] else { continue }
            if factors.count != permutation.count {
                return "group \(group) has \(permutation.count) units but \(factors.count) factors"
            }
            if let wrong = factors.first(where: { !$0.isFinite || $0 == 0 }) {
                return "factor \(wrong) of group \(group) is zero or not finite"
            }
        }
        return nil
    }
}

extension SymmetryElement {
    /// The element that undoes this one: `q[p[i]] = i`, factors `1 / s[i]` at `p[i]`.
    public var inverse: SymmetryElement {
        var inverted: [[Int]] = []
        var factors: [[Double]?] = []
        for (permutation, scale) in zip(permutations, scales) {
            var back = Array(repeating: 0, count: permutation.count)
            for (target, source) in permutation.enumerated() { back[source] = target }
            inverted.append(back)
            factors.append(scale.map { scale in back.map { 1 / scale[$0] } })
        }
        return SymmetryElement(permutations: inverted, scales: factors)
    }

    /// This element first, `next` after it: `p[i] = first[next[i]]`, `s[i] = sNext[i] * sFirst[next[i]]`.
    ///
    /// Traps unless both act on groups of the same sizes.
    public func followed(by next: SymmetryElement) -> SymmetryElement {
        precondition(
            permutations.map(\.count) == next.permutations.map(\.count), "symmetry elements of different groups")
        var joined: [[Int]] = []
        var factors: [[Double]?] = []
        for group in permutations.indices {
            let outer = next.permutations[group]
            joined.append(outer.map { permutations[group][$0] })
            if scales[group] == nil && next.scales[group] == nil {
                factors.append(nil)
                continue
            }
            factors.append(
                outer.indices.map { unit in
                    (next.scales[group]?[unit] ?? 1) * (scales[group]?[outer[unit]] ?? 1)
                })
        }
        return SymmetryElement(permutations: joined, scales: factors)
    }

    /// The composition in mathematical order: `other` acts first, this element second.
    public func composed(with other: SymmetryElement) -> SymmetryElement { other.followed(by: self) }
}

extension SymmetryElement {
    /// The transformed copy of one network's parameters `[D]`; traps unless row and element fit the layout.
    public func apply(to row: [Float], layout: ParameterLayout) -> [Float] {
        row.withUnsafeBufferPointer { source in
            Array(unsafeUninitializedCapacity: layout.count) { target, initialized in
                apply(to: source, layout: layout, into: UnsafeMutableBufferPointer(rebasing: target[..<layout.count]))
                initialized = layout.count
            }
        }
    }

    /// Writes the transformed parameters `[D]` into `target`, which must not overlap `row`.
    public func apply(
        to row: UnsafeBufferPointer<Float>, layout: ParameterLayout, into target: UnsafeMutableBufferPointer<Float>
    ) {
        transform(layout.slots, of: row, layout, into: target)
    }

    /// The transformed copy of one network's buffers (running statistics follow their units).
    public func apply(toBuffers row: [Float], layout: ParameterLayout) -> [Float] {
        row.withUnsafeBufferPointer { source in
            Array(unsafeUninitializedCapacity: layout.bufferCount) { target, initialized in
                transform(
                    layout.buffers, of: source, layout,
                    into: UnsafeMutableBufferPointer(rebasing: target[..<layout.bufferCount]))
                initialized = layout.bufferCount
            }
        }
    }

    private func transform(
        _ slots: [Slot], of row: UnsafeBufferPointer<Float>, _ layout: ParameterLayout,
        into target: UnsafeMutableBufferPointer<Float>
    ) {
        let count = slots.last?.range.upperBound ?? 0
        precondition(
            row.count == count && target.count == count, "symmetry element: \(row.count) values, expected \(count)")
        precondition(
            permutations.map(\.count) == layout.groups.map(\.size), "symmetry element: other groups than the layout's")
        guard let source = row.baseAddress, let target = target.baseAddress else { return }
        for slot in slots {
            SlotTransform(slot, self).apply(source + slot.offset, into: target + slot.offset)
        }
    }
}

extension SymmetryElement {
    /// Throws `DataError(.malformed)` unless this element fits the groups of `layout` and what their scaling allows.
    ///
    /// `path` names the element's origin in the message.
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
