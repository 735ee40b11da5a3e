import Foundation
import Networks
import Tensors
import Testing

@testable import Evaluation

@Suite("Networks by what their units contribute")
struct ContributionTests {
    private static func inputs(_ architecture: Architecture, _ count: Int) -> Tensor {
        var stream = RandomStream(seed: 5, purpose: "test.rows")
        return architecture.input.samples(count, &stream)
    }

    private static func networks(_ architecture: Architecture, _ count: Int, seed: UInt64 = 0) -> Tensor {
        var stream = RandomStream(seed: seed, purpose: "test.contributions")
        let fresh = Initialization.pytorch.population(architecture.layout, seeds: (0..<count).map { seed + UInt64($0) })
        return fresh + stream.normal(fresh.shape) * 0.1
    }

    /// Running statistics of the networks on their rows, nil without any.
    private static func buffers(_ architecture: Architecture, _ weights: Tensor, _ rows: Tensor) -> Tensor? {
        architecture.layout.bufferCount == 0 ? nil : Recalibration(architecture.network, inputs: rows)(weights)
    }

    private static func row(_ weights: Tensor, _ index: Int) -> [Float] { weights.selected(axis: 0, index).floats }

    /// Weights moved, scaled and flipped by random elements of the symmetry group, and their buffers.
    private static func disguised(_ architecture: Architecture, _ weights: Tensor, _ buffers: Tensor?) -> (
        Tensor, Tensor?
    ) {
        var stream = RandomStream(seed: 2, purpose: "test.disguise")
        let layout = architecture.layout
        var (rows, moved): ([Float], [Float]) = ([], [])
        for index in 0..<weights.shape[0] {
            let element = SymmetryElement.random(
                layout, permutation: { stream.permutation($0) },
                scale: { scaling in
                    let size = Double(0.5 + stream.uniform([1]).floats[0])
                    return scaling == .sign && stream.integer(below: 2) == 0 ? -size : size
                })
            rows += element.apply(to: row(weights, index), layout: layout)
            if let buffers { moved += element.apply(toBuffers: row(buffers, index), layout: layout) }
        }
        return (Tensor(rows, shape: weights.shape), buffers.map { Tensor(moved, shape: $0.shape) })
    }

    static let architectures: [Architecture] = [
        .mlp(.init(widths: [7, 6, 4])), .mlp(.init(widths: [7, 6, 5, 4], activation: .tanh)),
        .mlp(.init(widths: [7, 8, 6, 5, 4], activation: .leakyReLU(slope: 0.2), norm: .batch)),
        .mlp(.init(widths: [7, 6, 5, 4], activation: .gelu, norm: .layer)), .mlp(.init(widths: [7, 4])),
        .cnn(.init(size: .small, activation: .tanh)), .cnn(.init(size: .small, activation: .relu)),
        .resnet(.init(depth: 20, image: ImageExtent(channels: 1, height: 8, width: 8), width: 4)),
    ]

    @Test("exact copies are at 0, whatever was done to order, scales and signs; others are not", arguments: 0..<8)
    func copies(_ index: Int) throws {
        let architecture = Self.architectures[index]
        let (rows, weights) = (Self.inputs(architecture, 40), Self.networks(architecture, 5))
        let buffers = Self.buffers(architecture, weights, rows)
        let measure = try #require(ContributionMeasure(architecture.network, inputs: rows, zooCount: 5))
        let zoo = measure(weights, buffers: buffers)
        let (copies, own) = Self.disguised(architecture, weights, buffers)
        let others = zoo.nearest(in: zoo, except: Array(0..<5))
        let usual = others.map(\.distance).reduce(0, +) / 5
        #expect(usual > 0.01 && others.enumerated().allSatisfy { $0 != $1.index })
        for (network, found) in measure(copies, buffers: own).nearest(in: zoo).enumerated() {
            #expect(found.index == network && found.distance < 2e-3 * usual, "\(found.distance / usual)")
        }
    }

