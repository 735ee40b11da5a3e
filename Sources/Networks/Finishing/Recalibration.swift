import Tensors

/// Recomputes the running statistics of networks whose weights were made and not trained.
///
/// A batch norm normalises with a mean and a variance that belong to the weights in front of it; those of another
/// network, or an average of them, do not fit. Over M batches of training inputs, in training mode,
/// mean = 1/M sum_j mean_j and variance = 1/M sum_j variance_j (unbiased): PyTorch's cumulative average
/// (`momentum=None`) from reset statistics. Layers further on see what the batch's statistics made of the layers before.
///
/// Source: Izmailov, Podoprikhin, Garipov, Vetrov, Wilson, "Averaging Weights Leads to Wider Optima and Better
/// Generalization", 2018, section 3.2; DeepWeightFlow does it for every generated network, its release on test images.
/// Here the batches are of equal size within one sample, where PyTorch's last one may be short, and nothing is dropped
/// out.
public struct Recalibration: Sendable {
    /// The networks' function.
    private let network: any Network
    /// [n, features].
    private let inputs: Tensor
    /// Inputs in one batch, about; the smallest batch has two or more.
    private let batch = 250
    /// Networks in one pass; results do not depend on it.
    private let networksPerPass = 10

    /// Prepares the networks' statistics on inputs, which should be training inputs.
    ///
    /// - inputs: [n, features]. Traps on fewer than two: one value has no variance.
    public init(_ network: any Network, inputs: Tensor) {
        precondition(inputs.rank >= 2 && inputs.shape[0] >= 2, "Recalibration: inputs \(inputs.shape)")
        (self.network, self.inputs) = (network, inputs)
    }

    /// The buffers of networks [P, D], [P, bufferCount]; row i depends on network i alone.
    public func callAsFunction(_ population: Tensor) -> Tensor {
        let count = population.shape[0]
        guard count > 0 else { return .zeros([0, network.layout.bufferCount], precision: population.precision) }
        let passes = stride(from: 0, to: count, by: networksPerPass).map { first in
            statistics(population.sliced(axis: 0, first..<min(count, first + networksPerPass)))
        }
        return .concatenate(passes, axis: 0)
    }

    private func statistics(_ population: Tensor) -> Tensor {
        let layout = network.layout
        let parameters = Parameters(layout: layout, flat: population)
        var buffers: Buffers? = Buffers(layout, population: population.shape[0], precision: population.precision)
        let (samples, batches) = (inputs.shape[0], max(1, inputs.shape[0] / batch))
        for index in 0..<batches {
            let range = (index * samples / batches)..<((index + 1) * samples / batches)
            var pass = ForwardPass.training(buffers, momentum: 1 / Double(index + 1))
            _ = network(parameters, inputs.sliced(axis: 0, range), &pass)
            buffers = pass.buffers
        }
        return buffers?.flat ?? .zeros([population.shape[0], 0])
    }
}
