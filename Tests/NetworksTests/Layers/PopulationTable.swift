import Tensors
import TestSupport

@testable import Networks

/// A layer, loss or optimizer, applied to a population: what must equal the loop over its networks.
struct PopulationRow: Sendable, CustomStringConvertible {
    let description: String
    /// Inputs with P networks in front, and inputs that all networks share.
    let own: [Shape]
    let shared: [Shape]
    /// Of the own inputs, then the shared ones; without P in front for one network.
    let function: @Sendable ([Tensor]) -> Tensor
    /// Optimizers write in place and have no derivative.
    let isDifferentiable: Bool

    /// The networks of every row.
    static let count = 3

    init(
        _ name: String, own: [Shape], shared: [Shape] = [], isDifferentiable: Bool = true,
        _ function: @escaping @Sendable ([Tensor]) -> Tensor
    ) {
        description = name
        self.own = own
        self.shared = shared
        self.isDifferentiable = isDifferentiable
        self.function = function
    }

    /// A layer on inputs of its networks' own, and on inputs that they share. `apply` gets flat parameters and x.
    static func layer<Layer: Sendable>(
        _ name: String, x: Shape, _ declare: (inout ParameterLayout.Builder) -> Layer,
        _ apply: @escaping @Sendable (Layer, Parameters, Tensor) -> Tensor
    ) -> [PopulationRow] {
        var builder = ParameterLayout.Builder()
        let layer = declare(&builder)
        let layout = builder.layout()
        let run: @Sendable ([Tensor]) -> Tensor = { apply(layer, Parameters(layout: layout, flat: $0[0]), $0[1]) }
        return [
            PopulationRow("\(name), own inputs", own: [[layout.count], x], run),
            PopulationRow("\(name), shared inputs", own: [[layout.count]], shared: [x], run),
        ]
    }

    /// A loss of outputs and targets, which are numbers in (0, 1).
    static func loss(
        _ name: String, _ shapes: [Shape], _ apply: @escaping @Sendable ([Tensor]) -> Tensor
    ) -> [PopulationRow] {
        let inside: @Sendable ([Tensor]) -> Tensor = { apply([$0[0]] + $0.dropFirst().map { $0.sigmoid() }) }
        return [
            PopulationRow("\(name), own targets", own: shapes, inside),
            PopulationRow("\(name), shared targets", own: [shapes[0]], shared: Array(shapes.dropFirst()), inside),
        ]
    }
}

extension PopulationRow {
    static let layers: [PopulationRow] =
        layer("Linear", x: [6, 5]) {
            Linear("fc", in: 5, out: 4, layout: &$0)
        } _: {
            $0($1, $2)
        }
        + layer("Activations", x: [6, 5]) {
            Linear("fc", in: 5, out: 4, layout: &$0)
        } _: { layer, parameters, x in
            Activation.allCases.reduce(layer(parameters, x)) { $1($0) }
        }
        + layer("LayerNorm", x: [6, 5]) {
            LayerNorm("n", width: 5, layout: &$0)
        } _: {
            $0($1, $2)
        }
        + layer("LayerNorm, as many samples as networks", x: [count, 5]) {
            LayerNorm("n", width: 5, layout: &$0)
        } _: {
            $0($1, $2)
        }
        + layer("GroupNorm", x: [2, 4, 3, 3]) {
            GroupNorm("n", groups: 2, channels: 4, layout: &$0)
        } _: {
            $0($1, $2)
        }
        + layer("GroupNorm of sequences", x: [2, 4, 3]) {
            GroupNorm("n", groups: 2, channels: 4, spatialRank: 1, layout: &$0)
        } _: {
            $0($1, $2)
        }
        + [0, 1, 2].flatMap { spatialRank in
            layer("BatchNorm in training, \(spatialRank)", x: Shape([6, 4] + Array(repeating: 3, count: spatialRank))) {
                BatchNorm("n", channels: 4, spatialRank: spatialRank, layout: &$0)
            } _: { layer, parameters, x in
                var buffers = Buffers(parameters.layout, population: parameters.populationCount)
                let y = layer(parameters, x, updating: &buffers)
                // The statistics follow the outputs, so that they are compared too.
                let batch = parameters.populationCount.map { [$0] } ?? []
                return .concatenate([y.reshaped(Shape(batch + [-1])), buffers.flat], axis: -1)
            }
        }
        + layer("BatchNorm in evaluation", x: [6, 4, 3, 3]) {
            BatchNorm("n", channels: 4, spatialRank: 2, layout: &$0)
        } _: { layer, parameters, x in
            layer(parameters, x, Buffers(parameters.layout, population: parameters.populationCount))
        }
        + [
            PopulationRow("Embedding, shared indices", own: [[10]]) {
                embedding(parameters($0[0]), [4, 0, 0, 2, 1, 3], shape: [3, 2])
            },
            PopulationRow("Dropout", own: [[6, 5]]) {
                var stream: RandomStream?
                return Dropout(0.5)($0[0], &stream)
            },
        ]

