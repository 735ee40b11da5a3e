import Networks
import Tensors

/// Finds the network of a population that fits a few examples best: the network of the nearest task, by support loss.
///
/// A support set that only picks one of many stored networks does this; a generator must do better, or it is a library.
public struct ZooRetrieval: Sendable {
    private let classifier: Classifier
    /// The population to choose from, [N, D].
    public let population: Tensor
    private let buffers: Tensor?

    /// Prepares to choose from networks [N, D] with their running statistics, if any; traps without networks.
    public init(_ network: any Network, population: Tensor, buffers: Tensor? = nil) {
        precondition(population.rank == 2 && population.shape[0] > 0, "zoo retrieval: networks \(population.shape)")
        classifier = Classifier(network)
        (self.population, self.buffers) = (population, buffers)
    }

    /// The places of the networks with the least mean cross-entropy on the examples, best first, the first of equals; a
    /// loss that is not finite is the worst. Without examples the first places.
    public func nearest(to examples: LabelledExamples, count: Int = 1) -> [Int] {
        guard examples.count > 0 else { return Array(0..<min(count, population.shape[0])) }
        let losses = classifier.losses(
            population, buffers: buffers, inputs: examples.inputs, labels: examples.labels, classes: examples.classes
        ).map { $0.isFinite ? $0 : .infinity }
        return Array(losses.indices.sorted { (losses[$0], $0) < (losses[$1], $1) }.prefix(count))
    }
}

/// Further training on the examples of a task, and what it brings: accuracy on queries after each number of steps.
public struct SupportFinish: Sendable {
    private let network: any Network
    /// The rate of Adam's steps, each on all examples at once.
    public let rate: Double

    /// Prepares steps on all weights at a rate.
    public init(_ network: any Network, rate: Double) { (self.network, self.rate) = (network, rate) }

    /// Networks [P, D] after so many steps on the examples; as they are after none, or with fewer than two examples.
    ///
    /// Throws `DataError` where the networks do not end in a linear layer of as many classes as the examples have.
    public func callAsFunction(_ population: Tensor, steps: Int, on examples: LabelledExamples) throws -> Tensor {
        guard steps > 0, examples.count >= 2, population.shape[0] > 0 else { return population }
        var settings = Finish.Training()
        (settings.rows, settings.steps, settings.rate) = (examples.count, steps, rate)
        let finishing = try Finishing(
            network, .train(settings), inputs: examples.inputs, labels: examples.labels, classes: examples.classes)
        return finishing(population).weights
    }
}
