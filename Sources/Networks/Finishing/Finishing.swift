import Basics
import Tensors

/// Carries a finish out: populations in, finished populations out, training rows alone.
///
/// Network i comes out the same whatever networks stand beside it, in whatever order, and by however many threads. One
/// that the finish would take out of the finite numbers stays as it was.
public struct Finishing: Sendable {
    /// What is done.
    public let finish: Finish
    private let network: any Network
    private let head: ClassifierHead
    private let repair: AverageRepair?
    private let recalibration: Recalibration?
    /// [n, features], and their classes as vectors [n, C].
    private let inputs, targets: Tensor
    private let passes: PassSizes

    /// A population after the finish.
    public struct Finished: Sendable {
        /// Weights, [P, D].
        public let weights: Tensor
        /// Running statistics, [P, bufferCount]; nil where the layout has none.
        public let buffers: Tensor?
    }

    /// Prepares a finish for networks of one layout.
    ///
    /// - inputs: training inputs, [n, features], two or more; labels: their classes, n of them.
    /// - repair: what `statistics` needs, with the zoo's statistics; traps where that kind comes without.
    /// - Throws: `DataError` where the networks do not end in a linear layer of as many classes as there are labels.
    public init(
        _ network: any Network, _ finish: Finish, inputs: Tensor, labels: [Int32], classes: Int,
        repair: AverageRepair? = nil
    ) throws {
        precondition(
            inputs.shape[0] == labels.count && labels.count >= 2,
            "finishing: \(labels.count) labels, inputs \(inputs.shape)")
        head = try ClassifierHead(network.layout)
        guard head.classes == classes else {
            throw DataError(
                .configuration, path: "finish", expected: "networks whose last layer has a row a class, \(classes)",
                found: "\(head.weight.name) \(head.weight.shape)", hint: "set finish.kind to none")
        }
        if case .statistics = finish { precondition(repair != nil, "finishing: no statistics to aim at") }
        recalibration = network.layout.bufferCount > 0 ? Recalibration(network, inputs: inputs) : nil
        targets = .oneHot(labels, classes: classes, precision: inputs.precision)
        (self.network, self.finish, self.inputs, self.repair) = (network, finish, inputs, repair)
        passes = PassSizes(network.layout)
    }

    /// The population [P, D] after the finish; running statistics are taken anew.
    ///
    /// - members: for each network what it is the average of, by which `statistics` sets hidden units; without any (empty, or
    ///   nil for all) hidden units are left alone. Traps on another number of lists.
    public func callAsFunction(_ population: Tensor, members: [AverageMembers]? = nil) -> Finished {
        precondition(
            members == nil || members?.count == population.shape[0],
            "finishing: members of \(members?.count ?? 0) networks for \(population.shape)")
        guard population.shape[0] > 0 else { return Finished(weights: population, buffers: recalibration?(population)) }
        let weights =
            switch finish {
            case .none: population
            case .statistics: repair.map { $0(population, of: members) } ?? population
            case .logits(let settings): withGains(population, steps(settings.steps, settings.rate))
            case .lastLayer(let settings): withLastLayer(population, steps(settings.steps, settings.rate))
            case .train(let settings): trained(population, steps(settings.steps, settings.rate))
            }
        let kept = Self.finite(weights, else: population)
        return Finished(weights: kept, buffers: recalibration?(kept))
    }

    /// What the finish costs a network, in rows that pass through it: a row that only passes counts 1, a row of a gradient
    /// step 3, times the share of the weights that the step moves.
    ///
    /// - hasMembers: whether it is an average, whose hidden layers `statistics` repairs one after the other.
    public func rowPasses(hasMembers: Bool = false) -> Double {
        let rows = Double(inputs.shape[0])
        let norms = recalibration == nil ? 0 : rows
        let all = Double(network.layout.count)
        func stepped(_ numbers: Int) -> Double { 3 * rows * Double(finish.steps) * Double(numbers) / all }
        return switch finish {
        case .none: norms
        case .statistics: repair?.rowPasses(hasMembers: hasMembers) ?? norms
        case .logits: norms + rows + stepped(2 * head.classes)
        case .lastLayer: norms + rows + stepped(head.count)
        case .train: norms + stepped(network.layout.count)
        }
    }

