import Tensors

/// Gradient steps of a finish: Adam at a constant rate on the mean cross-entropy of all rows at once, each network by
/// itself.
struct FinishSteps: Sendable {
    let steps: Int
    let rate: Double
    /// Classes of the rows as vectors, [n, C].
    let targets: Tensor

    /// Moves numbers [P, K] down the loss of the logits [P, n, C] that a closure makes of them.
    ///
    /// - parts: ranges of rows whose gradients are taken one after the other and added up; the closure gives the logits
    ///   of one.
    private func minimize(
        _ start: Tensor, parts: [Range<Int>]? = nil, _ logits: (_ flat: Tensor, _ rows: Range<Int>) -> Tensor
    ) -> Tensor {
        let count = targets.shape[0]
        var (flat, optimizer) = (start, AdamW(shape: start.shape, precision: start.precision))
        for _ in 0..<steps {
            let gradients = (parts ?? [0..<count]).map { rows in
                let share = Double(rows.count) / Double(count)
                let own = targets.sliced(axis: 0, rows)
                return flatGradient(at: flat) {
                    Loss.crossEntropy(logits($0, rows), targets: own).sum().scaled(by: share)
                }.gradient
            }
            let sum =
                gradients.count == 1
                ? gradients[0] : FlatGradient(gradients.dropFirst().reduce(gradients[0].formed) { $0 + $1.formed })
            optimizer.update(&flat, along: sum, rate: rate)
        }
        return flat
    }

    /// Gains and biases of the classes, [P, 2 C], for logits [P, n, C]: z' = g z + c, from g = 1 and c = 0. Without
    /// `hasBias` c stays 0.
    func gains(_ logits: Tensor, hasBias: Bool) -> Tensor {
        let (networks, classes) = (logits.shape[0], logits.shape[2])
        let ones = Tensor.ones([networks, classes], precision: logits.precision)
        let none = Tensor.zeros([networks, classes], precision: logits.precision)
        guard hasBias else {
            let gains = minimize(ones) { gains, _ in logits * gains.reshaped([networks, 1, classes]) }
            return .concatenate([gains, none], axis: 1)
        }
        return minimize(.concatenate([ones, none], axis: 1)) { flat, _ in
            let gains = flat.sliced(axis: 1, 0..<classes).reshaped([networks, 1, classes])
            let offsets = flat.sliced(axis: 1, classes..<(2 * classes)).reshaped([networks, 1, classes])
            return logits * gains + offsets
        }
    }

    /// A last layer's weights and biases, [P, C in + C] (or [P, C in] without biases), for its inputs [P, n, in] or [n, in]
    /// shared.
    func lastLayer(_ layer: Tensor, inputs: Tensor, head: ClassifierHead) -> Tensor {
        let (networks, classes) = (layer.shape[0], head.classes)
        let (weights, width) = (head.weight.count, head.weight.shape[1])
        return minimize(layer) { flat, _ in
            let weight = flat.sliced(axis: 1, 0..<weights).reshaped([networks, classes, width])
            let bias =
                head.bias == nil
                ? Tensor.zeros([networks, classes], precision: flat.precision)
                : flat.sliced(axis: 1, weights..<(weights + classes))
            return linear(inputs, weight: weight, bias: bias)
        }
    }

    /// All weights of networks [P, D] in training mode, in parts of the rows one after the other; dropout takes no part,
    /// and running statistics are left to be taken anew.
    func everything(_ network: any Network, _ population: Tensor, inputs: Tensor, parts: [Range<Int>]) -> Tensor {
        let layout = network.layout
        let buffers =
            layout.bufferCount == 0
            ? nil : Buffers(layout, population: population.shape[0], precision: population.precision)
        return minimize(population, parts: parts) { flat, rows in
            var pass = ForwardPass.training(buffers)
            return network(Parameters(layout: layout, flat: flat), inputs.sliced(axis: 0, rows), &pass)
        }
    }
}

/// Keeps what the last layer is given, and the logits.
struct HeadObserver: LayerObserver {
    let head: Slot
    private(set) var input: Tensor?

    init(_ head: ClassifierHead) { self.head = head.weight }

    mutating func layer(_ weight: Slot, input: Tensor, output: Tensor) {
        if weight == head { self.input = input }
    }
}
