/// Finds out whether a network is a reference's copy with its units moved and flipped, by the units' own numbers.
///
/// Coordinate descent from the order in which a network's units came may end elsewhere, the more so the deeper it is.
struct CopyDetection: Sendable {
    private let layout: ParameterLayout
    private let invariants: UnitInvariants
    private let product: MatrixProduct
    /// The form of signs, where units may be flipped.
    private let form: ScaleNormalization?
    private let reference: [[Float]]
    private let referenceSigns: SymmetryElement?

    /// Prepares the comparison with a checked reference.
    init(_ reference: [Float], _ layout: ParameterLayout, signs: Bool, product: MatrixProduct) {
        let isSigned = signs && layout.groups.contains { $0.scaling == .sign }
        self.layout = layout
        self.product = product
        invariants = UnitInvariants(layout: layout, product: product)
        form = isSigned && ScaleNormalization.fault(layout) == nil ? ScaleNormalization(layout: layout) : nil
        referenceSigns = form.map { Self.signs($0, reference) }
        self.reference = invariants.features(
            of: referenceSigns.map { $0.apply(to: reference, layout: layout) } ?? reference)
    }

    /// The symmetry that brings each unit of `network` to the reference's unit with the most similar numbers.
    ///
    /// Numbers of unrelated networks are alike in few dimensions: the hardest of assignments, and for nothing. So each
    /// unit first takes the most similar one still free, in turn; nil where that symmetry is not `promising`.
    func element(for network: [Float], promising: (SymmetryElement) -> Bool) -> SymmetryElement? {
        let signs = form.map { Self.signs($0, network) }
        let features = invariants.features(of: signs.map { $0.apply(to: network, layout: layout) } ?? network)
        let gains = layout.groups.indices.map { self.gains(reference[$0], features[$0], size: layout.groups[$0].size) }
        guard gains.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return nil }
        func element(_ solve: ([Float], Int) -> [Int]) -> SymmetryElement {
            let moved = SymmetryElement(permutations: zip(gains, layout.groups).map { solve($0, $1.size) })
            guard let signs, let referenceSigns else { return moved }
            return signs.followed(by: moved).followed(by: referenceSigns.inverse)
        }
        guard promising(element(Self.rough)) else { return nil }
        return element { LinearAssignment.solve($0, count: $1, maximize: true) }
    }

    /// For each pair of units minus half the squared distance of their numbers, but for a constant of the row,
    /// `[size, size]`.
    private func gains(_ reference: [Float], _ features: [Float], size: Int) -> [Float] {
        let width = UnitInvariants.width
        let halves = (0..<size).map { unit in
            features[unit * width..<(unit + 1) * width].reduce(0) { $0 - $1 * $1 / 2 }
        }
        var gains: [Float] = []
        for _ in 0..<size { gains += halves }
        gains.withUnsafeMutableBufferPointer { gains in
            reference.withUnsafeBufferPointer { reference in
                features.withUnsafeBufferPointer { features in
                    guard let gains = gains.baseAddress, let reference = reference.baseAddress,
                        let features = features.baseAddress
                    else { return }
                    product(reference, features, size, width, size, gains)
                }
            }
        }
        return gains
    }

    /// Each row's greatest entry among the columns that earlier rows have left.
    static func rough(_ gains: [Float], count: Int) -> [Int] {
        var free = Array(0..<count)
        return gains.withUnsafeBufferPointer { gains in
            (0..<count).map { row in
                var best = 0
                for (place, column) in free.enumerated()
                where gains[row * count + column] > gains[row * count + free[best]] {
                    best = place
                }
                defer { free.remove(at: best) }
                return free[best]
            }
        }
    }

    private static func signs(_ form: ScaleNormalization, _ row: [Float]) -> SymmetryElement {
        let none = [[Double]?](repeating: nil, count: form.layout.groups.count)
        return SymmetryElement(
            permutations: form.layout.groups.map { Array(0..<$0.size) }, scales: SignForm(form, row, none).signs())
    }
}
