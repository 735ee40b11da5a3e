/// Numbers by which a network's units can be told apart whatever their order: what an exact copy with its units in
/// another order has in common with its original, unit by unit.
///
/// A unit starts with sums over its weights, weighted along axes of fixed order (inputs, classes, places of a kernel)
/// and of squares along axes that permutations move. In each further round it adds up its weights times what the units
/// on their other side have, so that every unit comes to know of inputs and outputs, however deep the network. All of it
/// is a sum over permuted axes: moving units moves the numbers and changes none. Columns are brought to mean 0 and
/// deviation 1 over a group's units. This is colour refinement (Weisfeiler & Leman, 1968) with real numbers for colours;
/// small changes of weights change them little.
struct UnitInvariants: Sendable {
    /// Numbers a unit and round.
    private static let probes = 4
    /// Rounds, the first included.
    private static let rounds = 4
    /// Numbers a unit.
    static let width = probes * rounds

    /// One tagged axis of a slot with its units first, `[size, rest]`.
    private struct Place {
        let slot: Int
        let transform: SlotTransform
        let isLeading: Bool
        /// For each element of the rest the number that says where on axes of fixed order it lies.
        let positions: [Int]
        /// For each further tagged axis its group, and the unit of each element of the rest.
        let partners: [(group: Int, units: [Int])]
    }

    private let layout: ParameterLayout
    private let product: MatrixProduct
    private let places: [[Place]]

    /// Prepares the sums for networks of one layout.
    init(layout: ParameterLayout, product: MatrixProduct) {
        self.layout = layout
        self.product = product
        places = PermutationSpec(layout: layout).places.map { $0.map { Self.place($0, layout) } }
    }

    private static func place(_ place: PermutationSpec.Place, _ layout: ParameterLayout) -> Place {
        let slot = layout.slots[place.slot]
        let transform = SlotTransform(slot, nil, first: place.axis)
        // Where the first unit's elements lie in the slot, in the order of the rest.
        var sources = [0]
        for axis in transform.axes.dropFirst() { sources = sources.flatMap { base in axis.steps.map { base + $0 } } }
        var positions = sources
        var partners: [(group: Int, units: [Int])] = []
        for (axis, group) in slot.axes.enumerated() where axis != place.axis {
            guard let group else { continue }
            let (stride, size) = (slot.stride(ofUnitsAlong: axis), layout.groups[group].size)
            let units = sources.map { $0 / stride % size }
            for index in positions.indices { positions[index] -= units[index] * stride }
            partners.append((group, units))
        }
        return Place(
            slot: place.slot, transform: transform, isLeading: place.isLeading, positions: positions,
            partners: partners)
    }

    /// For each group its units' numbers, `[size, width]`.
    func features(of row: [Float]) -> [[Float]] {
        let slices = places.map { $0.map { place in elements(of: place, row) } }
        var last: [[Float]] = []
        var all = layout.groups.map { [Float](repeating: 0, count: $0.size * Self.width) }
        for round in 0..<Self.rounds {
            let next = layout.groups.indices.map { group in
                var sums = [Float](repeating: 0, count: layout.groups[group].size * Self.probes)
                for (place, values) in zip(places[group], slices[group]) {
                    add(place, values, last, size: layout.groups[group].size, to: &sums)
                }
                return Self.standardized(sums)
            }
            for (group, values) in next.enumerated() {
                for (index, value) in values.enumerated() {
                    let (unit, probe) = index.quotientAndRemainder(dividingBy: Self.probes)
                    all[group][unit * Self.width + round * Self.probes + probe] = value
                }
            }
            last = next
        }
        return all
    }

    /// A place's elements with its units first.
    private func elements(of place: Place, _ row: [Float]) -> [Float] {
        let slot = layout.slots[place.slot]
        return place.isLeading ? Array(row[slot.range]) : WeightMatching.transformed(place.transform, row, slot.offset)
    }

    /// Adds a place's share of a round; in the first there are no numbers of other units yet.
    private func add(
        _ place: Place, _ values: [Float], _ last: [[Float]], size: Int, to sums: inout [Float]
    ) {
        let (rest, first) = (place.positions.count, last.isEmpty && !place.partners.isEmpty)
        let weights = (0..<Self.probes).flatMap { probe in
            (0..<rest).map { index in
                place.partners.reduce(Self.weight(place.slot, place.positions[index], probe)) { weight, partner in
                    last.isEmpty ? weight : weight * last[partner.group][partner.units[index] * Self.probes + probe]
                }
            }
        }
        let terms = first ? values.map { $0 * $0 } : values
        sums.withUnsafeMutableBufferPointer { sums in
            terms.withUnsafeBufferPointer { terms in
                weights.withUnsafeBufferPointer { weights in
                    guard let sums = sums.baseAddress, let terms = terms.baseAddress,
                        let weights = weights.baseAddress
                    else { return }
                    product(terms, weights, size, rest, Self.probes, sums)
                }
            }
        }
    }

    /// A fixed weight in -1 ... 1 of a position of a slot.
    private static func weight(_ slot: Int, _ position: Int, _ probe: Int) -> Float {
        var bits = SplitMix(seed: UInt64(slot * probes + probe), index: UInt64(position))
        return Float(Int32(truncatingIfNeeded: bits.next() >> 32)) * 0x1p-31
    }

    /// Columns with mean 0 and deviation 1; those that hardly vary are rounding errors, and become 0.
    private static func standardized(_ values: [Float]) -> [Float] {
        var result = values
        let count = values.count / probes
        for column in 0..<probes {
            let entries = stride(from: column, to: values.count, by: probes).map { Double(values[$0]) }
            let mean = entries.reduce(0, +) / Double(max(1, count))
            let square = entries.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, count))
            let scale = square > 1e-8 * mean * mean && square.isFinite ? 1 / square.squareRoot() : 0
            for (unit, entry) in entries.enumerated() {
                result[unit * probes + column] = Float((entry - mean) * scale)
            }
        }
        return result
    }
}

/// Numbers of a network that do not depend on the order of its units: those of its units, each kind in rising order.
///
/// Copies with their units moved have equal signatures up to rounding, near-copies similar ones. Scales and signs of
/// units count: take signatures of normal forms (`ScaleNormalization`).
public struct NetworkSignature: Sendable {
    private let invariants: UnitInvariants
    /// How many numbers a signature has.
    public let count: Int

    /// Prepares signatures of networks of one layout.
    public init(layout: ParameterLayout, product: MatrixProduct = .plain) {
        invariants = UnitInvariants(layout: layout, product: product)
        count = layout.groups.reduce(0) { $0 + $1.size } * UnitInvariants.width
    }

    /// The signature of a network `[D]`.
    public func callAsFunction(_ row: [Float]) -> [Float] {
        invariants.features(of: row).flatMap { values in
            (0..<UnitInvariants.width).flatMap { column in
                stride(from: column, to: values.count, by: UnitInvariants.width).map { values[$0] }.sorted()
            }
        }
    }
}
