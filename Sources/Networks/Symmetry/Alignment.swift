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
    /// Which start won: 0 the network as it came, k the k-th restart.
    public let start: Int

    /// The objective at the end.
    public var objective: Double { objectives[objectives.count - 1] }
}
