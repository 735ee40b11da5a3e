import Networks
import Tensors

extension Contributions {
    /// For each network the nearest of a zoo's by contributions; `except` leaves out one zoo network for each, itself.
    ///
    /// Products of all pairs of units are formed in single precision for a few networks of both at a time. A pair of
    /// networks is matched only where a bound from below (dual variables of the assignment: least of each row, then least
    /// of each column of what is left) does not already exceed the least distance found; the nearest is measured again in
    /// double precision, from differences, so that copies are at 0. Traps where the two were measured otherwise.
    func nearest(
        in zoo: Contributions, except: [Int]? = nil, sharing: any WorkSharing = OneProcess()
    ) -> [Neighbour] {
        precondition(
            zoo.layers.map(\.size) == layers.map(\.size)
                && zoo.layers.map { $0.factors.map(\.width) } == layers.map { $0.factors.map(\.width) },
            "contributions: \(layers.map(\.size)) and \(zoo.layers.map(\.size)) units")
        let largest = layers.map(\.size).max() ?? 1
        let tile = max(1, min(8, 512 / largest))
        let work = stride(from: 0, to: count, by: tile).map { $0..<min(count, $0 + tile) }
        return sharing.all(of: work.count) { items in
            parallelMap(items.count) { item in
                var search = ContributionSearch(self, zoo, rows: work[items.lowerBound + item], except: except)
                return search.run()
            }.flatMap { $0 }
        }
    }

    /// The distance of network `row` from zoo network `column`, in double precision; nil where one is not finite.
    func distance(_ row: Int, _ column: Int, in zoo: Contributions) -> Double? {
        guard isUsable[row], zoo.isUsable[column] else { return nil }
        var square = zip(means(row), zoo.means(column)).reduce(0) { sum, pair in
            sum + (Double(pair.0) - Double(pair.1)) * (Double(pair.0) - Double(pair.1))
        }
        for (own, other) in zip(layers, zoo.layers) {
            let pair = ContributionPair(own, row, other, column)
            var costs = [Double](repeating: 0, count: own.size * own.size)
            for first in 0..<own.size {
                for second in 0..<own.size { costs[first * own.size + second] = pair.square(first, second) }
            }
            let matched = LinearAssignment.solve(costs, count: own.size)
            for (first, second) in matched.enumerated() { square += costs[first * own.size + second] }
        }
        return max(0, square).squareRoot()
    }

    func means(_ network: Int) -> ArraySlice<Float> { means[(network * classes)..<((network + 1) * classes)] }
}

/// Units of one layer of two networks, compared without cancellation.
private struct ContributionPair {
    let own: Contributions.Layer, other: Contributions.Layer
    let row: Int, column: Int

    init(_ own: Contributions.Layer, _ row: Int, _ other: Contributions.Layer, _ column: Int) {
        (self.own, self.other, self.row, self.column) = (own, other, row, column)
    }

    /// E|v_u a_u - v'_w a'_w|^2, the least over the sign of what a flip turns.
    func square(_ unit: Int, _ with: Int) -> Double {
        var (fixed, plus, minus) = (0.0, 0.0, 0.0)
        for (left, right) in zip(own.factors, other.factors) {
            let (a, b) = (signal(left, row, unit, own.size), signal(right, column, with, other.size))
            let (same, flipped) = distances(a, b)
            guard left.outerWidth > 0 else {
                if own.isSigned && left.isFlippable {
                    (plus, minus) = (plus + same, minus + flipped)
                } else {
                    fixed += same
                }
                continue
            }
            fixed += product(left, right, unit, with, same, flipped, a, b)
        }
        return fixed + min(plus, own.isSigned ? minus : plus)
    }

    /// |v a' - w b'|^2 with a and b of length 1 (or 0): |v|^2 |a - b|^2 + |v - w|^2 |b|^2 + 2 <v, v - w> <a - b, b>, where
    /// both b and w change their sign if a and b are opposite.
    private func product(
        _ left: Contributions.Factor, _ right: Contributions.Factor, _ unit: Int, _ with: Int, _ same: Double,
        _ flipped: Double, _ a: ArraySlice<Float>, _ b: ArraySlice<Float>
    ) -> Double {
        let sign = flipped < same ? -1.0 : 1.0
        let v = outer(left, row, unit, own.size), w = outer(right, column, with, other.size)
        var (length, apart, along) = (0.0, 0.0, 0.0)
        for (x, y) in zip(v, w) {
            let difference = Double(x) - sign * Double(y)
            length += Double(x) * Double(x)
            apart += difference * difference
            along += Double(x) * difference
        }
        var (size, shift) = (0.0, 0.0)
        for (x, y) in zip(a, b) {
            let value = sign * Double(y)
            size += value * value
            shift += (Double(x) - value) * value
        }
        return length * min(same, flipped) + apart * size + 2 * along * shift
    }

