import Foundation
import Networks
import TestSupport
import Tensors
import Testing

@testable import Generation

/// Encoders of support sets without blocks of attention, against their formulas in plain loops.
@Suite("The formulas of support sets")
struct SupportFormulaTests {
    private typealias Row = [Double]

    /// Slots of an encoder's weights as nested arrays.
    private struct Weights {
        let parameters: Parameters

        func vector(_ name: String) throws -> Row {
            let slot = try #require(parameters.layout.slots.first { $0.name == "conditions.\(name)" }, "\(name)")
            return parameters[slot].doubles
        }

        /// W x + b.
        func linear(_ name: String, _ x: Row, bias: Bool = true) throws -> Row {
            let weight = try vector("\(name).weight"), count = weight.count / x.count
            let offsets = bias ? try vector("\(name).bias") : Row(repeating: 0, count: count)
            return (0..<count).map { row in
                offsets[row] + zip(weight[(row * x.count)..<((row + 1) * x.count)], x).reduce(0) { $0 + $1.0 * $1.1 }
            }
        }

        func perceptron(_ name: String, _ x: Row) throws -> Row {
            try linear("\(name).2", linear("\(name).0", x).map { $0 * 0.5 * (1 + erf($0 / 2.0.squareRoot())) })
        }

        func normalized(_ x: Row) throws -> Row {
            let mean = x.reduce(0, +) / Double(x.count)
            let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
            let (scale, shift) = (try vector("support.norm.weight"), try vector("support.norm.bias"))
            return x.indices.map { (x[$0] - mean) / (variance + 1e-5).squareRoot() * scale[$0] + shift[$0] }
        }

        /// A x + perceptron(x).
        func example(_ x: Row) throws -> Row {
            try sum(linear("examples.straight", x, bias: false), perceptron("examples", x))
        }

        func sum(_ a: Row, _ b: Row) -> Row { zip(a, b).map { $0 + $1 } }
    }

    private static func mean(_ rows: [Row]) -> Row {
        (0..<rows[0].count).map { column in rows.reduce(0) { $0 + $1[column] } / Double(rows.count) }
    }

    private static func rows(_ set: SupportSet) -> [Row] {
        let width = set.exampleShape[0], all = set.features.doubles
        return (0..<set.count).map { Array(all[($0 * width)..<(($0 + 1) * width)]) }
    }

    @Test("one vector: codes, means and their outer product")
    func oneVector() throws {
        let set = try SupportSet(
            features: normalDoubles([6, 4], seed: 31), labels: [0, 2, 1, 2, SupportSet.unknown, 0], classes: 3)
        let encoder = try SupportSamples.encoder(of: set, layers: 0)
        let weights = Weights(parameters: encoder.parameters)
        let scale = try weights.vector("support.scale")[0], unknown = try weights.vector("support.unknown")
        let table = LabelCodes.codes(3).doubles
        let codes = (0..<3).map { Array(table[($0 * 2)..<($0 * 2 + 2)]) }
        let h = try zip(Self.rows(set), set.labels).map { row, label in
            let code = label == SupportSet.unknown ? unknown : codes[label].map { $0 * scale }
            return try weights.normalized(
                weights.sum(weights.example(row), weights.linear("support.codes", code, bias: false)))
        }
        let means = (0..<3).map { label in Self.mean(h.indices.filter { set.labels[$0] == label }.map { h[$0] }) }
        let outer = (0..<2).flatMap { axis in
            h[0].indices.map { column in (0..<3).reduce(0) { $0 + codes[$1][axis] * means[$1][column] } }
        }
        let expected = try weights.perceptron("support", Self.mean(h) + outer)
        #expect(relativeDifference(encoder.features(set).doubles, expected) < 1e-10)
    }

    @Test("class tokens: means, and a stand-in for a class that is not there")
    func classTokens() throws {
        let set = try SupportSet(
            features: normalDoubles([5, 4], seed: 32), labels: [0, 1, 1, 0, SupportSet.unknown], classes: 2)
        let encoder = try SupportSamples.encoder(of: set, layers: 0, classTokens: 3)
        let weights = Weights(parameters: encoder.parameters), rows = Self.rows(set)
        let means = try (0..<2).map { label in
            try weights.normalized(
                Self.mean(rows.indices.filter { set.labels[$0] == label }.map { try weights.example(rows[$0]) }))
        }
        let tokens =
            try means.map { try weights.linear("support.token", $0) } + [weights.vector("support.missing_class")]
        #expect(relativeDifference(encoder.tokens(set).doubles, tokens.flatMap { $0 }) < 1e-10)
        let features = try weights.linear("support.output", Self.mean(means))
        #expect(relativeDifference(encoder.features(set).doubles, features) < 1e-10)
        let nothing = encoder(.none)
        #expect(relativeDifference(nothing.features.doubles, try weights.vector("support.missing")) < 1e-12)
        let missing = try weights.vector("support.missing_class")
        #expect(relativeDifference(try #require(nothing.classes).doubles, missing + missing + missing) < 1e-12)
    }

    @Test("an image is read by its two convolutions, each pixel also by itself")
    func images() throws {
        var builder = ParameterLayout.Builder()
        let encoder = ImageEncoder([2, 5, 7], width: 3, layout: &builder)
        let layout = builder.layout()
        #expect(
            layout.slots.map(\.shape) == [[3, 70], [16, 2, 3, 3], [16], [32, 16, 3, 3], [32], [3, 32 * 2 * 2], [3]])
        let flat = normalDoubles([layout.count], seed: 33) * 0.2, images = normalDoubles([4, 2, 5, 7], seed: 34)
        let found = encoder(Parameters(layout: layout, flat: flat), images)
        func slot(_ index: Int) -> Tensor {
            flat.sliced(axis: 0, layout.slots[index].range).reshaped(Shape(layout.slots[index].shape))
        }
        let halving = Convolution(stride: 2, padding: 1)
        let first = conv2d(images, weight: slot(1), bias: slot(2), halving).gelu()
        let second = conv2d(first, weight: slot(3), bias: slot(4), halving).gelu()
        let expected =
            matmul(images.reshaped([4, 70]), slot(0), transposeB: true)
            + linear(second.reshaped([4, -1]), weight: slot(5), bias: slot(6))
        #expect(relativeDifference(found, expected) < 1e-12)
    }
}
