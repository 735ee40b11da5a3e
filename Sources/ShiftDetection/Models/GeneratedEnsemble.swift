import Basics
import Generation
import Networks
import Tensors

/// Networks that were never trained: drawn from a generator of networks that was trained on a zoo of T.
///
/// A zoo of perceptrons is trained on T, brought to a normal form (scales, then the order of hidden units, after the
/// first network), and a generator learns it; the ensemble is what the generator draws. Network i depends on the
/// settings, the rows and (seed, i) alone.
///
/// D3M asks a posterior sample of networks; this one costs a solver's steps a network, whatever the training costs.
public struct GeneratedEnsemble: EnsembleConfig {
    /// Drawn from a generator.
    public static let kind = EnsembleKind.generated
    /// M.
    public var count = 200
    /// Networks in the zoo that the generator learns.
    public var zoo = 200
    /// The zoo's networks and their training.
    public var network = PerceptronConfig()
    /// The generator.
    public var generator = Self.flow

    /// Two hundred networks of a flow in principal components.
    public init() {}

    /// A flow between whitened principal components, small enough to be trained in seconds.
    private static var flow: GeneratorDescription {
        var description = GeneratorDescription()
        var components = PrincipalCoordinates.Config()
        components.standardize = true
        description.coordinates = Described(components)
        var net = ResidualMLP.Config()
        net.width = 128
        net.depth = 2
        description.net = Described(net)
        description.training.steps = 2000
        description.training.batch = 64
        description.training.rate = 1e-3
        description.training.emaDecay = 0.99
        description.sampling.steps = 20
        return description
    }

    /// What can be set.
    public static let keys: [ConfigKey] =
        [
            ConfigKey("count", .integer(1...100_000), "Networks drawn from the generator"),
            ConfigKey(
                "zoo", .integer(2...100_000), "Networks trained on the training rows, which the generator learns"),
        ] + .section("network", PerceptronConfig.self) + .section("generator", GeneratorDescription.self)

    /// What is wrong with the generator.
    public func problems() -> [ConfigProblem] { generator.problems().under("generator") }

    /// Trains the zoo and the generator, and draws from it.
    public func fit(_ rows: LabelledRows, seed: UInt64, progress: WorkProgress = .none) throws -> ShiftEnsemble {
        let perceptron = network.perceptron(features: rows.features.shape[1], classes: rows.classes)
        let layout = perceptron.network.layout
        let total = zoo + generator.training.steps + count
        let weights = try network.train(
            on: rows, seeds: (0..<zoo).map { Self.kind.seed($0, of: seed) }, purpose: "shift.zoo",
            progress: progress.part(from: 0, of: total))
        let aligned = try Self.aligned(weights, layout: layout)
        let model = try generator.train(
            on: aligned, layout: layout, initialization: .heNormal, seed: seed
        ) { step in
            try progress.report(zoo + step.step, of: total)
            return true
        }
        let drawn = try model.sample(0..<count, seed: seed) {
            try progress.report(total - count + $0, of: total)
        }.weights
        guard drawn.isFinite else {
            throw DataError(
                .malformed, path: "generated", problem: "the generator draws weights that are not finite",
                hint: "a smaller generated.generator.training.rate may help")
        }
        let codes = model.coordinates.encode(aligned)
        return ShiftEnsemble(
            architecture: .mlp(perceptron), weights: drawn,
            tunable: TunableGenerator(
                generator: model, process: generator.process.member, codeStd: EDMConfig.dataStd(of: codes)))
    }

    /// Networks [N, D] in a normal form: scales first, then units in the order that fits the first network best.
    static func aligned(_ weights: Tensor, layout: ParameterLayout) throws -> Tensor {
        let (values, width) = (weights.floats, layout.count)
        let normalization = ScaleNormalization(layout: layout)
        let rows = try parallelTryMap(weights.shape[0]) {
            try normalization.normalForm(Array(values[$0 * width..<($0 + 1) * width]), path: "zoo, network \($0)").row
        }
        let matching = try WeightMatching(reference: rows[0], layout: layout)
        let aligned = try parallelTryMap(rows.count) { index in
            try matching.align(rows[index], path: "zoo, network \(index)").element.apply(
                to: rows[index], layout: layout)
        }
        return Tensor(aligned.flatMap { $0 }, shape: weights.shape)
    }
}

/// A generator that can be tuned: what a generated ensemble was drawn from.
public struct TunableGenerator: Sendable {
    let generator: Generator
    let process: any ProcessConfig
    /// Root mean square of the codes of the networks that it learnt.
    let codeStd: Double
}

/// `body(i)` for each `0 <= i < count`, in order, computed on the pool; throws the first error by place.
private func parallelTryMap<Value: Sendable>(_ count: Int, _ body: (Int) throws -> Value) throws -> [Value] {
    try parallelMap(count) { index in Result { try body(index) } }.map { try $0.get() }
}
