import Basics
import Networks
import Tensors

/// A population of networks of one layout with its columns, in memory.
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

    /// The same networks with one more step in the account of where they come from.
    package func adding(_ step: Provenance.Step) -> Zoo {
        Zoo(
            header: header.adding(step), weights: weights, buffers: buffers, columns: columns, trajectory: trajectory)
    }

    /// The same networks with other columns; traps where it is not of `count` networks.
    public func with(columns: ZooColumns) -> Zoo {
        Zoo(header: header, weights: weights, buffers: buffers, columns: columns, trajectory: trajectory)
    }
}

extension Zoo {
    /// The weights of the given networks, [rows, D]; of all without rows.
    public func population(_ rows: [Int]? = nil) -> Tensor {
        let chosen = rows.map { select(rows: $0).weights } ?? weights
        return Tensor(chosen, shape: [chosen.count / layout.count, layout.count])
    }

    /// The buffers of the given networks, [rows, bufferCount], where they are known; of all without rows.
    public func bufferTensor(_ rows: [Int]? = nil) -> Tensor? {
        guard layout.bufferCount > 0, let chosen = rows.map({ select(rows: $0).buffers }) ?? buffers else { return nil }
        return Tensor(chosen, shape: [chosen.count / layout.bufferCount, layout.bufferCount])
    }
}

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
