import Basics
import Tensors
import TestSupport
import Testing

@testable import Networks

@Suite("Training a population")
struct PopulationTrainerTests {
    private struct Stop: Error {}

    /// Two clouds of points in the plane, and which cloud a point is of.
    private static func clouds(
        _ count: Int, seed: UInt64 = 1, at distance: Double = 2
    ) -> (x: Tensor, labels: [Int32]) {
        var stream = RandomStream(seed: seed, purpose: "clouds")
        let labels = (0..<count).map { Int32($0 % 2) }
        let centres = Tensor(labels.flatMap { [Float($0) * Float(distance), 0] }, shape: [count, 2])
        return (stream.normal([count, 2]).scaled(by: 0.5) + centres, labels)
    }

    private static let network = MLP(MLP.Config(widths: [2, 8, 2], activation: .tanh))

    private static func weights(_ seeds: [UInt64]) -> Tensor {
        Initialization.heUniform.population(network.layout, seeds: seeds)
    }

    private static func settings(
        _ change: (inout PopulationTrainer.Settings) -> Void = { _ in }
    ) -> PopulationTrainer.Settings {
        var settings = PopulationTrainer.Settings(
            batch: 8, epochs: 5, schedule: ConstantSchedule(0.05), purpose: "test")
        change(&settings)
        return settings
    }

    /// A classifier's trainer: a loss for each sample.
    private static func classifying(
        _ data: (x: Tensor, labels: [Int32]), sampleWeights: Tensor? = nil, _ settings: PopulationTrainer.Settings
    ) -> PopulationTrainer {
        PopulationTrainer(network, inputs: data.x, sampleWeights: sampleWeights, settings: settings) { outputs, batch in
            Loss.perSample(outputs, batch.oneHot(data.labels, classes: 2)) { Loss.crossEntropy($0, targets: $1) }
        }
    }

    private static func accuracies(_ weights: Tensor, _ data: (x: Tensor, labels: [Int32])) -> [Double] {
        Classifier(network).accuracies(weights, inputs: data.x, labels: data.labels)
    }

    @Test("fine-tuning: weights that are handed in learn new rows")
    func fineTuning() throws {
        let (old, new) = (Self.clouds(64), Self.clouds(64, seed: 2, at: -2))
        var state = Self.classifying(old, Self.settings()).start(Self.weights([1, 2]), seeds: [1, 2])
        try Self.classifying(old, Self.settings()).run(&state)
        #expect(Self.accuracies(state.weights, old).allSatisfy { $0 > 0.9 })
        #expect(Self.accuracies(state.weights, new).allSatisfy { $0 < 0.7 })
        let tuning = Self.classifying(new, Self.settings { $0.epochs = 10 })
        var tuned = tuning.start(state.weights, seeds: [1, 2])
        #expect(tuned.weights.floats == state.weights.floats && tuned.step == 0)
        try tuning.run(&tuned)
        #expect(Self.accuracies(tuned.weights, new).allSatisfy { $0 > 0.9 } && tuned.step == 80)
    }

    @Test("a sample of weight 0 is as if its row were left out, for all networks or for one", arguments: [false, true])
    func sampleWeights(isOwn: Bool) throws {
        // The whole table is one minibatch, so that the rows' order is that of a sum.
        let data = Self.clouds(24)
        let less = (x: data.x.sliced(axis: 0, 0..<16), labels: Array(data.labels[..<16]))
        let row = (0..<24).map { Float($0 < 16 ? 1 : 0) }
        let table =
            isOwn
            ? Tensor([Float](repeating: 1, count: 24) + row, shape: [2, 24]) : Tensor(row, shape: [24])
        func trained(_ trainer: PopulationTrainer) throws -> [Tensor] {
            var state = trainer.start(Self.weights([1, 2]), seeds: [1, 2])
            try trainer.run(&state)
            return [0, 1].map { state.weights.selected(axis: 0, $0) }
        }
        let weighted = try trained(
            Self.classifying(data, sampleWeights: table, Self.settings { $0.batch = 24 }))
        let without = try trained(Self.classifying(less, Self.settings { $0.batch = 16 }))
        let whole = try trained(Self.classifying(data, Self.settings { $0.batch = 24 }))
        #expect(relativeDifference(weighted[1], without[1]) < 1e-4)
        #expect(relativeDifference(weighted[0], isOwn ? whole[0] : without[0]) < 1e-4)
        #expect(relativeDifference(whole[1], without[1]) > 1e-3, "the rows matter")
    }

