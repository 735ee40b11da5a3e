import Basics

import func Tensors.precondition

/// Brings networks to a reference by permuting (and, for odd activations, flipping) units so that weights agree.
///
/// Maximises `sum over slots of <reference, g . network>` over the symmetry g: a sum of bilinear assignment problems.
/// Coordinate descent solves one group at a time exactly: with the other groups held, the objective is `sum over i of
/// A[i, p[i]]` where `A[i, j]` sums, over every slot and axis of the group, reference slice i times network slice j,
/// and the best p is a linear assignment (Git Re-Basin, arXiv 2209.04836, algorithm 1). Biases and normalisation
/// vectors take part, running statistics do not. For groups of odd activations the assignment maximises `|A|` and each
/// unit takes the sign of its entry. Before a normalisation layer a flip turns its scale and shift and what reads the
/// unit, and leaves the weights before the layer alone: there A is a sum of a part B that flips and a part C that does
/// not, and the assignment maximises `|B| + C`.
///
/// Differences from the published code, none of which changes a fixed point: a group is solved again only after a
/// neighbour has changed, products that no other group enters are computed once, of the others only what units that
/// moved changed (`GroupCosts`), and a step is taken only if the objective, summed in double precision, really rises.
/// The result is a local optimum; `Options.restarts` tries further starts. A copy of the reference with its units moved
/// and flipped is recognised by invariants of its units (`CopyDetection`) and brought back whatever its depth: the
/// search is run from there too where that start alone is better than the best end. That start is worked out only where
/// a rough one, each unit in turn taking the most similar unit left, reaches half the objective of the best end.
public struct WeightMatching: Sendable {
    /// Settings of the search.
    public struct Options: Codable, Hashable, Sendable {
        /// Cap on sweeps over all groups.
        public var maximumSweeps: Int
        /// Seed of the order of groups in a sweep, a pure function of (seed, sweep), and of the restarts.
        public var seed: UInt64
        /// Number of further starts from random permutations; the best end is kept.
        public var restarts: Int
        /// Whether units of odd activations may be flipped.
        public var signs: Bool
        /// Least gain of a step, relative to the product of the two networks' norms.
        public var tolerance: Double

        /// The published settings: at most 100 sweeps, one start.
        public init(
            maximumSweeps: Int = 100, seed: UInt64 = 0, restarts: Int = 0, signs: Bool = true,
            tolerance: Double = 1e-12
        ) {
            self.maximumSweeps = maximumSweeps
            self.seed = seed
            self.restarts = restarts
            self.signs = signs
            self.tolerance = tolerance
        }
    }

    /// The layout of reference and networks.
    public let layout: ParameterLayout
    /// The settings.
    public let options: Options
    /// The reference `[D]`.
    public let reference: [Float]
    /// The axes of each group.
    let spec: PermutationSpec
    /// The product that forms the costs.
    let product: MatrixProduct
    /// For each place of each group the reference with that axis first, or empty where it already is.
    let unfolded: [[[Float]]]
    private let copies: CopyDetection

    /// Prepares a reference, to which any number of networks may then be aligned, also from several threads.
    ///
    /// Throws `DataError(.malformed)` if the reference has the wrong length or values that are not finite. Traps on
    /// negative settings.
    public init(
        reference: [Float], layout: ParameterLayout, options: Options = Options(), product: MatrixProduct = .plain
    ) throws {
        precondition(
            options.maximumSweeps >= 0 && options.restarts >= 0 && options.tolerance >= 0,
            "weight matching: \(options.maximumSweeps) sweeps, \(options.restarts) restarts, tolerance \(options.tolerance)"
        )
        try Self.check(reference, layout, path: "reference network")
        let spec = PermutationSpec(layout: layout)
        self.layout = layout
        self.options = options
        self.reference = reference
        self.spec = spec
        self.product = product
        copies = CopyDetection(reference, layout, signs: options.signs, product: product)
        unfolded = spec.places.map { places in
            places.map { place in
                let slot = layout.slots[place.slot]
                if place.isLeading { return [] }
                return Self.transformed(SlotTransform(slot, nil, first: place.axis), reference, slot.offset)
            }
        }
    }

