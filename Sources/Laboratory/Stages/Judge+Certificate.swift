import Evaluation
import Networks
import Tensors

extension Judge {
    /// How much the networks of a population differ, beside as many of the zoo; nil for fewer than two. Throws `DataError`
    /// for weights that are not finite.
    func diversity(of population: Population) throws -> EnsembleDiversity? {
        guard population.weights.shape[0] > 1 else { return nil }
        return evaluation.diversity(of: try judged(population))
    }

    /// What a vote of ten networks gains, beside ten fresh ones; nil for fewer than two.
    func gain(of population: Population) -> EnsembleGain? {
        let weights = population.weights
        guard weights.shape[0] > 1, data.test.labels.count > 0 else { return nil }
        let fresh = Array(data.rows.fresh.prefix(Self.mostMembers))
        let own = weights.sliced(axis: 0, 0..<min(weights.shape[0], Self.mostMembers))
        let buffers = population.buffers ?? data.recalibration?(own)
        return EnsembleGain(
            data.outputs(own, buffers.map { $0.sliced(axis: 0, 0..<own.shape[0]) }),
            fresh: data.outputs(data.zoo.population(fresh), data.zoo.bufferTensor(fresh)), labels: data.test.labels)
    }

    /// The most networks of a population that votes are drawn from.
    private static let mostMembers = 200
}

extension JudgingData {
    /// Networks and inputs in one pass; results do not depend on them.
    private static let (networksPerPass, inputsPerPass) = (10, 500)

    /// What networks [P, D] say of the test inputs, as probabilities.
    func outputs(_ weights: Tensor, _ buffers: Tensor?) -> EnsembleOutputs {
        let (count, layout) = (weights.shape[0], network.layout)
        var all: [Float] = []
        for first in stride(from: 0, to: count, by: Self.networksPerPass) {
            let networks = first..<min(count, first + Self.networksPerPass)
            let parameters = Parameters(layout: layout, flat: weights.sliced(axis: 0, networks))
            let own = buffers.map { Buffers(layout: layout, flat: $0.sliced(axis: 0, networks)) }
            let parts = stride(from: 0, to: test.labels.count, by: Self.inputsPerPass).map { start in
                let rows = test.inputs.sliced(axis: 0, start..<min(test.labels.count, start + Self.inputsPerPass))
                return network(parameters, rows, own).softmax()
            }
            all += Tensor.concatenate(parts, axis: 1).floats
        }
        return EnsembleOutputs(all, count: count, classes: all.count / max(1, count * test.labels.count))
    }

    /// Mean test accuracy of networks [P, D]; outputs that are not numbers count as wrong.
    func meanAccuracy(_ weights: Tensor, _ buffers: Tensor?) -> Double {
        let all = Classifier(network).accuracies(weights, buffers: buffers, inputs: test.inputs, labels: test.labels)
        return SampleStatistics(all).meanOfAll
    }
}