    @Test("disagreement: one loss on some rows, another on the others, by a closure alone")
    func disagreement() throws {
        // The rows after the first 32 are new ones, on which the networks shall contradict the labels.
        let (known, new) = (Self.clouds(32), Self.clouds(16, seed: 3))
        let data = (
            x: Tensor.concatenate([known.x, new.x + Tensor([0, 4] as [Float], shape: [2])], axis: 0),
            labels: known.labels + new.labels
        )
        let isNew = Tensor((0..<48).map { Float($0 < 32 ? 0 : 1) }, shape: [48])
        let trainer = PopulationTrainer(
            Self.network, inputs: data.x, settings: Self.settings { $0.epochs = 60 }
        ) { outputs, batch in
            let (targets, new) = (batch.oneHot(data.labels, classes: 2), batch.gathered(isNew))
            let agree = Loss.perSample(outputs, targets) { Loss.crossEntropy($0, targets: $1) }
            let disagree = Loss.perSample(outputs, 1 - targets) { Loss.crossEntropy($0, targets: $1) }
            return agree * (1 - new) + disagree * new
        }
        var state = trainer.start(Self.weights([1, 2, 3]), seeds: [1, 2, 3])
        try trainer.run(&state)
        let all = Classifier(Self.network).predictions(state.weights, inputs: data.x)
        for classes in all {
            #expect(Classifier.accuracy(Array(classes[..<32]), known.labels) > 0.85)
            #expect(Classifier.accuracy(Array(classes[32...]), new.labels) < 0.3)
        }
    }

