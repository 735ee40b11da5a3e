import Networks
import Tensors

/// The zoo benchmarks' CNN on 1 x 28 x 28: 2,464 parameters.
private struct SmallCNN: Sendable {
    let layout: ParameterLayout
    private let convolutions: [Conv2d]
    private let linears: [Linear]

    init() {
        var builder = ParameterLayout.Builder()
        convolutions = [
            Conv2d("0", in: 1, out: 8, kernel: 5, layout: &builder),
            Conv2d("3", in: 8, out: 6, kernel: 5, layout: &builder),
            Conv2d("6", in: 6, out: 4, kernel: 2, layout: &builder),
        ]
        linears = [
            Linear("9", in: 36, out: 20, layout: &builder), Linear("11", in: 20, out: 10, layout: &builder),
        ]
        layout = builder.layout()
    }

    /// - x: [P, B, 1, 28, 28]; returns [P, B, 10].
    func callAsFunction(_ parameters: Parameters, _ x: Tensor) -> Tensor {
        let pool = MaxPool2d(2)
        var h = pool(convolutions[0](parameters, x)).tanh()
        h = pool(convolutions[1](parameters, h)).tanh()
        h = convolutions[2](parameters, h).tanh()
        let flat = h.reshaped(Shape(h.shape.array.dropLast(3) + [36]))
        return linears[1](parameters, linears[0](parameters, flat).tanh())
    }
}

/// Networks trained side by side, on images of their own.
private struct CNNGroup {
    var weights: Tensor
    var optimizer: AdamW
    let images: Tensor, targets: Tensor

    mutating func step(_ network: SmallCNN) {
        let direction = gradient(at: weights) { flat in
            Loss.crossEntropy(network(Parameters(layout: network.layout, flat: flat), images), targets: targets).sum()
        }.gradient
        optimizer.update(&weights, along: direction, rate: 3e-4)
    }
}

extension Works {
    /// One Adam step of all CNNs, in groups of ten side by side, whose activations stay in the cache.
    static func cnnStep(count: Int, batch: Int, steps: Int, _ repeats: Int) -> [Double] {
        let network = SmallCNN(), size = 10
        var stream = RandomStream(seed: 0, purpose: "bench.cnn")
        var groups = (0..<(count / size)).map { group in
            let seeds = (0..<size).map { UInt64(group * size + $0) }
            let weights = Initialization.pytorch.population(network.layout, seeds: seeds)
            let labels = (0..<(size * batch)).map { _ in Int32(stream.integer(below: 10)) }
            return CNNGroup(
                weights: weights, optimizer: AdamW(shape: weights.shape),
                images: stream.uniform([size, batch, 1, 28, 28]),
                targets: Tensor.oneHot(labels, classes: 10).reshaped([size, batch, 10]))
        }
        return time(repeats, share: steps) {
            groups.withUnsafeMutableBufferPointer { groups in
                parallelRounds(groups.count) { index in
                    for _ in 0..<steps { groups[index].step(network) }
                }
            }
        }
    }
}
