import Basics
import Networks
import Tensors

/// Detectron's constrained disagreement classifiers, of all samples side by side.
///
/// All samples' classifiers of a round are one population: each network has its own sample beside it in every minibatch,
/// and its own weights for that sample's rows, 0 once they are peeled off. The loss of a minibatch of b rows of T and m
/// of Q that are left, with c(x) the model's prediction and a the weight of a row of Q:
///
///     [sum over T of CE(z, c) + a sum over Q of DCE(z, c)] / (b + m)
///     DCE(z, c) = logsumexp(z) - 1/(C-1) sum over j != c of z_j       (cross-entropy with the other classes, alike)
///
/// Every network starts from f, the network of the trained ensemble that agrees with the model most on T, and draws
/// minibatches by the model's seed and the round alone. So a sample's outcome does not depend on those beside it.
struct ConstrainedClassifiers {
    /// What became of a sample.
    struct Outcome: Sendable, Equatable {
        /// The share of its rows that were peeled off.
        let peeled: Double
        /// The entropy of the mean of what f and the sample's classifiers say of each row, in nats.
        let entropies: [Double]
    }

    /// Samples whose classifiers are trained side by side; results do not depend on it.
    private static let group = 64

    private let settings: Detectron
    private let training: PredictedRows
    private let pool: PredictedRows
    private let classes: Int
    private let network: any Network
    private let start: (weights: Tensor, buffers: Tensor?)
    private let seed: UInt64

    /// Prepares training; throws `DataError` where rows have no features, or the model no training rows or ensemble.
    init(_ settings: Detectron, pool: ShiftRows, model: ShiftModel) throws {
        (training, self.pool) = try model.known(for: "detectron", pool: pool)
        guard let ensemble = model.ensembles[.trained] else {
            throw ShiftModel.missing(
                "detectron", "it starts from a network of the trained ensemble, and there is none",
                hint: "fit that ensemble too")
        }
        (self.settings, classes, seed) = (settings, pool.classes, model.seed)
        network = ensemble.architecture.network
        let said = model.training?.ensembles[.trained] ?? ensemble.probabilities(training.features)
        let best = Disagreements(said, with: training.classes).fewest
        start = (
            ensemble.weights.sliced(axis: 0, best..<(best + 1)),
            ensemble.buffers?.sliced(axis: 0, best..<(best + 1))
        )
    }

    /// What becomes of each sample of the pool's rows; `progress` counts samples.
    func outcomes(of samples: [[Int]], progress: WorkProgress = .none) throws -> [Outcome] {
        var (outcomes, done) = ([Int: Outcome](), 0)
        // Networks side by side have samples of one size.
        for (size, places) in Dictionary(grouping: samples.indices, by: { samples[$0].count }).sorted(by: {
            $0.key < $1.key
        }) {
            for first in stride(from: 0, to: places.count, by: Self.group) {
                let own = places[first..<min(first + Self.group, places.count)]
                let found =
                    try size == 0
                    ? own.map { _ in Outcome(peeled: 0, entropies: []) }
                    : peel(own.map { samples[$0] }) { try progress.report(done, of: samples.count) }
                for (place, outcome) in zip(own, found) { outcomes[place] = outcome }
                done += own.count
                try progress.report(done, of: samples.count)
            }
        }
        return samples.indices.compactMap { outcomes[$0] }
    }

    /// What becomes of samples of one size; `between` is called before every round.
    private func peel(_ samples: [[Int]], between: () throws -> Void) throws -> [Outcome] {
        let size = samples[0].count
        var peelings = samples.map { _ in Peeling(rows: size, patience: settings.patience) }
        let features = samples.map { rows(of: $0) }
        let given = said(
            by: repeated(start.weights, samples.count), start.buffers.map { repeated($0, samples.count) },
            of: .concatenate(features, axis: 0))
        var sums = samples.indices.map { given.selected(axis: 0, $0) }
        var counts = samples.map { _ in 1.0 }
        for round in 0..<settings.networks {
            let going = peelings.indices.filter { !peelings[$0].isDone }
            guard !going.isEmpty else { break }
            try between()
            let trained = train(
                round: round, going.map { features[$0] },
                going.map { place in samples[place].map { pool.classes[$0] } },
                left: going.map { peelings[$0].isLeft })
            for (place, probabilities) in zip(going, trained) {
                // A classifier whose training diverged says nothing.
                let isUsable = probabilities.isFinite
                let contradicted = zip(probabilities.argmax(), samples[place]).map {
                    isUsable && $0 != pool.classes[$1]
                }
                peelings[place].peel(contradicted: contradicted)
                guard isUsable else { continue }
                sums[place] = sums[place] + probabilities
                counts[place] += 1
            }
        }
        return samples.indices.map { place in
            Outcome(peeled: peelings[place].peeled, entropies: Self.entropies(of: sums[place] / counts[place]))
        }
    }