    @Test("regression, with a second head for the spread: outputs are what the loss makes of them")
    func regression() throws {
        let x = normalDoubles([64, 1]).converted(to: .single)
        let targets = x * 2 - 1
        let network = MLP(MLP.Config(widths: [1, 16, 2], activation: .tanh))
        let trainer = PopulationTrainer(
            network, inputs: x, settings: Self.settings { $0.epochs = 60 }
        ) { outputs, batch in
            let (mean, spread) = (outputs.sliced(axis: 2, 0..<1), outputs.sliced(axis: 2, 1..<2))
            return Loss.gaussianNegativeLogLikelihood(
                mean, batch.gathered(targets), variance: spread.softplus() + 1e-3)
        }
        var state = trainer.start(
            Initialization.heUniform.population(network.layout, seeds: [1, 2]), seeds: [1, 2])
        let before = Loss.meanSquaredError(
            network(Parameters(layout: network.layout, flat: state.weights), x).sliced(axis: 2, 0..<1), targets
        ).doubles
        try trainer.run(&state)
        let after = Loss.meanSquaredError(
            network(Parameters(layout: network.layout, flat: state.weights), x).sliced(axis: 2, 0..<1), targets
        ).doubles
        for (old, new) in zip(before, after) { #expect(new < 0.1 * old) }
    }

    @Test("a network's bytes do not depend on the networks beside it, also when these leave")
    func neighbours() throws {
        let data = Self.clouds(40)
        let trainer = Self.classifying(data, Self.settings { $0.averageDecay = 0.9 })
        var all = trainer.start(Self.weights([1, 2, 3]), seeds: [1, 2, 3])
        try trainer.run(
            &all,
            stopping: StoppingRule { state, epoch, _ in
                state.live.indices.filter { epoch < 2 || state.live[$0] != 0 }
            })
        #expect(all.live == [1, 2] && all.weights.shape[0] == 2)
        for (row, seed) in [UInt64(2), 3].enumerated() {
            var one = trainer.start(Self.weights([seed]), seeds: [seed])
            try trainer.run(&one)
            #expect(one.weights.floats == all.weightRows[row])
            #expect(one.average?.value?.floats == all.average?.value?.selected(axis: 0, row).floats)
        }
    }

    @Test("interrupted anywhere and restored, the bytes are the same", arguments: [1, 5, 17])
    func resumption(_ stop: Int) throws {
        let data = Self.clouds(40)
        let trainer = Self.classifying(data, Self.settings { ($0.averageDecay, $0.clip) = (0.9, .norm(0.1)) })
        let start = trainer.start(Self.weights([1, 2]), seeds: [1, 2])
        let stopping = StoppingRule.patience(3) { Self.accuracies($0.weights, data) }
        var whole = start
        try trainer.run(&whole, stopping: stopping)
        var first = start
        #expect(throws: Stop.self) {
            try trainer.run(&first, stopping: stopping) { state, _ in if state.step == stop { throw Stop() } }
        }
        let recorded = first.tensors.map { NamedTensor($0.name, Tensor($0.value.floats, shape: $0.value.shape)) }
        var second = start
        try second.restore(first.description, recorded, optimizer: trainer.settings.optimizer)
        try trainer.run(&second, stopping: stopping)
        #expect(second.weights.floats == whole.weights.floats && second.description == whole.description)
        #expect(second.average?.value?.floats == whole.average?.value?.floats)
        var wide = trainer.start(Self.weights([1, 2, 3]), seeds: [1, 2, 3])
        #expect(throws: DataError.self) {
            try wide.restore(first.description, recorded, optimizer: trainer.settings.optimizer)
        }
        #expect(throws: DataError.self) {
            try second.restore(first.description, [], optimizer: trainer.settings.optimizer)
        }
    }

    @Test("networks out of patience leave; their best score and its epoch are known; NaN is no score")
    func patience() throws {
        let data = Self.clouds(40)
        let trainer = Self.classifying(data, Self.settings())
        var state = trainer.start(Self.weights([1, 2]), seeds: [1, 2])
        // Network 0 is best after epoch 1, network 1 gets better all the time.
        try trainer.run(
            &state,
            stopping: .patience(2) { state in
                state.live.map { $0 == 0 ? (state.step == 5 ? 1 : .nan) : Double(state.step) }
            })
        #expect(state.live == [1] && state.best.map { $0?.epoch } == [1, 5])
        #expect(state.best[0]?.score == 1 && state.step == 25)
        var other = trainer.start(Self.weights([1, 2]), seeds: [1, 2])
        #expect(other.take(scores: [.nan, 0], epoch: 1) == [1] && other.best[0] == nil)
        #expect(other.take(scores: [0, 0], epoch: 2) == [0] && other.best.map { $0?.epoch } == [2, 1])
        #expect(other.patientRows(epoch: 3, patience: 2) == [0])
    }

    @Test("a network that diverges leaves, and says nothing to the others")
    func divergence() throws {
        let data = Self.clouds(40)
        let trainer = Self.classifying(data, Self.settings())
        var spoiled = Self.weights([1, 2]).floats
        spoiled[3] = .infinity
        var state = trainer.start(Tensor(spoiled, shape: [2, Self.network.layout.count]), seeds: [1, 2])
        try trainer.run(&state)
        var alone = trainer.start(Self.weights([2]), seeds: [2])
        try trainer.run(&alone)
        #expect(state.live == [1] && state.weights.floats == alone.weights.floats)
    }

    @Test("losses of another shape, and sample weights that would count for nothing, end the process")
    func traps() async {
        await #expect(processExitsWith: .failure) {
            let data = Self.clouds(8)
            let trainer = PopulationTrainer(
                Self.network, inputs: data.x, sampleWeights: .ones([8]), settings: Self.settings()
            ) { outputs, batch in Loss.crossEntropy(outputs, targets: batch.oneHot(data.labels, classes: 2)) }
            var state = trainer.start(Self.weights([1]), seeds: [1])
            _ = trainer.step(&state)
        }
        await #expect(processExitsWith: .failure) {
            let trainer = PopulationTrainer(Self.network, inputs: .zeros([8, 2]), settings: Self.settings()) { x, _ in
                x.sum(axes: [-1, -2, -3])
            }
            var state = trainer.start(Self.weights([1]), seeds: [1])
            _ = trainer.step(&state)
        }
        await #expect(processExitsWith: .failure) {
            _ = PopulationTrainer(
                Self.network, inputs: .zeros([8, 2]), sampleWeights: .ones([7]), settings: Self.settings()
            ) { outputs, _ in outputs }
        }
    }
}
