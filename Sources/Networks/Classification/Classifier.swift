import Tensors

/// Runs a population of classifiers over a data set, in bounded memory.
public struct Classifier: Sendable {
    /// The network's function.
    public let network: any Network
    /// Networks in one pass; results do not depend on it.
    public static let networksPerPass = 10
    /// Inputs in one pass; results do not depend on it. Channels of images are many times as large as the images: fewer
    /// of them at a time stay in the caches.
    private let inputsPerPass: Int

    /// Stands for the predicted class where an output is not a number: no class, and never right.
    public static let noClass: Int32 = -1

    /// Wraps a network whose outputs are logits, one a class.
    public init(_ network: any Network) {
        self.network = network
        inputsPerPass = network.layout.slots.contains { $0.shape.count >= 4 } ? 128 : 2000
    }

    /// The predicted class of every input for every network, [P][n].
    ///
    /// - population: [P, D]; buffers: the networks' own, [P, bufferCount], nil only where the layout has none; inputs:
    ///   [n, features], or images [n, C, H, W]. Ties go to the lowest class; ``noClass`` stands where an output is not a
    ///   number.
    public func predictions(
        _ population: Tensor, buffers: Tensor? = nil, inputs: Tensor, progress: (Int) -> Void = { _ in }
    ) -> [[Int32]] {
        var result = Array(repeating: [Int32](), count: population.shape[0])
        forPasses(population, buffers, inputs: inputs, progress: progress) { networks, _, logits in
            let classes = Self.classes(logits)
            let width = classes.count / networks.count
            for (row, network) in networks.enumerated() {
                result[network] += classes[(row * width)..<((row + 1) * width)]
            }
        }
        return result
    }

    private static func classes(_ logits: Tensor) -> [Int32] {
        var classes = logits.argmax()
        let outputs = logits.floats
        let width = outputs.count / max(classes.count, 1)
        for (row, start) in stride(from: 0, to: outputs.count, by: max(width, 1)).enumerated()
        where outputs[start..<start + width].contains(where: \.isNaN) {
            classes[row] = noClass
        }
        return classes
    }

    /// Mean cross-entropy loss of every network, [P].
    public func losses(
        _ population: Tensor, buffers: Tensor? = nil, inputs: Tensor, labels: [Int32], classes: Int
    ) -> [Double] {
        var sums = [Double](repeating: 0, count: population.shape[0])
        forPasses(population, buffers, inputs: inputs, progress: { _ in }) { networks, samples, logits in
            let targets = Tensor.oneHot(Array(labels[samples]), classes: classes)
            let losses = Loss.crossEntropy(logits, targets: targets).doubles
            for (row, network) in networks.enumerated() { sums[network] += losses[row] * Double(samples.count) }
        }
        return sums.map { $0 / Double(max(labels.count, 1)) }
    }

    /// Share of inputs classified right, for every network; NaN for one that gives an output that is not a number.
    public func accuracies(
        _ population: Tensor, buffers: Tensor? = nil, inputs: Tensor, labels: [Int32]
    ) -> [Double] {
        predictions(population, buffers: buffers, inputs: inputs).map { Self.accuracy($0, labels) }
    }

    /// Share of equal entries; NaN where one is no class.
    public static func accuracy(_ predictions: [Int32], _ labels: [Int32]) -> Double {
        precondition(predictions.count == labels.count, "accuracy: \(predictions.count) against \(labels.count)")
        guard !predictions.contains(noClass) else { return .nan }
        let right = zip(predictions, labels).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
        return Double(right) / Double(max(labels.count, 1))
    }

    private func forPasses(
        _ population: Tensor, _ buffers: Tensor?, inputs: Tensor, progress: (Int) -> Void,
        _ body: (_ networks: Range<Int>, _ samples: Range<Int>, _ logits: Tensor) -> Void
    ) {
        let (count, samples) = (population.shape[0], inputs.shape[0])
        precondition(
            network.layout.bufferCount == 0 || buffers?.shape == [count, network.layout.bufferCount],
            "classifier: no buffers [\(count), \(network.layout.bufferCount)] for the networks")
        for first in stride(from: 0, to: count, by: Self.networksPerPass) {
            let networks = first..<min(count, first + Self.networksPerPass)
            let parameters = Parameters(
                layout: network.layout, flat: population.sliced(axis: 0, networks))
            let own = buffers.map { Buffers(layout: network.layout, flat: $0.sliced(axis: 0, networks)) }
            for start in stride(from: 0, to: samples, by: inputsPerPass) {
                let range = start..<min(samples, start + inputsPerPass)
                body(networks, range, network(parameters, inputs.sliced(axis: 0, range), own))
            }
            progress(networks.upperBound)
        }
    }
}
