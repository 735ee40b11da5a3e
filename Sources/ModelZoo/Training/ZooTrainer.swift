import Networks
import Tensors

/// Trains networks as one population: same architecture and data, each from its own seed and minibatches.
public struct ZooTrainer: Sendable {
    /// What to train.
    public let recipe: ZooRecipe
    private let network: any Network
    private let train: (inputs: Tensor, labels: [Int32], classes: Int)
    private let validation: (inputs: Tensor, labels: [Int32])

    /// Networks trained side by side; fixed, and results do not depend on it.
    public static let group = 10

    /// Prepares training; throws `DataError.configuration` where the widths do not fit the data.
    public init(recipe: ZooRecipe, split: DatasetSplit) throws {
        let (inputs, outputs) = (recipe.widths.first ?? 0, recipe.widths.last ?? 0)
        guard inputs == split.train.featureCount, outputs == split.train.classCount else {
            throw DataError(
                .configuration, path: "widths",
                expected: "\(split.train.featureCount) inputs and \(split.train.classCount) outputs (\(split.train.name))",
                found: "\(recipe.widths)")
        }
        self.recipe = recipe
        train = (split.train.tensor, split.train.labels, split.train.classCount)
        validation = (split.validation.tensor, split.validation.labels)
        network = recipe.architecture.network
    }

    /// What came out of training.
    public struct Population: Sendable {
        /// Selected weights, [P, D].
        public let weights: Tensor
        /// Epoch of each network's selected checkpoint, from 1.
        public let epochs: [Int]
    }

    /// Trains the networks of the given seeds. `progress` is told the steps done by groups of networks, and may throw to
    /// stop.
    public func train(seeds: [UInt64], progress: (_ done: Int, _ total: Int) throws -> Void) rethrows -> Population {
        let groups = stride(from: 0, to: seeds.count, by: Self.group).map {
            Array(seeds[$0..<min(seeds.count, $0 + Self.group)])
        }
        let total = groups.count * recipe.training.epochs * stepsPerEpoch
        var weights: [Tensor] = [], epochs: [Int] = [], done = 0
        for group in groups {
            let trained = try train(group) {
                done += 1
                if done % 50 == 0 || done == total { try progress(done, total) }
            }
            weights.append(trained.weights)
            epochs += trained.epochs
        }
        return Population(weights: .concatenate(weights, axis: 0), epochs: epochs)
    }

    /// Minibatches in an epoch: n / batch, rounded; at least one.
    private var stepsPerEpoch: Int {
        max(1, Int((Double(train.labels.count) / Double(recipe.training.batch)).rounded()))
    }

    private func train(_ seeds: [UInt64], tick: () throws -> Void) rethrows -> Population {
        var weights = recipe.initialization.population(network.layout, seeds: seeds)
        var optimizer = AdamW(shape: weights.shape, decay: recipe.training.decay)
        var orders = seeds.map { EpochOrder(count: train.labels.count, seed: $0, purpose: "zoo.order") }
        var best = BestCheckpoints(count: seeds.count)
        for epoch in 1...recipe.training.epochs {
            for _ in 0..<stepsPerEpoch {
                let (inputs, targets) = minibatch(&orders)
                let gradient = flatGradient(at: weights) { flat in
                    let logits = network(Parameters(layout: network.layout, flat: flat), inputs)
                    return Loss.crossEntropy(logits, targets: targets).sum()
                }.gradient
                optimizer.update(&weights, along: gradient, rate: recipe.training.rate)
                try tick()
            }
            let isLast = epoch == recipe.training.epochs
            switch recipe.selection {
            case .last: if isLast { best.take(weights, epoch: epoch) }
            case .bestValidation: best.improve(weights, epoch: epoch, scores: validationAccuracies(weights))
            }
        }
        return Population(weights: best.weights, epochs: best.epochs)
    }

    /// Inputs [P, B, features] and one-hot targets [P, B, C], each network's own rows.
    private func minibatch(_ orders: inout [EpochOrder]) -> (inputs: Tensor, targets: Tensor) {
        let batch = recipe.training.batch
        var rows: [Int32] = []
        rows.reserveCapacity(orders.count * batch)
        for index in orders.indices { rows += orders[index].next(batch) }
        let labels = rows.map { train.labels[Int($0)] }
        let shape: Shape = [orders.count, batch, -1]
        return (
            train.inputs.gathered(axis: 0, rows).reshaped(shape),
            Tensor.oneHot(labels, classes: train.classes).reshaped(shape)
        )
    }

    private func validationAccuracies(_ weights: Tensor) -> [Double] {
        Classifier(network).accuracies(
            weights, inputs: validation.inputs, labels: validation.labels)
    }
}

/// Each network's best checkpoint so far.
private struct BestCheckpoints {
    private(set) var epochs: [Int]
    private var scores: [Double]
    private var rows: [Tensor?]

    init(count: Int) {
        epochs = Array(repeating: 0, count: count)
        scores = Array(repeating: -.infinity, count: count)
        rows = Array(repeating: nil, count: count)
    }

    var weights: Tensor { .concatenate(rows.compactMap { $0 }, axis: 0) }

    mutating func take(_ weights: Tensor, epoch: Int) {
        improve(weights, epoch: epoch, scores: Array(repeating: .infinity, count: rows.count))
    }

    /// Keeps rows whose score is above the best so far.
    mutating func improve(_ weights: Tensor, epoch: Int, scores new: [Double]) {
        for index in rows.indices where new[index] > scores[index] {
            scores[index] = new[index]
            epochs[index] = epoch
            // A copy of the row, not a view: a view would keep the population's whole block alive.
            rows[index] = weights.sliced(axis: 0, index..<(index + 1)) + 0
        }
    }
}
