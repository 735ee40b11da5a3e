/// Checkpoints of N networks in the order of training: K a network, of which late ones may be absent.
public struct ZooTrajectory: Sendable, Hashable {
    /// K, the number of places for checkpoints.
    public let checkpoints: Int
    /// Training step of every checkpoint `[N, K]`: -1 absent, 0 the initialisation.
    public let steps: [Int64]
    /// Weights `[N, K, D]`; those of absent checkpoints mean nothing.
    public let weights: [Float]
    /// Buffers `[N, K, Bf]`, where the layout has any and they were recorded.
    public let buffers: [Float]?

    /// Collects checkpoints; traps where the lengths are not those of whole networks.
    public init(checkpoints: Int, steps: [Int64], weights: [Float], buffers: [Float]? = nil) {
        precondition(checkpoints > 0 && steps.count % checkpoints == 0, "ZooTrajectory: \(steps.count) steps")
        precondition(
            steps.isEmpty ? weights.isEmpty : weights.count % steps.count == 0,
            "ZooTrajectory: \(weights.count) weights for \(steps.count) steps")
        precondition(
            steps.isEmpty || (buffers?.count ?? 0) % steps.count == 0,
            "ZooTrajectory: \(buffers?.count ?? 0) buffer elements for \(steps.count) steps")
        self.checkpoints = checkpoints
        self.steps = steps
        self.weights = weights
        self.buffers = buffers
    }

    /// N, the number of networks.
    public var count: Int { steps.count / checkpoints }

    /// The checkpoints of the named networks, in their order.
    public func select(rows: [Int]) -> ZooTrajectory {
        func gather<Element>(_ values: [Element]) -> [Element] {
            let width = count == 0 ? 0 : values.count / count
            return rows.flatMap { values[$0 * width..<($0 + 1) * width] }
        }
        return ZooTrajectory(
            checkpoints: checkpoints, steps: gather(steps), weights: gather(weights), buffers: buffers.map(gather))
    }
}
