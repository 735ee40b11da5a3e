import Tensors
import Testing

@testable import Networks

/// Numbers that look random and are the same everywhere, as `Scripts/torch_fixtures/architectures.py` has them.
enum Formula {
    /// `count` numbers of -1 to 1: whole-number arithmetic and one division.
    static func numbers(_ count: Int, _ salt: Int) -> [Double] {
        (0..<count).map { 2 * Double(($0 * ($0 + salt + 1) * 7919 + 13 * salt) % 10007) / 10007 - 1 }
    }

    /// The weights of a network: scales around 1, weights by their fan-in, anything else up to a half.
    static func weights(_ layout: ParameterLayout, salt: Int = 0) -> [Double] {
        values(layout.slots, layout.count, salt)
    }

    /// The running statistics of a network.
    static func buffers(_ layout: ParameterLayout, salt: Int = 0) -> [Double] {
        values(layout.buffers, layout.bufferCount, salt + 1000)
    }

    private static func values(_ slots: [Slot], _ count: Int, _ salt: Int) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(count)
        for (index, slot) in slots.enumerated() {
            let gain = (3 * Double(slot.shape.first ?? 1) / Double(slot.count)).squareRoot()
            result += numbers(slot.count, index + salt).map { number in
                switch slot.role {
                case .scale: 1 + number / 2
                case .weight: number * gain
                case .bias, .shift, .embedding: number / 2
                }
            }
        }
        return result
    }

    /// Samples for a network, [count, features]; tokens where it wants tokens.
    static func inputs(_ input: NetworkInput, _ count: Int, salt: Int = 2000) -> Tensor {
        var numbers = numbers(count * input.count, salt)
        if case .tokens(_, let vocabulary) = input {
            numbers = numbers.map { (($0 + 1) / 2 * Double(vocabulary)).rounded(.down) }
        }
        return Tensor(numbers, shape: [count, input.count])
    }
}

/// One network of an architecture: numbers that single precision holds, computed with in double precision.
struct SampleNetwork {
    let architecture: Architecture
    let network: any Network
    let layout: ParameterLayout
    var weights: [Float]
    var buffers: [Float]

    init(_ architecture: Architecture, salt: Int = 0) {
        self.architecture = architecture
        network = architecture.network
        layout = network.layout
        weights = Formula.weights(layout, salt: salt).map { Float($0) }
        buffers = Formula.buffers(layout, salt: salt).map { Float($0) }
    }

    /// The same network moved by a symmetry.
    func moved(_ element: SymmetryElement) -> SampleNetwork {
        var result = self
        result.weights = element.apply(to: weights, layout: layout)
        result.buffers = element.apply(toBuffers: buffers, layout: layout)
        return result
    }

    var parameters: Parameters {
        Parameters(layout: layout, flat: Tensor(weights.map { Double($0) }, shape: [layout.count]))
    }

    var statistics: Buffers? {
        layout.bufferCount == 0
            ? nil : Buffers(layout: layout, flat: Tensor(buffers.map { Double($0) }, shape: [layout.bufferCount]))
    }

    /// Outputs in evaluation, [B, out].
    func outputs(_ x: Tensor) -> Tensor { network(parameters, x, statistics) }

    /// Outputs in training, and the buffers afterwards.
    func training(_ x: Tensor) -> (outputs: Tensor, buffers: Tensor?) {
        var pass = ForwardPass.training(statistics)
        let outputs = network(parameters, x, &pass)
        return (outputs, pass.buffers?.flat)
    }
}

/// Small descriptions of every kind, with every choice that decides about symmetries.
let sampleArchitectures: [Architecture] = [
    .mlp(.init(widths: [5, 7, 6, 3], activation: .relu)),
    .mlp(.init(widths: [5, 7, 6, 3], activation: .gelu, bias: false)),
    .mlp(.init(widths: [5, 7, 6, 3], activation: .tanh, norm: .batch)),
    .mlp(.init(widths: [5, 7, 6, 3], activation: .leakyReLU(), bias: false, norm: .batch)),
    .mlp(.init(widths: [5, 7, 6, 3], activation: .relu, norm: .layer)),
    .convolutional(
        .init(image: ImageExtent(channels: 2, height: 8, width: 6), channels: [4, 5], paddings: [1], outputs: 3)),
    .convolutional(
        .init(
            image: ImageExtent(channels: 1, height: 8, width: 8), channels: [4, 5], kernels: [3, 2], paddings: [1, 0],
            pools: [1, 2], norm: .batch, hidden: [6], activation: .tanh, outputs: 4
        ) { ($0.strides, $0.pooling, $0.hasBias) = ([2, 1], .average, false) }),
    .convolutional(
        .init(
            image: ImageExtent(channels: 1, height: 6, width: 6), channels: [4, 3], paddings: [1], pools: [2, 1],
            activation: .leakyReLU(), outputs: 3
        ) { $0.readout = .mean }),
    .cnn(.init(size: .small, activation: .tanh)),
    .cnn(.init(size: .small, image: ImageExtent(channels: 2, height: 28, width: 36), activation: .relu)),
    .cnn(.init(size: .small, activation: .gelu, dropout: 0.5)),
    .cnn(.init(size: .large, activation: .leakyReLU(slope: 0.1))),
    .lenet5(.init()),
    .lenet5(.init(image: ImageExtent(channels: 3, height: 32, width: 36), activation: .tanh, pooling: .average)),
    .lenet5(.init(activation: .tanh)),
    .resnet(.init(depth: 18, image: ImageExtent(channels: 3, height: 9, width: 7), width: 3)),
    .resnet(.init(depth: 20, image: ImageExtent(channels: 1, height: 8, width: 8), width: 2, outputs: 3)),
    .vit(
        .init(
            image: ImageExtent(channels: 3, height: 8, width: 12), depth: 2, width: 12, heads: 3, hidden: 10)),
    .encoder(.init(vocabulary: 11, length: 5, depth: 2, width: 8, heads: 4, hidden: 12, outputs: 2)),
]

extension Architecture: CustomTestStringConvertible {
    /// The kind and the number of parameters.
    public var testDescription: String { "\(config)" }
}
