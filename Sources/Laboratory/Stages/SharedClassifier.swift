import Evaluation
import Networks
import Tensors

/// Runs a population over data, of which each process of several has some networks.
struct SharedClassifier {
    private let classifier: Classifier
    private let sharing: any WorkSharing

    init(_ network: any Network, _ sharing: any WorkSharing) {
        (classifier, self.sharing) = (Classifier(network), sharing)
    }

    /// The predicted class of every input for every network, [P][n], as ``Classifier/predictions(_:buffers:inputs:progress:)``
    /// has it.
    func predictions(_ population: Tensor, buffers: Tensor?, inputs: Tensor) -> [[Int32]] {
        let (count, width, size) = (population.shape[0], inputs.shape[0], Classifier.networksPerPass)
        // Whole passes, so that each is the one of a process alone.
        let all = sharing.all(of: (count + size - 1) / size) { passes -> [Int32] in
            let own = min(count, passes.lowerBound * size)..<min(count, passes.upperBound * size)
            guard !own.isEmpty else { return [] }
            return classifier.predictions(
                population.sliced(axis: 0, own), buffers: buffers.map { $0.sliced(axis: 0, own) }, inputs: inputs
            ).flatMap { $0 }
        }
        return (0..<count).map { Array(all[$0 * width..<($0 + 1) * width]) }
    }

    /// Share of inputs classified right, for every network; NaN for one that gives an output that is not a number.
    func accuracies(_ population: Tensor, buffers: Tensor?, inputs: Tensor, labels: [Int32]) -> [Double] {
        predictions(population, buffers: buffers, inputs: inputs).map { Classifier.accuracy($0, labels) }
    }
}
