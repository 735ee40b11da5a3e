import Foundation

/// The balancing problem of one network: squared weights summed over all axes but the first two, and one factor a unit.
struct ScaleBalance {
    /// The squared weights `[rows, columns]` of one slot that a positively scaled group touches, summed over the entries
    /// of its units.
    private struct Block {
        var squares: [Double]
        let rows: Int
        let columns: Int
        /// Group and side of the first axis, if it is scaled.
        let first: (group: Int, side: GroupAction.Side)?
        /// Group and side of the second axis, if it is scaled.
        let second: (group: Int, side: GroupAction.Side)?
    }

    private let groups: [Int]
    private let options: ScaleNormalization.Options
    private var blocks: [Block] = []
    /// s squared, for every unit of every group.
    private(set) var squaredScales: [[Double]]
    private var isDead: [[Bool]]

    /// Gathers the squares of a checked network.
    init(_ form: ScaleNormalization, _ row: [Float]) {
        let layout = form.layout
        groups = layout.groups.indices.filter { form.isFree($0, .positive) }
        options = form.options
        squaredScales = layout.groups.map { Array(repeating: 1, count: $0.size) }
        isDead = layout.groups.map { Array(repeating: false, count: $0.size) }
        for slot in layout.slots {
            let tags = (0..<2).map { axis -> (group: Int, side: GroupAction.Side)? in
                guard axis < slot.axes.count, let group = slot.axes[axis], groups.contains(group) else { return nil }
                return (group, slot.actions[axis].side)
            }
            if tags[0] == nil && tags[1] == nil { continue }
            let (rows, columns) = (Self.cells(slot, 0, tags[0] != nil), Self.cells(slot, 1, tags[1] != nil))
            blocks.append(
                Block(
                    squares: Self.squares(row[slot.range], slot, rows, columns), rows: rows.count,
                    columns: columns.count, first: tags[0], second: tags[1]))
        }
    }

    /// How many cells an axis has, and how many of its entries are neighbours in one: units where it is tagged.
    private static func cells(_ slot: Slot, _ axis: Int, _ isTagged: Bool) -> (count: Int, block: Int) {
        guard axis < slot.shape.count else { return (1, 1) }
        guard isTagged else { return (slot.shape[axis], 1) }
        let action = slot.actions[axis]
        return (slot.shape[axis] / (action.repeats * action.block), action.block)
    }

    private static func squares(
        _ values: ArraySlice<Float>, _ slot: Slot, _ rows: (count: Int, block: Int), _ columns: (count: Int, block: Int)
    ) -> [Double] {
        let width = slot.shape.count > 1 ? slot.shape[1] : 1
        let depth = slot.shape.dropFirst(2).reduce(1, *)
        var result = Array(repeating: 0.0, count: rows.count * columns.count)
        var index = values.startIndex
        for row in 0..<slot.shape[0] {
            let line = row / rows.block % rows.count * columns.count
            for column in 0..<width {
                let cell = line + column / columns.block % columns.count
                for _ in 0..<depth {
                    result[cell] += Double(values[index]) * Double(values[index])
                    index += 1
                }
            }
        }
        return result
    }

    /// Finds units without incoming or without outgoing weights, drops theirs, and repeats until there are no more.
    mutating func removeDeadUnits() -> [[Int]] {
        var changed = true
        while changed {
            changed = false
            for group in groups {
                let (incoming, outgoing) = sums(group)
                for unit in incoming.indices where !isDead[group][unit] {
                    guard incoming[unit] == 0 || outgoing[unit] == 0 else { continue }
                    isDead[group][unit] = true
                    clear(group, unit)
                    changed = true
                }
            }
        }
        return isDead.map { flags in flags.indices.filter { flags[$0] } }
    }

    /// Balances the groups in turn until no log factor moves by more than the tolerance.
    mutating func solve() -> (sweeps: Int, converged: Bool) {
        if groups.isEmpty { return (0, true) }
        for sweep in 1...max(1, options.maximumSweeps) {
            var largest = 0.0
            for group in groups {
                let (incoming, outgoing) = sums(group)
                for unit in incoming.indices where !isDead[group][unit] {
                    let next = (outgoing[unit] / incoming[unit]).squareRoot()
                    largest = max(largest, abs(log(next / squaredScales[group][unit])) / 2)
                    squaredScales[group][unit] = next
                }
            }
            if largest <= options.tolerance { return (sweep, true) }
        }
        return (options.maximumSweeps, false)
    }

    /// Squared incoming and outgoing norms of a group's units, without their own factors but with all others'.
    private func sums(_ group: Int) -> (incoming: [Double], outgoing: [Double]) {
        var incoming = Array(repeating: 0.0, count: squaredScales[group].count)
        var outgoing = incoming
        for block in blocks {
            if let first = block.first, first.group == group {
                Self.add(first.side, &incoming, &outgoing) { rowSums(block) }
            }
            if let second = block.second, second.group == group {
                Self.add(second.side, &incoming, &outgoing) { columnSums(block) }
            }
        }
        return (incoming, outgoing)
    }

    private static func add(
        _ side: GroupAction.Side, _ incoming: inout [Double], _ outgoing: inout [Double], _ values: () -> [Double]
    ) {
        func add(to sums: inout [Double]) {
            for (index, value) in values().enumerated() { sums[index] += value }
        }
        switch side {
        case .incoming: add(to: &incoming)
        case .outgoing: add(to: &outgoing)
        case .unscaled: break
        }
    }

    /// The factor of squared weights along an axis: t where they are incoming, 1/t where outgoing, 1 where not scaled.
    private func factors(_ axis: (group: Int, side: GroupAction.Side)?, count: Int) -> [Double] {
        guard let axis, axis.side != .unscaled else { return Array(repeating: 1, count: count) }
        return axis.side == .incoming ? squaredScales[axis.group] : squaredScales[axis.group].map { 1 / $0 }
    }

    private func rowSums(_ block: Block) -> [Double] {
        let weights = factors(block.second, count: block.columns)
        return block.squares.withUnsafeBufferPointer { squares in
            weights.withUnsafeBufferPointer { weights in
                (0..<block.rows).map { row in
                    let base = row * block.columns
                    var sums = SIMD4<Double>()
                    let whole = block.columns & ~3
                    for column in stride(from: 0, to: whole, by: 4) {
                        for lane in 0..<4 { sums[lane] += squares[base + column + lane] * weights[column + lane] }
                    }
                    var sum = sums.sum()
                    for column in whole..<block.columns { sum += squares[base + column] * weights[column] }
                    return sum
                }
            }
        }
    }

    private func columnSums(_ block: Block) -> [Double] {
        let weights = factors(block.first, count: block.rows)
        var sums = Array(repeating: 0.0, count: block.columns)
        block.squares.withUnsafeBufferPointer { squares in
            sums.withUnsafeMutableBufferPointer { sums in
                for row in 0..<block.rows {
                    let base = row * block.columns
                    for column in 0..<block.columns { sums[column] += squares[base + column] * weights[row] }
                }
            }
        }
        return sums
    }

    /// Drops the squares of one unit.
    private mutating func clear(_ group: Int, _ unit: Int) {
        for index in blocks.indices {
            let columns = blocks[index].columns
            if blocks[index].first?.group == group {
                for column in 0..<columns { blocks[index].squares[unit * columns + column] = 0 }
            }
            if blocks[index].second?.group == group {
                for row in 0..<blocks[index].rows { blocks[index].squares[row * columns + unit] = 0 }
            }
        }
    }
}
