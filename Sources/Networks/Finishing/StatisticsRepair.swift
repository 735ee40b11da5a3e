import Tensors

/// Sets means and deviations of hidden units and logits to those of other networks.
///
/// An average's units vary less than those of its members, and the less the deeper they lie, since what the members do
/// differently cancels. Layer by layer, with statistics taken anew after each, every hidden unit's sum z becomes
///
///     z' = (z - m) s* / s + m*,
///
/// m, s the average's own mean and deviation on training rows and m*, s* the means over its members of theirs; gain and
/// offset are folded into the layer's weights and bias. Then the same is done to the logits, class by class.
///
/// Source: Jordan, Sedghi, Saukh, Entezari, Neyshabur, "REPAIR: REnormalizing Permuted Activations for Interpolation
/// Repair", 2022 (2211.08403). Theirs is for two networks and leaves the logits alone. Units before a norm keep theirs: a
/// batch norm whose running statistics are taken anew is their repair. Units that do not vary are left alone, as is a
/// layer without a bias.
public struct StatisticsRepair: Sendable {
    private let network: any Network
    private let inputs: Tensor
    private let recalibration: Recalibration?
    /// Layers of hidden units, in order.
    let hidden: [Layer]
    /// The last layer.
    let last: Layer
    /// Networks in one pass and rows in one; results do not depend on the former.
    private let passes: PassSizes

    /// Weights and bias of a layer whose units are repaired.
    struct Layer: Sendable {
        let weight: Slot
        let bias: Slot?
    }

    /// Prepares for classifiers, on training inputs [n, features]; throws `DataError` where there is no last layer.
    public init(_ network: any Network, inputs: Tensor) throws {
        let head = try ClassifierHead(network.layout)
        self.network = network
        self.inputs = inputs
        recalibration = network.layout.bufferCount > 0 ? Recalibration(network, inputs: inputs) : nil
        last = Layer(weight: head.weight, bias: head.bias)
        let slots = network.layout.slots
        let seen = SeenLayers.weights(of: network, inputs: inputs)
        hidden = slots.indices.dropLast().compactMap { index in
            let (weight, bias) = (slots[index], slots[index + 1])
            guard weight.role == .weight, bias.role == .bias, weight.axes[0] != nil, seen.contains(weight),
                weight.actions[0] == GroupAction(.incoming), bias.shape == [weight.shape[0]]
            else { return nil }
            return Layer(weight: weight, bias: bias)
        }
        passes = PassSizes(network.layout)
    }

    /// The statistics of networks [P, D]; running statistics of norms are taken anew where they are not given.
    public func statistics(_ population: Tensor, buffers: Tensor? = nil) -> UnitStatistics {
        let layers = hidden + [last]
        let moments = moments(of: layers, population, buffers ?? recalibration?(population))
        return UnitStatistics(moments)
    }

    /// Networks [P, D] with statistics as wanted: `targets` has for each network one entry a unit, hidden layers first
    /// and then the classes, or only the classes, which leaves hidden units alone.
    ///
    /// Network i depends on network i and its target alone. Traps on another number of targets.
    public func callAsFunction(_ population: Tensor, to targets: [[UnitStatistics.Moments]]) -> Tensor {
        precondition(targets.count == population.shape[0], "repair: \(targets.count) targets, \(population.shape)")
        let units = hidden.reduce(0) { $0 + $1.weight.shape[0] }
        let classes = last.weight.shape[0]
        precondition(
            targets.allSatisfy { $0.count == units + classes || $0.count == classes },
            "repair: targets of \(targets.map(\.count)) units, \(units) hidden and \(classes) classes")
        var weights = population
        var offset = 0
        for layer in hidden {
            let own = targets.map { target in
                target.count > classes ? Array(target[offset..<(offset + layer.weight.shape[0])]) : nil
            }
            offset += layer.weight.shape[0]
            if own.contains(where: { $0 != nil }) { weights = repaired(layer, weights, own) }
        }
        return repaired(last, weights, targets.map { Array($0.suffix(classes)) })
    }

    /// Row passes of a network: one a layer that is repaired, and as many for running statistics.
    func rowPasses(withHidden: Bool) -> Double {
        let passes = (withHidden ? hidden.count : 0) + 1
        return Double(inputs.shape[0]) * Double(passes) * (recalibration == nil ? 1 : 2)
    }

    private func repaired(_ layer: Layer, _ population: Tensor, _ targets: [[UnitStatistics.Moments]?]) -> Tensor {
        let found = moments(of: [layer], population, recalibration?(population))
        var rows = population.doubles
        let width = population.shape[1]
        for (network, target) in targets.enumerated() {
            guard let target else { continue }
            for (unit, (own, wanted)) in zip(found[network], target).enumerated() where Self.varies(own) {
                let gain = wanted.deviation / own.deviation
                rows.fold(
                    gain: gain, offset: wanted.mean - gain * own.mean, unit: unit, weight: layer.weight,
                    bias: layer.bias, from: network * width)
            }
        }
        return Tensor(rows, shape: population.shape, precision: population.precision)
    }

    /// Whether a unit gives different rows different numbers, by more than single precision makes of equal ones.
    private static func varies(_ own: UnitStatistics.Moments) -> Bool {
        own.deviation > 1e-6 * abs(own.mean) && own.deviation.isFinite && own.deviation > 0
    }

    /// Moments of the layers' units, [P][U].
    private func moments(of layers: [Layer], _ population: Tensor, _ buffers: Tensor?) -> [[UnitStatistics.Moments]] {
        passes.map(population, buffers) { parameters, own in
            let count = parameters.flat.shape[0]
            let buffers = own.map { Buffers(layout: network.layout, flat: $0) }
            var pass = ForwardPass.evaluation(buffers)
            pass.observer = MomentCollector(layers.map(\.weight))
            for rows in passes.rows(of: inputs.shape[0]) {
                _ = network(parameters, inputs.sliced(axis: 0, rows), &pass)
            }
            guard let collected = pass.observer as? MomentCollector else { return [] }
            let parts = layers.map { collected.moments(of: $0.weight, networks: count) }
            return (0..<count).map { network in parts.flatMap { $0[network] } }
        }
    }
}