    private static let embedding: Embedding = {
        var builder = ParameterLayout.Builder()
        return Embedding("table", entries: 5, width: 2, layout: &builder)
    }()

    private static func parameters(_ flat: Tensor) -> Parameters {
        var builder = ParameterLayout.Builder()
        _ = Embedding("table", entries: 5, width: 2, layout: &builder)
        return Parameters(layout: builder.layout(), flat: flat)
    }

    static let losses: [PopulationRow] =
        loss("cross-entropy", [[6, 4], [6, 4]]) { Loss.crossEntropy($0[0], targets: $0[1], smoothing: 0.1) }
        + loss("squared error", [[6, 4], [6, 4]]) { Loss.meanSquaredError($0[0], $0[1]) }
        + loss("absolute error", [[6, 4], [6, 4]]) { Loss.meanAbsoluteError($0[0], $0[1]) }
        + loss("binary of logits", [[6, 4], [6, 4]]) { Loss.binaryCrossEntropy(logits: $0[0], targets: $0[1]) }
        + loss("binary of probabilities", [[6, 4], [6, 4]]) {
            Loss.binaryCrossEntropy(probabilities: $0[0].sigmoid(), targets: $0[1])
        }
        + loss("Gaussian likelihood", [[6, 4], [6, 4], [6, 4]]) {
            Loss.gaussianNegativeLogLikelihood($0[0], $0[1], variance: $0[2], isFull: true)
        }
        + loss("NT-Xent", [[6, 4], [6, 4]]) {
            Loss.ntXent($0[0], $0[1].broadcast(to: $0[0].shape), temperature: 0.3)
        }
        + loss("divergence", [[6, 4], [6, 4]]) { Loss.klDivergence($0[0].logSoftmax(), targets: $0[1].softmax()) }
        + loss("divergence of logs", [[6, 4], [6, 4]]) {
            Loss.klDivergence($0[0].logSoftmax(), logTargets: $0[1].logSoftmax())
        }
        + loss("Gaussian divergence", [[6, 4], [6, 4]]) {
            Loss.klDivergenceFromStandardNormal(mean: $0[0], logVariance: $0[1])
        }
        + [
            PopulationRow("cross-entropy, labels", own: [[6, 4]]) {
                Loss.crossEntropy($0[0], labels: [0, 1, 3, 2, 2, 0], smoothing: 0.1)
            }
        ]

    /// Five steps along given gradients, the parameters behind them.
    static let optimizers: [PopulationRow] = OptimizerKind.all.map { kind in
        PopulationRow(
            "\(kind)", own: [[7]] + Array(repeating: [7], count: 5), isDifferentiable: false
        ) { inputs in
            var p = inputs[0]
            var optimizer = kind.make(p.shape, p.precision)
            for gradient in inputs.dropFirst() { kind.step(&optimizer, &p, along: gradient, rate: 0.1) }
            return p
        }
    }
}
