import Foundation
import Networks
import Tensors
import TestSupport
import Testing

@testable import Evaluation

/// A zoo of trained networks 12-12-4, fresh ones, and populations that are planted beside it and judged as a run judges.
///
/// Points of ten features in four classes, from `Scripts/make_planted_fixtures.py`; inputs 10 and 11 are always 0.
struct PlantedZoo {
    static let architecture = Architecture.mlp(.init(widths: [12, 12, 4]))
    static var layout: ParameterLayout { architecture.layout }

    let training: (inputs: Tensor, labels: [Int32])
    let test: (inputs: Tensor, labels: [Int32])
    let zoo: Tensor, fresh: Tensor
    /// Networks that PyTorch trained on the same points.
    let foreign: Tensor
    let frame: SymmetryFrame
    let measure: ContributionMeasure
    let evaluation: EnsembleEvaluation

    /// The same for all tests: training takes a second.
    static let shared = Result { try PlantedZoo() }

    init() throws {
        let points = try PlantedPoints()
        (training, test, foreign) = (points.training, points.test, points.networks)
        zoo = try Self.trained(on: training, seeds: (0..<60).map { UInt64($0) })
        fresh = try Self.trained(on: training, seeds: (100..<140).map { UInt64($0) })
        frame = try SymmetryFrame(reference: zoo.selected(axis: 0, 0).floats, layout: Self.layout)
        measure = try #require(
            ContributionMeasure(Self.architecture.network, inputs: training.inputs, zooCount: 60))
        let (own, others) = (
            try Self.judged(zoo, frame, measure, test.inputs), try Self.judged(fresh, frame, measure, test.inputs)
        )
        evaluation = EnsembleEvaluation(frame: frame, zoo: own, fresh: others, labels: test.labels)
    }

    /// Networks trained from scratch.
    static func trained(
        on data: (inputs: Tensor, labels: [Int32]), seeds: [UInt64], _ initialization: Initialization = .pytorch,
        batch: Int = 25, epochs: Int = 40, rate: Double = 0.01,
        optimizer: @escaping @Sendable (Shape) -> any Optimizer = { AdamW(shape: $0, decay: 0) }
    ) throws -> Tensor {
        let steps = epochs * data.labels.count / batch
        let trainer = PopulationTrainer(
            architecture.network, inputs: data.inputs,
            settings: .init(
                batch: batch, epochs: epochs, schedule: CosineSchedule(from: rate, to: 0, steps: steps),
                purpose: "test.planted", optimizer: optimizer)
        ) { outputs, batch in
            Loss.perSample(outputs, batch.oneHot(data.labels, classes: 4)) { Loss.crossEntropy($0, targets: $1) }
        }
        var state = trainer.start(initialization.population(layout, seeds: seeds), seeds: seeds)
        try trainer.run(&state)
        return state.weights.detached
    }

    private static func judged(
        _ weights: Tensor, _ frame: SymmetryFrame, _ measure: ContributionMeasure, _ inputs: Tensor
    ) throws -> JudgedPopulation {
        JudgedPopulation(
            networks: try frame.place(weights),
            predictions: Classifier(architecture.network).predictions(weights, inputs: inputs),
            contributions: measure(weights))
    }

    /// The row of a population.
    func row(_ weights: Tensor, as kind: PopulationKind = .generated) throws -> EvaluationRow {
        evaluation.judge(try Self.judged(weights, frame, measure, test.inputs), as: kind).row
    }

    /// The verdict on networks beside noise of several strengths and averages.
    func verdict(_ weights: Tensor, rivals: [EvaluationRow] = []) throws -> Verdict {
        let rows = [evaluation.judgeZoo().row, try #require(evaluation.judgeFresh()?.row), try row(weights)]
        return Verdict(judging: rows + rivals, chance: 0.25)
    }

    /// Noise and averages, as a run has them.
    func rivals() throws -> [EvaluationRow] {
        let aligned = try frame.place(zoo).matched
        let source = BaselineSource(weights: aligned, codes: aligned, seed: 1)
        return try Baseline.all(.init(noise: [0.03, 0.1, 0.3], averages: [2, 8]), from: source).compactMap { baseline in
            guard case .weights(let weights) = baseline.members(of: source, count: 40) else { return nil }
            return try row(weights, as: .baseline(baseline))
        }
    }
}

extension PlantedZoo {
    /// Every network of [P, D] changed by itself.
    static func changed(_ weights: Tensor, _ change: (Int, inout [Float]) throws -> Void) rethrows -> Tensor {
        let rows = try (0..<weights.shape[0]).map { index in
            var row = weights.selected(axis: 0, index).floats
            try change(index, &row)
            return row
        }
        return Tensor(Array(rows.joined()), shape: weights.shape)
    }

    /// Units in another order and of other scales.
    func disguised(_ weights: Tensor) -> Tensor {
        Self.changed(weights) { index, row in
            var stream = RandomStream(seed: 4, purpose: "test.planted.disguise", index: UInt64(index))
            let element = SymmetryElement.random(
                Self.layout, permutation: { stream.permutation($0) },
                scale: { _ in Double(0.3 + 2 * stream.uniform([1]).floats[0]) })
            row = element.apply(to: row, layout: Self.layout)
        }
    }

