import Networks
import Tensors

/// Makes networks' contributions, a few networks at a time: sums over rows first, then each unit's share and signal.
struct ContributionBuilder {
    private let measure: ContributionMeasure
    private var plan: ContributionPlan { measure.plan }
    /// The layer of each group, where anybody reads it.
    private let layerOfGroup: [Int: Int]
    /// Where a reader's signals go.
    private var places: [(layer: Int, factor: Int)] = []
    private(set) var result: Contributions

    private var range = 0..<0
    private var found: [ContributionInputs?] = []
    private var outputs: [Double] = []
    /// Logits of all rows, [P, rows, classes]: what networks without hidden units are compared by.
    private var logits: [Float] = []
    private var classes = 0

    init(_ measure: ContributionMeasure, count: Int) {
        self.measure = measure
        let plan = measure.plan
        layerOfGroup = Dictionary(uniqueKeysWithValues: plan.groups.enumerated().map { ($1, $0) })
        var layers = plan.groups.map { group in
            let size = plan.layout.groups[group].size
            return Contributions.Layer(
                size: size, isSigned: plan.layout.groups[group].scaling == .sign, factors: [],
                norms: Array(repeating: 0, count: count * size))
        }
        for reader in plan.readers {
            let layer = layerOfGroup[reader.group] ?? 0
            places.append((layer, layers[layer].factors.count))
            layers[layer].factors.append(Self.factor(reader, count, observations: Self.observations(reader, measure)))
        }
        // The classes are known with the first outputs only.
        result = Contributions(
            count: count, layers: layers, means: [], classes: 0, isUsable: Array(repeating: true, count: count))
    }

    private static func perRow(_ reader: ContributionPlan.Reader) -> Int {
        reader.isSpread ? ContributionMeasure.placesPerRow : 1
    }

    private static func observations(_ reader: ContributionPlan.Reader, _ measure: ContributionMeasure) -> Int {
        measure.rows * perRow(reader)
    }

    private static func factor(
        _ reader: ContributionPlan.Reader, _ count: Int, observations: Int
    ) -> Contributions.Factor {
        let outer = reader.rows * reader.tail
        guard reader.target == nil else {
            return .init(count: count, size: reader.size, width: observations, isFlippable: true)
        }
        return reader.entries == 1
            ? .init(count: count, size: reader.size, width: observations, outerWidth: outer, isFlippable: true)
            : .init(count: count, size: reader.size, width: observations * outer, isFlippable: false)
    }

    /// Begins with networks `range`.
    mutating func start(_ range: Range<Int>) {
        self.range = range
        found = Array(repeating: nil, count: plan.readers.count)
        (outputs, logits) = ([], [])
    }

    /// Adds what was read of some rows, and the logits [P, B, classes].
    mutating func add(_ noted: SlotInputs, _ outputs: Tensor, first: Int) {
        for (index, reader) in plan.readers.enumerated() {
            guard let input = noted[reader.slot] else { continue }
            let perRow = Self.perRow(reader)
            var own =
                found[index]
                ?? ContributionInputs(
                    reader, networks: range.count, observations: Self.observations(reader, measure))
            found[index] = nil
            ContributionPlan.collect(input, reader, first: first, perRow: perRow, into: &own)
            found[index] = own
        }
        let (rows, values) = (outputs.shape[1], outputs.floats)
        classes = outputs.shape[2]
        if self.outputs.isEmpty {
            self.outputs = Array(repeating: 0, count: range.count * classes)
            logits = Array(repeating: 0, count: plan.readers.isEmpty ? range.count * measure.rows * classes : 0)
        }
        for network in range.indices.map({ $0 - range.lowerBound }) {
            for row in 0..<rows {
                for output in 0..<classes {
                    let value = values[(network * rows + row) * classes + output]
                    self.outputs[network * classes + output] += Double(value)
                    if !logits.isEmpty { logits[(network * measure.rows + first + row) * classes + output] = value }
                }
            }
        }
    }