    private func steps(_ steps: Int, _ rate: Double) -> FinishSteps {
        FinishSteps(steps: steps, rate: rate, targets: targets)
    }
}

extension Finishing {
    private func withGains(_ population: Tensor, _ steps: FinishSteps) -> Tensor {
        let gains = passes.map(population, recalibration?(population)) { parameters, own -> [[Double]] in
            let found = steps.gains(outputs(parameters, own).logits, hasBias: head.bias != nil).doubles
            let width = 2 * head.classes
            return (0..<parameters.flat.shape[0]).map { Array(found[($0 * width)..<(($0 + 1) * width)]) }
        }
        var rows = population.doubles
        for (network, numbers) in gains.enumerated() {
            for unit in 0..<head.classes {
                rows.fold(
                    gain: numbers[unit], offset: numbers[head.classes + unit], unit: unit, weight: head.weight,
                    bias: head.bias, from: network * population.shape[1])
            }
        }
        return Tensor(rows, shape: population.shape, precision: population.precision)
    }

    private func withLastLayer(_ population: Tensor, _ steps: FinishSteps) -> Tensor {
        let place = head.weight.offset..<(head.weight.offset + head.count)
        let layers = passes.map(population, recalibration?(population)) { parameters, own -> [Tensor] in
            let layer = parameters.flat.sliced(axis: 1, place)
            return [steps.lastLayer(layer, inputs: outputs(parameters, own).features, head: head)]
        }
        let before = population.sliced(axis: 1, 0..<place.lowerBound)
        let after = population.sliced(axis: 1, place.upperBound..<population.shape[1])
        let parts = [before, .concatenate(layers, axis: 0), after]
        return .concatenate(parts.filter { $0.shape[1] > 0 }, axis: 1)
    }

    private func trained(_ population: Tensor, _ steps: FinishSteps) -> Tensor {
        let parts = passes.map(population, nil) { parameters, _ in
            [steps.everything(network, parameters.flat, inputs: inputs, parts: passes.rows(of: inputs.shape[0]))]
        }
        return .concatenate(parts, axis: 0)
    }

    /// What the last layer reads, [P, n, in] (or [n, in] where there is no other layer), and the logits [P, n, C].
    private func outputs(_ parameters: Parameters, _ buffers: Tensor?) -> (features: Tensor, logits: Tensor) {
        var (features, logits): ([Tensor], [Tensor]) = ([], [])
        for rows in passes.rows(of: inputs.shape[0]) {
            var pass = ForwardPass.evaluation(buffers.map { Buffers(layout: network.layout, flat: $0) })
            pass.observer = HeadObserver(head)
            logits.append(network(parameters, inputs.sliced(axis: 0, rows), &pass))
            if let seen = (pass.observer as? HeadObserver)?.input { features.append(seen) }
        }
        precondition(features.count == logits.count, "finishing: the last layer was not seen in a pass")
        return (.concatenate(features, axis: features[0].rank - 2), .concatenate(logits, axis: 1))
    }

    /// The rows of `weights` that are finite, and in place of the others those of `population`.
    private static func finite(_ weights: Tensor, else population: Tensor) -> Tensor {
        var rows = weights.doubles
        guard !rows.allSatisfy(\.isFinite) else { return weights }
        let (old, width) = (population.doubles, population.shape[1])
        for start in stride(from: 0, to: rows.count, by: width)
        where !rows[start..<(start + width)].allSatisfy(\.isFinite) {
            rows.replaceSubrange(start..<(start + width), with: old[start..<(start + width)])
        }
        return Tensor(rows, shape: population.shape, precision: population.precision)
    }
}
