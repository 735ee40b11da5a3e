import Foundation

@testable import Networks

/// A multilayer perceptron in plain loops, to check functions before and after a symmetry.
struct PlainNetwork {
    /// The nonlinearity between layers.
    enum Activation { case relu, leaky, tanh }

    let widths: [Int]
    let activation: Activation
    let layout: ParameterLayout

    init(_ widths: [Int], _ activation: Activation = .relu) {
        self.widths = widths
        self.activation = activation
        var builder = ParameterLayout.Builder()
        var previous: Int?
        for layer in 0..<(widths.count - 1) {
            let size = widths[layer + 1]
            let group: Int? =
                layer == widths.count - 2
                ? nil
                : builder.addGroup("layers.\(layer)", size: size, scaling: activation == .tanh ? .sign : .positive)
            _ = builder.addSlot(
                "layers.\(layer).weight", shape: [size, widths[layer]], role: .weight, axes: [group, previous])
            _ = builder.addSlot("layers.\(layer).bias", shape: [size], role: .bias, axes: [group])
            previous = group
        }
        layout = builder.layout()
    }

    /// Outputs for one input, in double precision.
    func callAsFunction(_ row: [Float], _ input: [Double]) -> [Double] {
        var values = input
        for layer in 0..<(widths.count - 1) {
            let weight = layout.slots[2 * layer]
            let bias = layout.slots[2 * layer + 1]
            values = (0..<widths[layer + 1]).map { unit in
                var sum = Double(row[bias.offset + unit])
                for (index, value) in values.enumerated() {
                    sum += Double(row[weight.offset + unit * widths[layer] + index]) * value
                }
                if layer == widths.count - 2 { return sum }
                switch activation {
                case .relu: return max(sum, 0)
                case .leaky: return sum < 0 ? 0.1 * sum : sum
                case .tanh: return Foundation.tanh(sum)
                }
            }
        }
        return values
    }

    /// Random weights of variance 1/fan-in.
    func random(_ generator: inout SplitMix) -> [Float] {
        layout.slots.flatMap { slot in
            (0..<slot.count).map { _ in
                Float(generator.normal() / Double(slot.shape.count > 1 ? slot.shape[1] : 4).squareRoot())
            }
        }
    }

    /// The largest difference of two weight vectors' outputs over twenty random inputs.
    func difference(_ first: [Float], _ second: [Float]) -> Double {
        var generator = SplitMix(seed: 77, index: 0)
        var largest = 0.0
        for _ in 0..<20 {
            let input = (0..<widths[0]).map { _ in generator.normal() }
            for (one, other) in zip(self(first, input), self(second, input)) {
                largest = max(largest, abs(one - other))
            }
        }
        return largest
    }

    /// A random symmetry: permutations, and factors where `scaled`.
    func symmetry(_ generator: inout SplitMix, scaled: Bool) -> SymmetryElement {
        var source = generator
        defer { generator = source }
        let scale: (SymmetryGroup.Scaling) -> Double = { scaling in
            scaling == .sign ? (source.uniform() < 0.5 ? -1 : 1) : exp(2 * source.uniform() - 1)
        }
        if scaled {
            var other = SplitMix(seed: generator.next(), index: 1)
            return SymmetryElement.random(layout, permutation: { other.permutation($0) }, scale: scale)
        }
        return SymmetryElement.random(layout, permutation: { source.permutation($0) })
    }
}

extension SplitMix {
    /// Uniform in (0, 1).
    mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }

    /// Standard normal (Box and Muller).
    mutating func normal() -> Double {
        (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform())
    }

    /// An integer in `0..<bound`.
    mutating func integer(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
