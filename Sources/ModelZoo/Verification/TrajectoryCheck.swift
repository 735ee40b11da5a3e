import Basics

/// Checks the checkpoints of every network: steps rise, late ones alone are absent, numbers are finite, and the zoo's
/// weights are those of the selected checkpoint, where one is recorded.
struct TrajectoryCheck {
    private let checkpoints: Int?
    private let selected: [Double]?
    private var found: [(network: Int, detail: String)] = []

    init(_ reader: ZooReader) {
        checkpoints = reader.checkpoints
        selected = reader.columns.numbers("selected")
    }

    /// Throws `DataError` where checkpoints cannot be read for another reason than their content.
    mutating func add(_ block: ScannedBlock, _ reader: ZooReader) throws {
        guard checkpoints != nil else { return }
        for network in block.rows {
            do {
                guard let trajectory = try reader.trajectory(network: network) else { continue }
                if let fault = Self.order(trajectory.steps) ?? choice(trajectory, network, block) {
                    found.append((network, fault))
                }
            } catch let error as DataError where error.kind == .malformed {
                found.append((network, error.found))
            }
        }
    }

    func outcome() -> CheckOutcome {
        guard let checkpoints else { return .skipped(.trajectories, "none are recorded") }
        let choice = selected == nil ? "" : ", weights equal to the selected one"
        return CheckOutcome(.trajectories, "up to \(checkpoints) checkpoints, steps ascending\(choice)", found)
    }

    /// What is wrong with the steps of one run, or nil.
    static func order(_ steps: [Int64]) -> String? {
        guard let last = steps.lastIndex(where: { $0 >= 0 }) else { return "no checkpoint at all" }
        if let gap = steps[...last].firstIndex(where: { $0 < 0 }) {
            return "checkpoint \(gap) is absent, but a later one is there"
        }
        for place in steps[...last].indices.dropFirst() where steps[place] <= steps[place - 1] {
            return "checkpoint \(place) is of step \(steps[place]), after step \(steps[place - 1])"
        }
        return nil
    }

    /// What is wrong with the selected checkpoint, or nil.
    private func choice(_ trajectory: ZooTrajectory, _ network: Int, _ block: ScannedBlock) -> String? {
        guard let number = selected?[network], let place = Int(exactly: number), place >= 0 else { return nil }
        guard trajectory.steps.indices.contains(place), trajectory.steps[place] >= 0 else {
            return "the selected checkpoint \(place) is absent"
        }
        func part(_ values: [Float]) -> ArraySlice<Float> {
            let width = values.count / trajectory.checkpoints
            return values[place * width..<(place + 1) * width]
        }
        guard part(trajectory.weights) == block.row(network) else {
            return "the weights are not those of the selected checkpoint \(place)"
        }
        if let buffers = trajectory.buffers, block.buffers != nil, part(buffers) != block.bufferRow(network) {
            return "the buffers are not those of the selected checkpoint \(place)"
        }
        return nil
    }
}
