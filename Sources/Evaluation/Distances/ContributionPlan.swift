import Networks
import Tensors

/// Which weights of a layout read which units: what a unit contributes goes through these.
struct ContributionPlan: Sendable {
    /// A weight slot whose second axis reads the units of a symmetry group.
    struct Reader: Sendable {
        let slot: Slot
        /// The group that is read, and its number of units.
        let group: Int, size: Int
        /// The group whose units the slot computes; nil where its rows stand in fixed order, as classes do.
        let target: Int?
        /// Neighbouring columns of a unit, and how often the columns count through the units.
        let block: Int, repeats: Int
        /// The slot's shape as [rows, columns, places of a kernel].
        let rows: Int, columns: Int, tail: Int
        /// Whether a unit's signal lies on a map (of a convolution or of tokens) or on several columns.
        let isSpread: Bool

        /// Columns of a unit.
        var entries: Int { block * repeats }

        func column(_ unit: Int, _ entry: Int) -> Int { (entry / block * size + unit) * block + entry % block }

        func unit(ofColumn column: Int) -> Int { column / block % size }
    }

    let layout: ParameterLayout
    /// In the order of the slots, which is that of the computation.
    let readers: [Reader]

    init(layout: ParameterLayout) {
        self.layout = layout
        readers = layout.slots.compactMap { slot in
            guard slot.role == .weight, slot.shape.count >= 2, let group = slot.axes[1] else { return nil }
            let action = slot.actions[1], tail = slot.shape.dropFirst(2).reduce(1, *)
            return Reader(
                slot: slot, group: group, size: layout.groups[group].size, target: slot.axes[0], block: action.block,
                repeats: action.repeats, rows: slot.shape[0], columns: slot.shape[1], tail: tail,
                isSpread: slot.shape.count > 2 || action.block * action.repeats > 1)
        }
    }

    /// Groups whose units somebody reads, in the layout's order.
    var groups: [Int] { layout.groups.indices.filter { group in readers.contains { $0.group == group } } }

    /// The unit of the target group that a row belongs to.
    func target(of row: Int, _ reader: Reader, _ group: Int) -> Int {
        row / reader.slot.actions[0].block % layout.groups[group].size
    }
}

/// What was seen of one reader's inputs over all rows, for a few networks.
struct ContributionInputs {
    /// Sums over rows and places of each column, [P, columns].
    var sums: [Double], squares: [Double]
    /// Values in all.
    var seen = 0
    /// The observed values of each unit, [P, size, observations].
    var values: [Float]
    let observations: Int

    init(_ reader: ContributionPlan.Reader, networks: Int, observations: Int) {
        sums = Array(repeating: 0, count: networks * reader.columns)
        squares = sums
        values = Array(repeating: 0, count: networks * reader.size * observations)
        self.observations = observations
    }

    /// Mean of a column.
    func mean(_ network: Int, _ column: Int, of columns: Int) -> Double {
        sums[network * columns + column] / Double(seen)
    }

    /// Variance of a column, divisor n.
    func variance(_ network: Int, _ column: Int, of columns: Int) -> Double {
        let mean = mean(network, column, of: columns)
        return max(0, squares[network * columns + column] / Double(seen) - mean * mean)
    }
}

extension ContributionPlan {
    /// Where a reader's units are looked at: for each row a few places of the map, each with an entry of the unit.
    ///
    /// A pure function of the slot and the row, so that all networks are looked at in the same places.
    static func places(_ reader: Reader, row: Int, perRow: Int, of places: Int) -> [(place: Int, entry: Int)] {
        func drawn(_ what: String, below bound: Int) -> [Int] {
            guard bound > 1 else { return Array(repeating: 0, count: perRow) }
            var stream = RandomStream(
                seed: UInt64(reader.slot.offset), purpose: "contribution.\(what)", index: UInt64(row))
            return (0..<perRow).map { _ in stream.integer(below: bound) }
        }
        return zip(drawn("place", below: places), drawn("entry", below: reader.entries)).map { ($0, $1) }
    }

    /// Adds what a slot read of some rows, `first` being the place of the first among all.
    static func collect(
        _ input: SlotInputs.Input, _ reader: Reader, first: Int, perRow: Int, into found: inout ContributionInputs
    ) {
        let shape = input.values.shape.array
        let axis = shape.count - input.channelsFromEnd
        precondition(shape[axis] == reader.columns, "contributions: \(shape) for \(reader.slot.name)")
        let map = ContributionMap(
            rows: shape[1], before: shape[2..<axis].reduce(1, *), channels: shape[axis],
            after: shape[(axis + 1)...].reduce(1, *))
        let chosen = (0..<map.rows).map {
            places(reader, row: first + $0, perRow: perRow, of: map.before * map.after)
        }
        let observations = found.observations
        input.values.withFloats { all in
            found.sums.withUnsafeMutableBufferPointer { sums in
                found.squares.withUnsafeMutableBufferPointer { squares in
                    found.values.withUnsafeMutableBufferPointer { values in
                        parallelFor(shape[0]) { network in
                            map.add(
                                all, network, to: UnsafeMutableBufferPointer(rebasing: sums[map.range(network)]),
                                UnsafeMutableBufferPointer(rebasing: squares[map.range(network)]))
                            for unit in 0..<reader.size {
                                let target = (network * reader.size + unit) * observations + first * perRow
                                for (row, places) in chosen.enumerated() {
                                    for (index, at) in places.enumerated() {
                                        let channel = reader.column(unit, at.entry)
                                        values[target + row * perRow + index] =
                                            all[map.index(network, row, at.place, channel)]
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        found.seen += map.rows * map.before * map.after
    }
}

/// What a slot reads in a pass, [P, rows, before, channels, after]: of a map either `before` (tokens) or `after` (pixels)
/// are places.
private struct ContributionMap {
    let rows: Int, before: Int, channels: Int, after: Int

    /// Where a network's columns are counted.
    func range(_ network: Int) -> Range<Int> { (network * channels)..<((network + 1) * channels) }

    func index(_ network: Int, _ row: Int, _ place: Int, _ channel: Int) -> Int {
        (((network * rows + row) * before + place / after) * channels + channel) * after + place % after
    }

    /// Adds a network's values and their squares, column by column.
    func add(
        _ all: UnsafeBufferPointer<Float>, _ network: Int, to sums: UnsafeMutableBufferPointer<Double>,
        _ squares: UnsafeMutableBufferPointer<Double>
    ) {
        for outer in 0..<(rows * before) {
            for channel in 0..<channels {
                let start = ((network * rows * before + outer) * channels + channel) * after
                var (sum, square) = (0.0, 0.0)
                for place in start..<(start + after) {
                    let value = Double(all[place])
                    sum += value
                    square += value * value
                }
                sums[channel] += sum
                squares[channel] += square
            }
        }
    }
}
