/// Brings networks into one symmetry frame: scale-normal form first, then aligned to a reference in that form.
public struct Canonicalization: Sendable {
    /// One network in the frame, and what it took.
    public struct Result: Sendable, Equatable {
        /// The parameters `[D]` in the frame.
        public let row: [Float]
        /// The symmetry that maps the network to `row`, except that dead units' weights became zero.
        public let element: SymmetryElement
        /// For each group the dead units, by their place in `row`.
        public let deadUnits: [[Int]]
        /// Whether scales settled within the cap on sweeps.
        public let scalesConverged: Bool
        /// The search for the permutation: objective before and after, sweeps.
        public let alignment: Alignment
        /// L2 distance of the network, as it came, to the reference, as it came.
        public let distanceBefore: Double
        /// L2 distance with both in scale-normal form, units in their own order.
        public let distanceNormalized: Double
        /// L2 distance in the frame.
        public let distanceAfter: Double
    }

    /// The reference `[D]` in its own normal form.
    public let reference: [Float]
    private let original: [Float]
    private let matching: WeightMatching
    private let scales: ScaleNormalization

    /// Prepares the frame of one reference network; throws as `WeightMatching` and `ScaleNormalization` do.
    public init(
        reference: [Float], layout: ParameterLayout, options: WeightMatching.Options = .init(),
        scaleOptions: ScaleNormalization.Options = .init(), product: MatrixProduct = .plain
    ) throws {
        scales = ScaleNormalization(layout: layout, options: scaleOptions)
        let form = try scales.normalForm(reference, path: "reference network")
        original = reference
        self.reference = form.row
        matching = try WeightMatching(reference: form.row, layout: layout, options: options, product: product)
    }

    /// One network `[D]` in the frame; `path` names it in errors.
    public func canonical(_ network: [Float], path: String = "network") throws -> Result {
        let form = try scales.normalForm(network, path: path)
        let alignment = try matching.align(form.row, path: path)
        let row = alignment.element.apply(to: form.row, layout: matching.layout)
        let dead = zip(form.deadUnits, alignment.element.permutations).map { units, permutation in
            permutation.indices.filter { units.contains(permutation[$0]) }
        }
        return Result(
            row: row, element: form.element.followed(by: alignment.element), deadUnits: dead,
            scalesConverged: form.converged, alignment: alignment,
            distanceBefore: Self.distance(network, original),
            distanceNormalized: Self.distance(form.row, reference),
            distanceAfter: Self.distance(row, reference))
    }

    /// Every network in the frame, in order.
    public func canonical(_ networks: [[Float]]) throws -> [Result] {
        try networks.enumerated().map { try canonical($1, path: "network \($0)") }
    }

    private static func distance(_ first: [Float], _ second: [Float]) -> Double {
        zip(first, second).reduce(0) { sum, pair in
            let difference = Double(pair.0) - Double(pair.1)
            return sum + difference * difference
        }.squareRoot()
    }
}
