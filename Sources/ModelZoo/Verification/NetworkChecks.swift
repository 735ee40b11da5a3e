import Basics
import Networks

/// Finds networks that stand in the file more than once, by the digests of their bytes.
struct DuplicateCheck {
    private struct Digest: Hashable {
        let words: SIMD4<UInt64>

        init(_ bytes: ArraySlice<UInt8>) {
            words = bytes.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
        }
    }

    private var first: [Digest: Int] = [:]
    private var found: [(network: Int, detail: String)] = []
    private let splits: [ZooSplit?]

    init(_ columns: ZooColumns) {
        var splits = [ZooSplit?](repeating: nil, count: columns.count)
        for split in ZooSplit.allCases { for row in columns.rows(in: split) { splits[row] = split } }
        self.splits = splits
    }

    mutating func add(_ block: ScannedBlock) {
        let size = SHA256.byteCount
        for network in block.rows where block.isSound(network) {
            let place = (network - block.rows.lowerBound) * size
            let digest = Digest(block.digests[place..<place + size])
            guard let earlier = first[digest] else {
                first[digest] = network
                continue
            }
            let leak =
                splits[earlier] == splits[network]
                ? "" : ", which is in another split (\(splits[earlier].map { "\($0)" } ?? "none"))"
            found.append((network, "equal to network \(earlier)\(leak)"))
        }
    }

    func outcome() -> CheckOutcome {
        CheckOutcome(.duplicates, "no two networks with equal weights and buffers; the first counts as good", found)
    }
}

/// Finds networks whose weights are far larger than those of the rest of the population, slot by slot.
///
/// A network's magnitude in a slot is its largest |w|. The yardstick is the median of that over all sound networks,
/// which a minority of diverged ones does not move. Slots in which the median is 0 have no yardstick.
struct MagnitudeCheck {
    private let slots: [Slot]
    private let options: ZooVerifier.Options
    private var networks: [Int] = []
    /// Largest |w| by slot, then by entry of `networks`: four bytes a slot and network.
    private var largest: [[Float]]

    init(_ layout: ParameterLayout, _ options: ZooVerifier.Options) {
        slots = layout.slots
        self.options = options
        largest = layout.slots.map { _ in [] }
    }

    mutating func add(_ block: ScannedBlock) {
        for network in block.rows where block.isSound(network) {
            let row = block.row(network)
            networks.append(network)
            for (index, slot) in slots.enumerated() {
                let start = row.startIndex + slot.offset
                largest[index].append(row[start..<start + slot.count].reduce(0) { max($0, abs($1)) })
            }
        }
    }

    func outcome() -> CheckOutcome {
        let medians = largest.map { Self.median($0) }
        let limit = options.bound.map { ", none above \(ZooInspection.number($0))" } ?? ""
        let factor = ZooInspection.number(options.magnitudeFactor)
        let found = networks.indices.compactMap { place in
            self.finding(place, medians).map { (network: networks[place], detail: $0) }
        }
        return CheckOutcome(
            .magnitudes, "largest |w| of a slot at most \(factor) times the population's median\(limit)", found)
    }

    /// What is wrong with the network at `place`: its worst slot, or nil.
    private func finding(_ place: Int, _ medians: [Double]) -> String? {
        var worst: (ratio: Double, text: String)?
        for (index, slot) in slots.enumerated() {
            let value = Double(largest[index][place])
            let reach = "\(slot.name) reaches \(ZooInspection.number(value))"
            if let bound = options.bound, value > bound, worst == nil {
                worst = (0, "\(reach), above \(ZooInspection.number(bound))")
            }
            let median = medians[index]
            guard median > 0, value > options.magnitudeFactor * median, value / median > worst?.ratio ?? 0 else {
                continue
            }
            let times = ZooInspection.number((value / median * 10).rounded() / 10)
            worst = (value / median, "\(reach), \(times) times the population's median \(ZooInspection.number(median))")
        }
        return worst?.text
    }

    static func median(_ values: [Float]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        guard sorted.count % 2 == 0 else { return Double(sorted[middle]) }
        return (Double(sorted[middle - 1]) + Double(sorted[middle])) / 2
    }
}

/// Checks that no run stands in two splits: checkpoints of one run are near-copies of each other.
struct SplitCheck {
    private let columns: ZooColumns
    private let column: String

    init(_ columns: ZooColumns, column: String) {
        self.columns = columns
        self.column = column
    }

    func outcome() -> CheckOutcome {
        guard let split = columns.numbers("split") else {
            return .skipped(.splits, "no column split: every network is for training (`zoo split` draws one)")
        }
        let missing = split.count { $0.isNaN }
        let unassigned = missing == 0 ? "" : ", \(missing) in none"
        guard let runs = columns.groups(by: column) else {
            return CheckOutcome(
                .splits, "no column \(column): every network counts as a run of its own\(unassigned)", [])
        }
        var first: [String: (network: Int, split: Double)] = [:]
        var found: [(network: Int, detail: String)] = []
        for network in runs.indices where !split[network].isNaN {
            let known = first[runs[network], default: (network, split[network])]
            first[runs[network]] = known
            if known.split != split[network] {
                let run = runs[network].dropFirst()
                found.append((network, "its run \(run) is in another split (network \(known.network))"))
            }
        }
        return CheckOutcome(.splits, "no run (column \(column)) in two splits\(unassigned)", found)
    }
}

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