    /// d^2 by its definition, for one hidden layer: every matching is tried.
    private static func defined(_ a: [Float], _ b: [Float], _ layout: ParameterLayout, _ rows: Tensor) -> Double {
        let (n, x) = (rows.shape[0], rows.doubles)
        func form(_ weights: [Float]) -> (signals: [[Double]], outgoing: [[Double]], mean: [Double]) {
            let slots: [[Double]] = layout.slots.map { weights[$0.range].map { Double($0) } }
            var (signals, columns): ([[Double]], [[Double]]) = ([], [])
            var mean: [Double] = slots[3]
            for unit in 0..<4 {
                var signal = [Double](repeating: 0, count: n)
                for row in 0..<n {
                    var sum = slots[1][unit]
                    for input in 0..<3 { sum += slots[0][unit * 3 + input] * x[row * 3 + input] }
                    signal[row] = max(0, sum)
                }
                let average = signal.reduce(0, +) / Double(n)
                let column: [Double] = (0..<3).map { slots[2][$0 * 4 + unit] }
                for output in 0..<3 { mean[output] += column[output] * average }
                let common = column.reduce(0, +) / 3
                signals.append(signal.map { $0 - average })
                columns.append(column.map { $0 - common })
            }
            let common = mean.reduce(0, +) / 3
            return (signals, columns, mean.map { $0 - common })
        }
        let (left, right) = (form(a), form(b))
        func cost(_ u: Int, _ w: Int) -> Double {
            var sum = 0.0
            for row in 0..<n {
                for output in 0..<3 {
                    let own: Double = left.outgoing[u][output] * left.signals[u][row]
                    let other: Double = right.outgoing[w][output] * right.signals[w][row]
                    sum += (own - other) * (own - other)
                }
            }
            return sum / Double(n)
        }
        func least(_ unit: Int, _ free: [Int]) -> Double {
            unit == 4 ? 0 : free.map { w in cost(unit, w) + least(unit + 1, free.filter { $0 != w }) }.min() ?? 0
        }
        var means = 0.0
        for (own, other) in zip(left.mean, right.mean) { means += (own - other) * (own - other) }
        return (least(0, [0, 1, 2, 3]) + means).squareRoot()
    }

    @Test("one hidden layer: the distance is the definition's over all matchings, and the nearest is found")
    func definition() throws {
        let architecture = Architecture.mlp(.init(widths: [3, 4, 3]))
        let rows = Self.inputs(architecture, 12)
        let (some, zoo) = (Self.networks(architecture, 3, seed: 50), Self.networks(architecture, 9))
        let measure = try #require(ContributionMeasure(architecture.network, inputs: rows, zooCount: 9))
        let (own, others) = (measure(some), measure(zoo))
        for (row, found) in own.nearest(in: others).enumerated() {
            let all = (0..<9).map { Self.defined(Self.row(some, row), Self.row(zoo, $0), architecture.layout, rows) }
            for column in 0..<9 {
                let distance = try #require(own.distance(row, column, in: others))
                #expect(abs(distance - all[column]) < 1e-5 * (1 + all[column]))
            }
            #expect(found.index == all.indices.min { all[$0] < all[$1] })
        }
    }

    @Test("weights of constant inputs, of units never on or never read, and constant units are no difference")
    func silent() throws {
        let architecture = Architecture.mlp(.init(widths: [6, 5, 5, 3])), layout = architecture.layout
        var values = Self.inputs(architecture, 30).floats
        for row in 0..<30 { values[row * 6 + 2] = 0 }
        let rows = Tensor(values, shape: [30, 6])
        var (network, copy) = (Self.row(Self.networks(architecture, 1), 0), [Float]())
        let at = layout.slots.map(\.offset)
        // Unit 1 of the second layer is never on, unit 4 of it is not read.
        network[at[3] + 1] = -100
        for output in 0..<3 { network[at[4] + output * 5 + 4] = 0 }
        copy = network
        for unit in 0..<5 { copy[at[0] + unit * 6 + 2] += 3 }
        for output in 0..<3 { copy[at[4] + output * 5 + 1] *= -8 }
        for unit in 0..<5 { (copy[at[2] + 5 + unit], copy[at[2] + 20 + unit]) = (0.01, 5) }
        let measure = try #require(ContributionMeasure(architecture.network, inputs: rows, zooCount: 1))
        let zoo = measure(Tensor(network, shape: [1, layout.count]))
        let size = try #require(measure(Tensor(zeros(layout.count), shape: [1, layout.count])).distance(0, 0, in: zoo))
        let found = measure(Tensor(copy, shape: [1, layout.count])).nearest(in: zoo)[0]
        #expect(found.distance < 1e-5 * size)
        // A unit of the first layer that is always 1 does what a bias of the second does.
        var constant = network
        for input in 0..<6 { constant[at[0] + input] = 0 }
        constant[at[1]] = 1
        var biased = constant
        for unit in 0..<5 {
            biased[at[3] + unit] += constant[at[2] + unit * 5]
            biased[at[2] + unit * 5] = 0
        }
        let pair = measure(Tensor(constant + biased, shape: [2, layout.count]))
        #expect(try #require(pair.distance(0, 1, in: pair)) < 1e-5 * size)
    }

    private func zeros(_ count: Int) -> [Float] { Array(repeating: 0, count: count) }

