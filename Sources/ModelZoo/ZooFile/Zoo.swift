import Networks

/// A population of networks of one layout with what is known of each, in memory.
public struct Zoo: Sendable {
    /// What holds for all networks.
    public let header: ZooHeader
    /// N, the number of networks.
    public let count: Int
    /// Weights `[N, D]`, row after row.
    public let weights: [Float]
    /// Buffers `[N, Bf]`, where the layout has any and they are known.
    public let buffers: [Float]?
    /// Facts, one column each.
    public let columns: ZooColumns
    /// Checkpoints `[N, K, D]`, where they are held in memory.
    public let trajectory: ZooTrajectory?

    /// Collects a zoo; traps where lengths do not fit the layout.
    public init(
        header: ZooHeader, weights: [Float], buffers: [Float]? = nil, columns: ZooColumns? = nil,
        trajectory: ZooTrajectory? = nil
    ) {
        let (width, bufferWidth) = (header.layout.count, header.layout.bufferCount)
        precondition(width > 0 && weights.count % width == 0, "Zoo: \(weights.count) weights in rows of \(width)")
        let count = weights.count / width
        precondition(
            buffers.map { $0.count == count * bufferWidth } ?? true, "Zoo: buffers of \(count) networks do not fit")
        precondition((columns?.count ?? count) == count, "Zoo: columns are not of \(count) networks")
        if let trajectory {
            precondition(
                trajectory.count == count && trajectory.weights.count == trajectory.steps.count * width
                    && trajectory.buffers.map { $0.count == trajectory.steps.count * bufferWidth } ?? true,
                "Zoo: the trajectory does not fit \(count) networks")
        }
        self.header = header
        self.count = count
        self.weights = weights
        self.buffers = bufferWidth == 0 ? nil : buffers
        self.columns = columns ?? ZooColumns(count: count)
        self.trajectory = trajectory
    }

    /// Where every tensor lies in a row.
    public var layout: ParameterLayout { header.layout }

    /// The weights `[D]` of one network; traps where it does not exist.
    public func row(_ index: Int) -> ArraySlice<Float> {
        precondition((0..<count).contains(index), "Zoo: no network \(index) among \(count)")
        return weights[index * layout.count..<(index + 1) * layout.count]
    }

    /// Rows of a split, rising; without a column `split` every network is for training.
    public func rows(in split: ZooSplit) -> [Int] { columns.rows(in: split) }

    /// The zoo of the named networks, in their order; traps where one does not exist.
    public func select(rows: [Int]) -> Zoo {
        func gather<Element>(_ values: [Element], width: Int) -> [Element] {
            rows.flatMap { row in
                precondition((0..<count).contains(row), "Zoo: no network \(row) among \(count)")
                return values[row * width..<(row + 1) * width]
            }
        }
        return Zoo(
            header: header, weights: gather(weights, width: layout.count),
            buffers: buffers.map { gather($0, width: layout.bufferCount) }, columns: columns.selecting(rows),
            trajectory: trajectory.map { $0.select(rows: rows) })
    }

    /// The same networks with another set of facts; traps where it is not of `count` networks.
    public func with(columns: ZooColumns) -> Zoo {
        Zoo(header: header, weights: weights, buffers: buffers, columns: columns, trajectory: trajectory)
    }
}