    /// One classifier a sample: what it says of the sample's rows, [m, C] in double precision.
    private func train(round: Int, _ samples: [Tensor], _ labels: [[Int32]], left: [[Bool]]) -> [Tensor] {
        let (count, size) = (samples.count, labels[0].count)
        let rows = training.classes.count
        let batch = min(rows, max(1, settings.batch - size))
        let counts = left.map { own in own.count(where: \.self) }
        let minibatches = PopulationTrainer.stepsPerEpoch(rows: rows, batch: batch)
        let weights = zip(left, counts).flatMap { own, count in
            let weight = settings.sampleWeight ?? 1 / Double(minibatches * count + 1)
            return own.map { $0 ? weight : 0 }
        }
        let others = Disagreement.targets(labels.flatMap { $0 }, classes: classes).reshaped([count, size, classes])
        let weightTable = Tensor(weights, shape: [count, size], precision: .single)
        let leftTable = Tensor(counts.map(Double.init), shape: [count], precision: .single)
        let (known, classes) = (training.classes, classes)
        let companions = Tensor.concatenate(samples, axis: 0)
        let trainer = PopulationTrainer(
            AccompaniedNetwork(base: network, companions: companions), inputs: training.features,
            settings: .init(
                batch: batch, epochs: settings.epochs, schedule: ConstantSchedule(settings.rate),
                purpose: "shift.detectron.\(round)")
        ) { outputs, minibatch in
            Self.loss(
                outputs, agreeing: minibatch.oneHot(known, classes: classes), contradicting: others,
                weights: weightTable, left: leftTable)
        }
        var state = trainer.start(
            repeated(start.weights, count),
            buffers: start.buffers.map { Buffers(layout: network.layout, flat: repeated($0, count)) },
            seeds: Array(repeating: seed, count: count))
        for _ in 0..<trainer.steps { _ = trainer.step(&state) }
        let said = said(by: state.weights, state.buffers?.flat, of: companions)
        return (0..<count).map { said.selected(axis: 0, $0) }
    }

    /// The loss of each network, [P], of outputs [P, b + m, C]: those for rows of T, then those for rows of Q.
    ///
    /// - agreeing, contradicting: targets [P, b, C] and [P, m, C]; weights: of the rows of Q, [P, m]; left: how many rows
    ///   of Q are left, [P].
    static func loss(
        _ outputs: Tensor, agreeing: Tensor, contradicting: Tensor, weights: Tensor, left: Tensor
    ) -> Tensor {
        let (batch, all) = (agreeing.shape[1], outputs.shape[1])
        func errors(_ range: Range<Int>, _ targets: Tensor) -> Tensor {
            Loss.perSample(outputs.sliced(axis: 1, range), targets) { Loss.crossEntropy($0, targets: $1) }
        }
        let mine = errors(0..<batch, agreeing).sum(axes: [1])
        let theirs = (errors(batch..<all, contradicting) * weights).sum(axes: [1])
        return (mine + theirs) / (left + Double(batch))
    }

    /// A sample's features, [1, m, d].
    private func rows(of sample: [Int]) -> Tensor {
        let found = pool.features.gathered(axis: 0, sample.map { Int32($0) })
        return found.reshaped([1, sample.count, found.shape[1]])
    }

    /// Copies of a row [1, n]: not one row broadcast, of which a product would be taken at once for all networks, with
    /// other bytes than for each alone.
    private func repeated(_ row: Tensor, _ count: Int) -> Tensor {
        row.gathered(axis: 0, [Int32](repeating: 0, count: count))
    }

    /// What networks [P, D] say of their own rows [P, m, d]: [P, m, C] in double precision.
    private func said(by weights: Tensor, _ buffers: Tensor?, of rows: Tensor) -> Tensor {
        let own = buffers.map { Buffers(layout: network.layout, flat: $0) }
        return network(Parameters(layout: network.layout, flat: weights), rows, own).converted(to: .double).softmax()
    }

    /// -sum p log p of each row [m, C], in nats; 0 log 0 = 0.
    static func entropies(of probabilities: Tensor) -> [Double] {
        let none = probabilities.isEqual(to: .zeros([], precision: .double))
        return (-(probabilities * (probabilities + none).log()).sum(axes: [1])).doubles
    }
}

/// A network that looks at rows of its own beside every minibatch: the outputs for the minibatch come first.
struct AccompaniedNetwork: Network {
    /// What computes.
    let base: any Network
    /// Each network's own rows, [P, m, features].
    let companions: Tensor

    var layout: ParameterLayout { base.layout }

    /// - x: [P, B, features]; returns [P, B + m, out].
    func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        base(parameters, .concatenate([x, companions], axis: 1), &pass)
    }
}

/// Contradicting a prediction without a preference among the other classes.
enum Disagreement {
    /// Targets [n, C] whose cross-entropy is the disagreement cross-entropy: 0 for each row's class, 1 / (C - 1) for the
    /// others. Traps on a single class.
    static func targets(_ labels: [Int32], classes: Int) -> Tensor {
        precondition(classes > 1, "disagreement: \(classes) classes")
        return (1 - Tensor.oneHot(labels, classes: classes)) / Double(classes - 1)
    }
}