    @Test("what is added to all logits is no difference, and another bias is one")
    func logits() throws {
        let architecture = Architecture.mlp(.init(widths: [4, 5, 3])), layout = architecture.layout
        let network = Self.row(Self.networks(architecture, 1), 0)
        var (shifted, biased) = (network, network)
        for output in 0..<3 {
            for unit in 0..<5 { shifted[layout.slots[2].offset + output * 5 + unit] += Float(unit) }
            shifted[layout.slots[3].offset + output] += 2
        }
        biased[layout.slots[3].offset] += 3
        let measure = try #require(
            ContributionMeasure(architecture.network, inputs: Self.inputs(architecture, 20), zooCount: 3))
        let all = measure(Tensor(network + shifted + biased, shape: [3, layout.count]))
        #expect(try #require(all.distance(0, 1, in: all)) < 1e-4)
        // The bias 3 about its mean over classes: (2, -1, -1).
        #expect(abs(try #require(all.distance(0, 2, in: all)) - 6.0.squareRoot()) < 1e-4)
    }

    @Test("scales that a batch norm undoes are no difference")
    func beforeNorm() throws {
        let architecture = Architecture.mlp(.init(widths: [6, 5, 4, 3], norm: .batch)), layout = architecture.layout
        let (rows, weights) = (Self.inputs(architecture, 50), Self.networks(architecture, 2))
        var copy = Self.row(weights, 1)
        let first = try #require(layout.slot(named: "layers.0.weight")),
            bias = try #require(
                layout.slot(named: "layers.0.bias"))
        for unit in 0..<5 {
            for input in 0..<6 { copy[first.offset + unit * 6 + input] *= Float(2 + unit) }
            copy[bias.offset + unit] *= Float(2 + unit)
        }
        let measure = try #require(ContributionMeasure(architecture.network, inputs: rows, zooCount: 2))
        let zoo = measure(weights, buffers: Self.buffers(architecture, weights, rows))
        let other = Tensor(copy, shape: [1, layout.count])
        let found = measure(other, buffers: Self.buffers(architecture, other, rows)).nearest(in: zoo)[0]
        let usual = try #require(zoo.distance(0, 1, in: zoo))
        #expect(found.index == 1 && found.distance < 1e-2 * usual)
    }

    @Test("noise moves a network as far as it is strong, and no farther than another network")
    func noise() throws {
        let architecture = Architecture.mlp(.init(widths: [8, 12, 12, 4]))
        let (rows, zoo) = (Self.inputs(architecture, 64), Self.networks(architecture, 6))
        let measure = try #require(ContributionMeasure(architecture.network, inputs: rows, zooCount: 6))
        let known = measure(zoo)
        var stream = RandomStream(seed: 1, purpose: "test.noise")
        let draw = stream.normal(zoo.shape)
        func mean(_ sigma: Double) -> Double {
            let found = measure(zoo + draw * sigma).nearest(in: known)
            #expect(found.enumerated().allSatisfy { $0 == $1.index })
            return found.map(\.distance).reduce(0, +) / 6
        }
        let (small, large) = (mean(0.001), mean(0.004))
        #expect(abs(large / small - 4) < 0.4)
        #expect(large < 0.2 * (known.nearest(in: known, except: Array(0..<6)).map(\.distance).min() ?? 0))
    }

    @Test("a network's neighbour depends on it and the zoo alone; some of the networks are what they were among all")
    func independence() throws {
        let architecture = Architecture.mlp(.init(widths: [5, 7, 6, 3], activation: .tanh))
        let measure = try #require(
            ContributionMeasure(architecture.network, inputs: Self.inputs(architecture, 33), zooCount: 90))
        let (zoo, some) = (
            measure(Self.networks(architecture, 90)), measure(Self.networks(architecture, 21, seed: 200))
        )
        let all = some.nearest(in: zoo)
        #expect(some.selecting([20, 3, 3]).nearest(in: zoo) == [all[20], all[3], all[3]])
        for (row, found) in all.enumerated() {
            let distances = (0..<90).compactMap { some.distance(row, $0, in: zoo) }
            #expect(abs(found.distance - (distances.min() ?? 0)) < 1e-5)
        }
    }

    @Test("networks that are not finite have no distance, and are nobody's neighbour")
    func notFinite() throws {
        let architecture = Architecture.mlp(.init(widths: [5, 4, 3]))
        var weights = Self.networks(architecture, 3).floats
        for index in 0..<architecture.layout.count { weights[index] *= 1e25 }
        let measure = try #require(
            ContributionMeasure(architecture.network, inputs: Self.inputs(architecture, 10), zooCount: 3))
        let all = measure(Tensor(weights, shape: [3, architecture.layout.count]))
        let found = all.nearest(in: all, except: [0, 1, 2])
        #expect(found[0].index == nil && found[0].distance.isNaN && all.distance(0, 1, in: all) == nil)
        #expect(found[1].index == 2 && found[2].index == 1)
    }

    @Test("rows are spread over all, fewer for a zoo that would not fit, and none for a single one")
    func rows() throws {
        let architecture = Architecture.mlp(.init(widths: [2, 64, 3]))
        let rows = Tensor((0..<2000).map { Float($0) }, shape: [1000, 2])
        func measure(_ count: Int, of zoo: Int) -> ContributionMeasure? {
            ContributionMeasure(architecture.network, inputs: rows.sliced(axis: 0, 0..<count), zooCount: zoo)
        }
        #expect(measure(1000, of: 10)?.rows == 256 && measure(100, of: 10)?.rows == 100 && measure(1, of: 10) == nil)
        #expect(measure(1000, of: 20_000)?.rows == 125 && measure(1000, of: 1 << 40)?.rows == 32)
        #expect(measure(512, of: 10)?.inputs.floats[..<4] == [0, 1, 4, 5])
    }
}
