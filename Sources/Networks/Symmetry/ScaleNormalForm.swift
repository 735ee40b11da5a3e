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