    /// The symmetry that best aligns `network` `[D]` with the reference, starting from the network as it is.
    ///
    /// Throws `DataError(.malformed)` for a wrong length, values that are not finite, or products that overflow.
    public func align(_ network: [Float], path: String = "network") throws -> Alignment {
        try Self.check(network, layout, path: path)
        var search = MatchingSearch(self, network, path: path)
        var best = try search.run(from: .identity(layout), start: 0)
        for restart in 0..<options.restarts {
            var generator = SplitMix(seed: options.seed, index: UInt64.max - UInt64(restart))
            let element = SymmetryElement(permutations: layout.groups.map { generator.permutation($0.size) })
            let next = try search.run(from: element, start: restart + 1)
            if next.objective > best.objective { best = next }
        }
        guard !search.isExact(best),
            let element = copies.element(
                for: network, promising: { 2 * search.objective(of: $0) > best.objective }),
            search.objective(of: element) > best.objective
        else { return best }
        return try search.run(from: element, start: options.restarts + 1)
    }

    /// Aligns one network to one reference; for many networks prepare the reference once.
    public static func align(
        _ network: [Float], to reference: [Float], layout: ParameterLayout, options: Options = Options(),
        product: MatrixProduct = .plain
    ) throws -> Alignment {
        try WeightMatching(reference: reference, layout: layout, options: options, product: product).align(network)
    }

    /// The groups in the order in which sweep number `sweep` visits them.
    func order(sweep: Int) -> [Int] {
        var generator = SplitMix(seed: options.seed, index: UInt64(sweep))
        return generator.permutation(layout.groups.count)
    }

    /// Throws unless `row` has the layout's length and is finite.
    static func check(_ row: [Float], _ layout: ParameterLayout, path: String) throws {
        guard row.count == layout.count else {
            throw DataError(.malformed, path: path, expected: "\(layout.count) weights", found: "\(row.count)")
        }
        guard let index = row.firstIndex(where: { !$0.isFinite }) else { return }
        let slot = layout.slots.first { $0.range.contains(index) }
        throw DataError(
            .malformed, path: path, expected: "finite weights",
            found: "\(row[index]) at index \(index) (\(slot?.name ?? "?"))",
            hint: "leave out networks whose training diverged")
    }

    /// One transformed slot of a row as a new array.
    static func transformed(_ transform: SlotTransform, _ row: [Float], _ offset: Int) -> [Float] {
        row.withUnsafeBufferPointer { source in
            Array(unsafeUninitializedCapacity: transform.count) { target, initialized in
                if let from = source.baseAddress, let to = target.baseAddress, transform.count > 0 {
                    transform.apply(from + offset, into: to)
                }
                initialized = transform.count
            }
        }
    }
}

/// What weight matching found for one network.
public struct Alignment: Sendable, Equatable {
    /// The symmetry that brings the network to the reference.
    public let element: SymmetryElement
    /// The objective, sum over all parameters of reference times aligned network: at the start, then after each sweep.
    /// Never falls.
    public let objectives: [Double]
    /// Number of sweeps over the groups.
    public let sweeps: Int
    /// Whether no group could improve any more; false where the cap on sweeps ended the search.
    public let converged: Bool
    /// Which start won: 0 the network as it came, k the k-th restart, one more than there are restarts the units'
    /// invariants.
    public let start: Int

    /// The objective at the end.
    public var objective: Double { objectives[objectives.count - 1] }
}

/// A small generator (SplitMix64, Steele et al. 2014) whose whole sequence is a pure function of its keys.
///
/// It orders sweeps and draws restarts; it is not meant for sampling.
struct SplitMix {
    private var state: UInt64

    /// Starts the sequence of `(seed, index)`.
    init(seed: UInt64, index: UInt64) {
        var keyed = SplitMix(state: seed)
        state = keyed.next() ^ (index &* 0xD6E8_FEB8_6659_FD93)
    }

    private init(state: UInt64) { self.state = state }

    /// The next 64 bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// A permutation of `0..<count` (Fisher and Yates; the high half of a 128-bit product picks each place).
    mutating func permutation(_ count: Int) -> [Int] {
        var result = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) {
            result.swapAt(last, Int(next().multipliedFullWidth(by: UInt64(last + 1)).high))
        }
        return result
    }
}
