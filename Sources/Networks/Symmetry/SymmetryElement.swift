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
    /// - Parameters:
    ///   - permutation: returns a permutation of `0..<size`; called once a group, in order.
    ///   - scale: returns one factor; called for each unit of groups whose activation allows scaling, after the
    ///     permutation of that group. Only its sign is used where only signs are allowed.
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
