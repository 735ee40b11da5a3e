import func Tensors.precondition

/// The normal form of a network under rescaling of its units: which of the many weight vectors of one function to use.
///
/// **Positive scaling** (ReLU, LeakyReLU). Multiplying a unit's incoming weights and bias by s > 0 and dividing its
/// outgoing weights by s changes nothing but the vector. The form chosen is the *balanced* one: every unit's incoming
/// norm (bias included) equals its outgoing norm. It is the point of least total L2 norm on the orbit. In x = log s the
/// squared norm is a sum of exponentials, hence convex, and strictly so where every unit is linked through weights that
/// are not zero to something fixed (inputs, biases, outputs), which holds in any feed-forward network once dead units
/// are gone: the form exists and is unique. Unit incoming norms would be simpler, but push all magnitude into the last
/// layer, whose differences then drown all others in a distance; and weight decay drives trained networks towards
/// balance anyway.
///
/// Neighbouring layers are coupled, so groups are balanced in turn, each exactly, until no log s moves by more than the
/// tolerance. All of it happens on squared weights in double precision; each weight is rounded once, at the end.
///
/// **Dead units**, in positively scaled groups. If all incoming weights and the bias are zero the unit's output is
/// zero, and its readers' weights do not matter; if all outgoing weights are zero nobody reads it, and its own do not.
/// Both are exact: all weights of such a unit are set to zero (which may silence further units). A unit that data never
/// switch on is left as it is, and so is one with a negative bias and no other input: LeakyReLU lets it through.
///
/// **At a normalisation layer** a unit's scale and shift are what comes in; the weights before the layer, whose
/// scale it undoes, move with the unit and are not rescaled.
///
/// **Signs** (tanh). A unit is flipped if the sum of its incoming weights and bias is negative (on a tie, the sum of
/// their cubes), group after group in the order in which slots first compute them. Weights that read a group not yet
/// settled (through a residual stream) are left out of the sum.
///
/// Groups without incoming or without outgoing slots are left alone. Both criteria do not depend on the order of units,
/// so this form and permutations commute.
public struct ScaleNormalization: Sendable {
    /// Settings of the balancing.
    public struct Options: Codable, Hashable, Sendable {
        /// Largest change of a log factor in the last sweep.
        public var tolerance: Double
        /// Cap on sweeps over all groups.
        public var maximumSweeps: Int

        /// Factors to 1e-9, at most 1000 sweeps (networks of a few layers need some tens).
        public init(tolerance: Double = 1e-9, maximumSweeps: Int = 1000) {
            self.tolerance = tolerance
            self.maximumSweeps = maximumSweeps
        }
    }

    /// The layout of the networks.
    public let layout: ParameterLayout
    /// The settings.
    public let options: Options
    /// The axes of each group.
    let spec: PermutationSpec

    /// Prepares the normal form for a layout.
    ///
    /// Traps if a group that may be scaled has both a normalisation layer's vectors and weights that would be scaled with
    /// them (the layer undoes scales before it: declare those weights `.unscaled`), lies on both axes of one slot, or
    /// on an axis beyond the second.
    public init(layout: ParameterLayout, options: Options = Options()) {
        let fault = Self.fault(layout)
        precondition(fault == nil, "scale normalization: \(fault ?? "")")
        self.layout = layout
        self.options = options
        spec = PermutationSpec(layout: layout)
    }

    /// What in a layout stands against a normal form, or nil.
    static func fault(_ layout: ParameterLayout) -> String? {
        for (group, places) in PermutationSpec(layout: layout).places.enumerated()
        where layout.groups[group].scaling != .none {
            let isNormalized = places.contains { [.scale, .shift].contains(layout.slots[$0.slot].role) }
            for place in places {
                let slot = layout.slots[place.slot]
                if isNormalized && place.side == .incoming && [.weight, .bias].contains(slot.role) {
                    return "scaled group at a normalisation after \(slot.name)"
                }
                if place.axis >= 2 { return "scaled group on axis \(place.axis) of \(slot.name)" }
                if slot.axes.count(where: { $0 == group }) != 1 { return "scaled group on two axes of \(slot.name)" }
            }
        }
        return nil
    }

    /// The normal form of one network `[D]`.
    ///
    /// Throws `DataError(.malformed)` for a wrong length, values that are not finite, or a rescaled weight too large
    /// for single precision.
    public func normalForm(_ row: [Float], path: String = "network") throws -> ScaleNormalForm {
        try WeightMatching.check(row, layout, path: path)
        var balance = ScaleBalance(self, row)
        let dead = balance.removeDeadUnits()
        let (sweeps, converged) = balance.solve()
        let factors = layout.groups.indices.map { group in
            isFree(group, .positive) ? balance.squaredScales[group].map { $0.squareRoot() } : nil
        }
        let scaling = SymmetryElement(permutations: identity, scales: factors)
        let signs = SymmetryElement(permutations: identity, scales: SignForm(self, row, factors).signs())
        let element = scaling.followed(by: signs)
        var result = element.apply(to: row, layout: layout)
        silence(dead, in: &result)
        try WeightMatching.check(result, layout, path: "\(path), rescaled")
        return ScaleNormalForm(row: result, element: element, deadUnits: dead, sweeps: sweeps, converged: converged)
    }

    private var identity: [[Int]] { layout.groups.map { Array(0..<$0.size) } }

    /// Whether a group allows that scaling and has weights on both sides.
    func isFree(_ group: Int, _ scaling: SymmetryGroup.Scaling) -> Bool {
        let sides = spec.places[group].map(\.side)
        return layout.groups[group].scaling == scaling && sides.contains(.incoming) && sides.contains(.outgoing)
    }

    /// Sets all weights of dead units to zero.
    private func silence(_ dead: [[Int]], in row: inout [Float]) {
        for (group, units) in dead.enumerated() where !units.isEmpty {
            for place in spec.places[group] {
                let slot = layout.slots[place.slot]
                let inner = slot.stride(ofUnitsAlong: place.axis)
                let size = layout.groups[group].size
                for outer in 0..<(slot.count / (size * inner)) {
                    for unit in units {
                        let start = slot.offset + (outer * size + unit) * inner
                        for index in start..<(start + inner) { row[index] = 0 }
                    }
                }
            }
        }
    }
}

/// A network whose units' scales and signs have been brought to their normal form.
public struct ScaleNormalForm: Sendable, Equatable {
    /// The parameters `[D]`, computing the same function as the network's own up to rounding.
    public let row: [Float]
    /// The factors that were applied (no unit is moved). It maps the network to `row` except for dead units.
    public let element: SymmetryElement
    /// For each group its dead units, all of whose weights are zero in `row`.
    public let deadUnits: [[Int]]
    /// Sweeps over the groups.
    public let sweeps: Int
    /// Whether all factors settled before the cap on sweeps.
    public let converged: Bool
}