    /// New weights of the inputs that are always 0.
    func rewrittenInputs(_ weights: Tensor, by size: Double = 1.5) -> Tensor {
        Self.changed(weights) { index, row in
            var stream = RandomStream(seed: 5, purpose: "test.planted.inputs", index: UInt64(index))
            let drawn = stream.normal([24]).floats
            for unit in 0..<12 {
                row[unit * 12 + 10] = drawn[unit] * Float(size)
                row[unit * 12 + 11] = drawn[12 + unit] * Float(size)
            }
        }
    }

    /// Noise on all weights.
    func noisy(_ weights: Tensor, _ sigma: Double) -> Tensor {
        var stream = RandomStream(seed: 6, purpose: "test.planted.noise")
        return weights + stream.normal(weights.shape) * sigma
    }

    /// The last two units never on (their biases so low), which read anything and are read with any weight: of the zoo a
    /// copy with two dead units, whose function is that of the network without them.
    func deadUnits(_ weights: Tensor, readBy factor: Float, salt: UInt64) -> Tensor {
        let (bias, outer) = (Self.layout.slots[1].offset, Self.layout.slots[2].offset)
        return Self.changed(weights) { index, row in
            var stream = RandomStream(seed: salt, purpose: "test.planted.dead", index: UInt64(index))
            let drawn = stream.normal([32]).floats
            for (place, unit) in [10, 11].enumerated() {
                row[bias + unit] = -30
                for input in 0..<12 { row[unit * 12 + input] = drawn[place * 12 + input] * 0.5 }
                for output in 0..<4 { row[outer + output * 12 + unit] = factor * drawn[24 + place * 4 + output] }
            }
        }
    }

    /// Means of `count` zoo networks, balanced and matched, before and after their units' and logits' means and deviations
    /// were set to the mean of the members' (Jordan et al., REPAIR, 2022), on training rows.
    func repairedAverages(of count: Int, networks: Int) throws -> Tensor {
        let aligned = try frame.place(zoo).matched
        let rows = (0..<networks).map { index in
            var stream = RandomStream(seed: 7, purpose: "test.planted.average", index: UInt64(index))
            let members = stream.permutation(60).prefix(count).map { aligned.selected(axis: 0, $0).floats }
            var average = [Float](repeating: 0, count: Self.layout.count)
            for member in members { for place in average.indices { average[place] += member[place] / Float(count) } }
            for layer in [0, 1] {
                let (weight, bias) = (Self.layout.slots[2 * layer], Self.layout.slots[2 * layer + 1])
                let wanted = members.map { statistics($0, layer) }, found = statistics(average, layer)
                for unit in 0..<bias.count {
                    let mean = wanted.map { $0[unit].mean }.reduce(0, +) / Float(count)
                    let deviation = wanted.map { $0[unit].deviation }.reduce(0, +) / Float(count)
                    let gain = found[unit].deviation > 1e-6 ? deviation / found[unit].deviation : 1
                    let width = weight.count / bias.count
                    for input in 0..<width { average[weight.offset + unit * width + input] *= gain }
                    average[bias.offset + unit] = gain * (average[bias.offset + unit] - found[unit].mean) + mean
                }
            }
            return average
        }
        return Tensor(Array(rows.joined()), shape: [networks, Self.layout.count])
    }

    /// Mean and deviation of a layer's pre-activations on training rows.
    private func statistics(_ network: [Float], _ layer: Int) -> [(mean: Float, deviation: Float)] {
        let parameters = Parameters(layout: Self.layout, flat: Tensor(network, shape: [network.count]))
        let slots = Self.layout.slots
        var h = linear(training.inputs, weight: parameters[slots[0]], bias: parameters[slots[1]])
        if layer == 1 { h = linear(h.relu(), weight: parameters[slots[2]], bias: parameters[slots[3]]) }
        let (rows, width, values) = (h.shape[0], h.shape[1], h.floats)
        return (0..<width).map { unit in
            let column = (0..<rows).map { values[$0 * width + unit] }
            let mean = column.reduce(0, +) / Float(rows)
            let square = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(rows)
            return (mean, square.squareRoot())
        }
    }
}

/// Points and PyTorch's networks, as the script wrote them.
private struct PlantedPoints {
    let training: (inputs: Tensor, labels: [Int32])
    let test: (inputs: Tensor, labels: [Int32])
    let networks: Tensor

    private struct File: Decodable {
        struct Part: Decodable { let inputs: Data, labels: Data }
        let training: Part, test: Part, networks: Data
    }

    init() throws {
        let url = fixturesFolder.appending(path: "planted/planted.json")
        let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
        func tensor(_ data: Data, _ width: Int) -> Tensor {
            let values = stride(from: 0, to: data.count, by: 4).map { place in
                Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(data[place + $1]) << UInt32(8 * $1) })
            }
            return Tensor(values, shape: [values.count / width, width])
        }
        func part(_ part: File.Part) -> (Tensor, [Int32]) { (tensor(part.inputs, 12), part.labels.map(Int32.init)) }
        (training, test) = (part(file.training), part(file.test))
        networks = tensor(file.networks, PlantedZoo.layout.count)
    }
}