    /// Ends with the networks at hand, whose weights are `flat` [P, D].
    mutating func finish(_ flat: Tensor) {
        if result.classes == 0 { setClasses() }
        finishMeans()
        let width = plan.layout.count
        flat.withFloats { weights in
            for network in 0..<range.count {
                let row = UnsafeBufferPointer(rebasing: weights[(network * width)..<((network + 1) * width)])
                finish(network, row)
            }
        }
        for network in range {
            let isFinite = result.layers.allSatisfy { layer in
                layer.norms[(network * layer.size)..<((network + 1) * layer.size)].allSatisfy { $0 < 1e30 }
            }
            let means = result.means[(network * classes)..<((network + 1) * classes)]
            result.isUsable[network] = isFinite && means.allSatisfy { abs($0) < 1e15 }
        }
    }

    private mutating func setClasses() {
        let count = result.count
        var layers = result.layers
        if plan.readers.isEmpty {
            layers = [
                Contributions.Layer(
                    size: 1, isSigned: false,
                    factors: [.init(count: count, size: 1, width: measure.rows * classes, isFlippable: false)],
                    norms: Array(repeating: 0, count: count))
            ]
        }
        result = Contributions(
            count: count, layers: layers, means: Array(repeating: 0, count: count * classes), classes: classes,
            isUsable: result.isUsable)
    }

    /// Mean logits about their mean over classes, and for networks without hidden units the logits about both.
    private mutating func finishMeans() {
        let rows = measure.rows
        for network in 0..<range.count {
            let means = (0..<classes).map { outputs[network * classes + $0] / Double(rows) }
            let mean = means.reduce(0, +) / Double(max(classes, 1)), place = range.lowerBound + network
            for output in 0..<classes { result.means[place * classes + output] = Float(means[output] - mean) }
            guard plan.readers.isEmpty else { continue }
            var norm = 0.0
            for row in 0..<rows {
                let values = (0..<classes).map {
                    Double(logits[(network * rows + row) * classes + $0]) - means[$0]
                }
                let common = values.reduce(0, +) / Double(classes)
                for output in 0..<classes {
                    let value = (values[output] - common) / Double(rows).squareRoot()
                    result.layers[0].factors[0].signal[(place * rows + row) * classes + output] = Float(value)
                    norm += value * value
                }
            }
            result.layers[0].norms[place] = Float(norm)
        }
    }

    /// One network's signals, the last reader first: what a unit passes on is known before what it is given.
    private mutating func finish(_ network: Int, _ weights: UnsafeBufferPointer<Float>) {
        var passedOn = plan.layout.groups.map { [Double](repeating: 0, count: $0.size) }
        for index in plan.readers.indices.reversed() {
            guard let inputs = found[index] else { continue }
            let reader = plan.readers[index]
            let slot = UnsafeBufferPointer(rebasing: weights[reader.slot.range])
            let variances = (0..<reader.columns).map { inputs.variance(network, $0, of: reader.columns) }
            let gains: [Double]
            if let target = reader.target {
                gains = shares(slot, reader, variances, target, passedOn[target])
                writeShares(network, index, gains, inputs)
            } else {
                let outer = centred(slot, reader)
                gains = (0..<reader.columns).map { column in
                    (0..<(reader.rows * reader.tail)).reduce(0) { sum, row in
                        let value = Double(outer[column * reader.rows * reader.tail + row])
                        return sum + value * value
                    }
                }
                writeOuter(network, index, outer, inputs)
            }
            for column in 0..<reader.columns {
                passedOn[reader.group][reader.unit(ofColumn: column)] += gains[column] * variances[column]
            }
        }
    }

    /// r^2 / var of every column: each row's unit hands on what it is worth in the shares that its inputs have in it.
    private func shares(
        _ weights: UnsafeBufferPointer<Float>, _ reader: ContributionPlan.Reader, _ variances: [Double], _ target: Int,
        _ worth: [Double]
    ) -> [Double] {
        var gains = [Double](repeating: 0, count: reader.columns)
        let rowsOfUnit = Double(reader.rows / max(worth.count, 1))
        for row in 0..<reader.rows {
            let unit = plan.target(of: row, reader, target)
            guard worth[unit] > 0 else { continue }
            let squares = (0..<reader.columns).map { column in
                (0..<reader.tail).reduce(0.0) { sum, place in
                    let weight = Double(weights[(row * reader.columns + column) * reader.tail + place])
                    return sum + weight * weight
                }
            }
            let total = zip(squares, variances).reduce(0) { $0 + $1.0 * $1.1 }
            guard total > 0, total.isFinite else { continue }
            for column in 0..<reader.columns { gains[column] += worth[unit] / rowsOfUnit * squares[column] / total }
        }
        return gains
    }