    private func distances(_ a: ArraySlice<Float>, _ b: ArraySlice<Float>) -> (same: Double, flipped: Double) {
        var (same, flipped) = (0.0, 0.0)
        for (x, y) in zip(a, b) {
            let (minus, plus) = (Double(x) - Double(y), Double(x) + Double(y))
            same += minus * minus
            flipped += plus * plus
        }
        return (same, flipped)
    }

    private func signal(_ factor: Contributions.Factor, _ network: Int, _ unit: Int, _ size: Int) -> ArraySlice<Float> {
        let start = (network * size + unit) * factor.width
        return factor.signal[start..<(start + factor.width)]
    }

    private func outer(_ factor: Contributions.Factor, _ network: Int, _ unit: Int, _ size: Int) -> ArraySlice<Float> {
        let start = (network * size + unit) * factor.outerWidth
        return factor.outer[start..<(start + factor.outerWidth)]
    }
}

/// The nearest zoo networks of a few networks.
private struct ContributionSearch {
    let own: Contributions, zoo: Contributions
    let rows: Range<Int>
    let except: [Int]?
    private var best: [(square: Float, column: Int?)]
    /// Zoo networks at a time.
    private let tile: Int
    private let scratch: Scratch

    /// Memory of one search.
    private final class Scratch {
        /// Costs of all pairs of units, layer by layer, [rows * size, columns * size], and what they are made from.
        let costs: [UnsafeMutableBufferPointer<Float>]
        let signals: UnsafeMutableBufferPointer<Float>, outers: UnsafeMutableBufferPointer<Float>
        /// One pair's costs, and the least of its columns.
        let block: UnsafeMutableBufferPointer<Float>, least: UnsafeMutableBufferPointer<Float>

        init(sizes: [Int], pairs: Int) {
            let largest = sizes.max() ?? 1
            costs = sizes.map { .allocate(capacity: $0 * $0 * pairs) }
            signals = .allocate(capacity: largest * largest * pairs)
            outers = .allocate(capacity: largest * largest * pairs)
            block = .allocate(capacity: largest * largest)
            least = .allocate(capacity: largest)
            for buffer in costs + [signals, outers, block, least] { buffer.initialize(repeating: 0) }
        }

        deinit { for buffer in costs + [signals, outers, block, least] { buffer.deallocate() } }
    }

    init(_ own: Contributions, _ zoo: Contributions, rows: Range<Int>, except: [Int]?) {
        (self.own, self.zoo, self.rows, self.except) = (own, zoo, rows, except)
        let sizes = own.layers.map(\.size)
        tile = max(1, min(64, 4096 / (sizes.max() ?? 1)))
        best = Array(repeating: (.infinity, nil), count: rows.count)
        scratch = Scratch(sizes: sizes, pairs: rows.count * tile)
    }

    mutating func run() -> [Neighbour] {
        for start in stride(from: 0, to: zoo.count, by: tile) {
            let columns = start..<min(zoo.count, start + tile)
            for layer in own.layers.indices { formCosts(layer, columns) }
            for row in rows where own.isUsable[row] {
                for column in columns where zoo.isUsable[column] && except?[row] != column {
                    compare(row, column, columns)
                }
            }
        }
        return rows.map { row in
            guard let column = best[row - rows.lowerBound].column,
                let distance = own.distance(row, column, in: zoo)
            else { return Neighbour(index: nil, distance: .nan) }
            return Neighbour(index: column, distance: distance)
        }
    }

