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
