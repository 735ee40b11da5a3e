import Tensors

/// Mean and deviation over rows of every hidden unit's sum, before its activation, and of every class's logit.
///
/// Of a channel they are taken over rows and positions. Hidden units are those of layers whose scale their readers can
/// undo: units before a norm are not among them, since the norm sets their statistics itself.
public struct UnitStatistics: Sendable {
    /// Mean and deviation (divisor n) of a unit.
    public struct Moments: Sendable, Equatable {
        /// The mean.
        public var mean: Double
        /// The root of the mean square about it.
        public var deviation: Double
    }

    /// Network by network, [P][U]: units of the layers in order, then the classes.
    public let moments: [[Moments]]

    init(_ moments: [[Moments]]) { self.moments = moments }

    /// P, the number of networks.
    public var count: Int { moments.count }

    /// For each unit the mean over some of the networks of their means and of their deviations; traps without any.
    ///
    /// - members: places of the networks; one that is named twice counts twice. All networks where nil.
    public func mean(over members: [Int]? = nil) -> [Moments] {
        let rows = members ?? Array(moments.indices)
        precondition(!rows.isEmpty, "unit statistics: a mean over no networks")
        let share = 1 / Double(rows.count)
        return moments[rows[0]].indices.map { unit in
            rows.reduce(into: Moments(mean: 0, deviation: 0)) { sum, row in
                sum.mean += moments[row][unit].mean * share
                sum.deviation += moments[row][unit].deviation * share
            }
        }
    }
}

/// Collects sums and squares of what layers give, pass by pass.
struct MomentCollector: LayerObserver {
    /// The layers that are looked at, by the place of their weights.
    private var layers: [Int: Layer] = [:]

    /// A layer's units so far, [P * units].
    private struct Layer: Sendable {
        var count = 0.0
        var means: [Double] = []
        /// Sums of squares about the means.
        var squares: [Double] = []
    }

    init(_ weights: [Slot]) { for slot in weights { layers[slot.offset] = Layer() } }

    /// Takes in a chunk of rows: means and squares about them are those of both together (Chan, Golub, LeVeque, 1983).
    mutating func layer(_ weight: Slot, input: Tensor, output: Tensor) {
        guard var layer = layers[weight.offset] else { return }
        let channels = output.rank - 1 - max(0, weight.shape.count - 2)
        let axes = Array(1..<channels) + Array((channels + 1)..<output.rank)
        let mean = output.mean(axes: axes, keepingDims: true)
        let spread = (output - mean).square().mean(axes: axes).doubles
        let means = mean.doubles
        let count = axes.reduce(1.0) { $0 * Double(output.shape[$1]) }
        if layer.count == 0 {
            layer = Layer(count: count, means: means, squares: spread.map { $0 * count })
        } else {
            let total = layer.count + count
            for unit in means.indices {
                let step = means[unit] - layer.means[unit]
                layer.squares[unit] += spread[unit] * count + step * step * layer.count * count / total
                layer.means[unit] += step * count / total
            }
            layer.count = total
        }
        layers[weight.offset] = layer
    }

    /// What was collected of one layer's units, network by network; nothing of a layer that was not seen.
    func moments(of weight: Slot, networks: Int) -> [[UnitStatistics.Moments]] {
        guard let layer = layers[weight.offset], layer.count > 0 else { return Array(repeating: [], count: networks) }
        let units = layer.means.count / networks
        return (0..<networks).map { network in
            (network * units..<(network + 1) * units).map {
                .init(mean: layer.means[$0], deviation: (layer.squares[$0] / layer.count).squareRoot())
            }
        }
    }
}

/// Which layers a pass shows.
struct SeenLayers: LayerObserver {
    private(set) var weights: Set<Slot> = []

    mutating func layer(_ weight: Slot, input: Tensor, output: Tensor) { weights.insert(weight) }

    /// The weights of the layers that a pass of the network shows.
    static func weights(of network: any Network, inputs: Tensor) -> Set<Slot> {
        let layout = network.layout
        let parameters = Parameters(layout: layout, flat: .zeros([1, layout.count], precision: inputs.precision))
        let buffers = Buffers(layout, population: 1, precision: inputs.precision)
        var pass = ForwardPass.evaluation(layout.bufferCount > 0 ? buffers : nil)
        pass.observer = SeenLayers()
        _ = network(parameters, inputs.sliced(axis: 0, 0..<1), &pass)
        return (pass.observer as? SeenLayers)?.weights ?? []
    }
}