    /// The weights of every column less their mean over the rows, [columns, rows * tail].
    private func centred(_ weights: UnsafeBufferPointer<Float>, _ reader: ContributionPlan.Reader) -> [Float] {
        let (rows, columns, tail) = (reader.rows, reader.columns, reader.tail)
        var result = [Float](repeating: 0, count: weights.count)
        for column in 0..<columns {
            for place in 0..<tail {
                let mean = (0..<rows).reduce(Float(0)) { $0 + weights[($1 * columns + column) * tail + place] }
                for row in 0..<rows {
                    result[(column * rows + row) * tail + place] =
                        weights[(row * columns + column) * tail + place] - mean / Float(rows)
                }
            }
        }
        return result
    }

    /// Which entry of a unit each observation is of.
    private func entries(_ reader: ContributionPlan.Reader, _ inputs: ContributionInputs) -> [Int] {
        guard reader.entries > 1 else { return Array(repeating: 0, count: inputs.observations) }
        let perRow = Self.perRow(reader)
        return (0..<measure.rows).flatMap { row in
            ContributionPlan.places(reader, row: row, perRow: perRow, of: 1).map(\.entry)
        }
    }

    private mutating func writeShares(_ network: Int, _ index: Int, _ gains: [Double], _ inputs: ContributionInputs) {
        let reader = plan.readers[index], (layer, factor) = places[index], count = inputs.observations
        let entries = entries(reader, inputs), scale = Double(reader.entries) / Double(count)
        let place = range.lowerBound + network
        for unit in 0..<reader.size {
            var norm = 0.0
            for item in 0..<count {
                let column = reader.column(unit, entries[item])
                let value =
                    (gains[column] * scale).squareRoot()
                    * (Double(inputs.values[(network * reader.size + unit) * count + item])
                        - inputs.mean(network, column, of: reader.columns))
                result.layers[layer].factors[factor].signal[(place * reader.size + unit) * count + item] = Float(value)
                norm += value * value
            }
            result.layers[layer].norms[place * reader.size + unit] += Float(norm)
        }
    }

    private mutating func writeOuter(_ network: Int, _ index: Int, _ outer: [Float], _ inputs: ContributionInputs) {
        let reader = plan.readers[index], (layer, factor) = places[index], count = inputs.observations
        let width = reader.rows * reader.tail, entries = entries(reader, inputs)
        let scale = (Double(reader.entries) / Double(count)).squareRoot(), place = range.lowerBound + network
        for unit in 0..<reader.size {
            let start = place * reader.size + unit
            let signal = (0..<count).map { item in
                let column = reader.column(unit, entries[item])
                let value = Double(inputs.values[(network * reader.size + unit) * count + item])
                return scale * (value - inputs.mean(network, column, of: reader.columns))
            }
            if reader.entries > 1 {
                var norm = 0.0
                for item in 0..<count {
                    let column = reader.column(unit, entries[item])
                    for row in 0..<width {
                        let value = Double(outer[column * width + row]) * signal[item]
                        result.layers[layer].factors[factor].signal[(start * count + item) * width + row] = Float(value)
                        norm += value * value
                    }
                }
                result.layers[layer].norms[start] += Float(norm)
                continue
            }
            // The length of the signal goes to the weights, so that copies with other scales are written alike.
            let length = signal.reduce(0) { $0 + $1 * $1 }.squareRoot()
            guard length > 0 else { continue }
            var norm = 0.0
            for item in 0..<count {
                result.layers[layer].factors[factor].signal[start * count + item] = Float(signal[item] / length)
            }
            for row in 0..<width {
                let value = Double(outer[reader.column(unit, 0) * width + row]) * length
                result.layers[layer].factors[factor].outer[start * width + row] = Float(value)
                norm += value * value
            }
            result.layers[layer].norms[start] += Float(norm)
        }
    }
}