    /// |v_u a_u|^2 + |v'_w a'_w|^2 - 2 <v_u, v'_w> <a_u, a'_w> of all pairs of units.
    private func formCosts(_ index: Int, _ columns: Range<Int>) {
        let (mine, theirs) = (own.layers[index], zoo.layers[index]), size = mine.size
        let (height, width) = (rows.count * size, columns.count * size), extent = height * width
        let (costs, signals, outers) = (scratch.costs[index], scratch.signals, scratch.outers)
        for place in 0..<extent { costs[place] = 0 }
        // What a flip turns first: its sign is taken off before the rest is added.
        for isFlipped in [true, false] {
            for (left, right) in zip(mine.factors, theirs.factors)
            where (left.outerWidth == 0 && left.isFlippable) == isFlipped {
                form(signals, left.signal, right.signal, left.width, size, columns)
                if left.outerWidth > 0 {
                    form(outers, left.outer, right.outer, left.outerWidth, size, columns)
                    for place in 0..<extent { costs[place] += signals[place] * outers[place] }
                } else {
                    for place in 0..<extent { costs[place] += signals[place] }
                }
            }
            if isFlipped && mine.isSigned { for place in 0..<extent { costs[place] = abs(costs[place]) } }
        }
        mine.norms.withUnsafeBufferPointer { norms in
            theirs.norms.withUnsafeBufferPointer { others in
                for row in 0..<height {
                    let norm = norms[rows.lowerBound * size + row], first = columns.lowerBound * size
                    for column in 0..<width {
                        let place = row * width + column
                        costs[place] = max(0, norm + others[first + column] - 2 * costs[place])
                    }
                }
            }
        }
    }

    /// Products of vectors of `width` numbers, [rows * size, columns * size].
    private func form(
        _ target: UnsafeMutableBufferPointer<Float>, _ a: [Float], _ b: [Float], _ width: Int, _ size: Int,
        _ columns: Range<Int>
    ) {
        let (m, n) = (rows.count * size, columns.count * size)
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                guard let target = target.baseAddress, let a = a.baseAddress, let b = b.baseAddress, width > 0
                else { return }
                target.update(repeating: 0, count: m * n)
                accumulateProduct(
                    a + rows.lowerBound * size * width, b + columns.lowerBound * size * width, m: m, k: width, n: n,
                    into: target)
            }
        }
    }

    /// Matches a pair where it may be nearer than the best so far.
    private mutating func compare(_ row: Int, _ column: Int, _ columns: Range<Int>) {
        let place = row - rows.lowerBound, limit = best[place].square
        var bound: Float = 0
        for (x, y) in zip(own.means(row), zoo.means(column)) { bound += (x - y) * (x - y) }
        for layer in own.layers.indices { bound += lowerBound(layer, place, column, columns) }
        guard bound < limit else { return }
        for layer in own.layers.indices {
            bound += matched(layer, place, column, columns) - lowerBound(layer, place, column, columns)
            guard bound < limit else { return }
        }
        best[place] = (bound, column)
    }

    /// The sum of the least of each row, and of each column of what is left: no assignment costs less.
    private func lowerBound(_ layer: Int, _ place: Int, _ column: Int, _ columns: Range<Int>) -> Float {
        let size = own.layers[layer].size, width = columns.count * size
        let (costs, left) = (scratch.costs[layer], scratch.least)
        var start = place * size * width + (column - columns.lowerBound) * size
        for unit in 0..<size { left[unit] = .infinity }
        var sum: Float = 0
        for _ in 0..<size {
            var least = Float.infinity
            for other in 0..<size { least = min(least, costs[start + other]) }
            for other in 0..<size { left[other] = min(left[other], costs[start + other] - least) }
            sum += least
            start += width
        }
        for unit in 0..<size { sum += left[unit] }
        return sum
    }

    private func matched(_ layer: Int, _ place: Int, _ column: Int, _ columns: Range<Int>) -> Float {
        let size = own.layers[layer].size, width = columns.count * size
        let (costs, block) = (scratch.costs[layer], scratch.block)
        let start = place * size * width + (column - columns.lowerBound) * size
        for unit in 0..<size {
            for other in 0..<size { block[unit * size + other] = costs[start + unit * width + other] }
        }
        let pair = UnsafeBufferPointer(rebasing: block[..<(size * size)])
        let solved = LinearAssignment.solve(pair, count: size)
        return solved.enumerated().reduce(0) { $0 + pair[$1.offset * size + $1.element] }
    }
}
