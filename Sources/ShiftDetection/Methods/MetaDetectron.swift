import Basics
import Generation
import Networks
import Tensors

/// Meta-detectron: how far a generator of networks can be tuned to contradict the model on the sample while its networks
/// go on agreeing with it on T.
///
/// The generator was trained on networks of T beforehand. For a sample Q it is tuned by adjoint matching to the reward
///
///     r(w) = a r_T(w) / d_T + q r_Q(w) / d_Q,
///     r_T = - mean over T of CE(f_w(x), c(x)),   r_Q = - mean over Q of DCE(f_w(x), c(x)),
///
/// c(x) the class that the model predicts, DCE the disagreement cross-entropy of Detectron, d_T and d_Q the standard
/// deviations of the two over the untuned ensemble, so that a and q are strengths in its own units. The statistic is the
/// mean rate at which `networks` of the tuned generator, drawn by noises of their own, contradict the model on Q: where Q
/// is like T, networks that keep their predictions on T cannot be talked out of them on Q.
///
/// Its value is compared with those of samples of P alone, as Detectron's, and like that one's it has no level.
///
/// Source: the idea is that of the application in "Flows and diffusions on the neural manifold", 2025, whose algorithm is
/// not public: this one is ours, after Ginsberg, Liang, Krishnan, A learning based hypothesis test for harmful covariate
/// shift, 2023. A tilted law re-weights networks that the generator can make, where Detectron trains any.
public struct MetaDetectron: ShiftMethod {
    /// a.
    public var agreement = 3.0
    /// q.
    public var disagreement = 3.0
    /// Networks of the tuned generator that are asked.
    public var networks = 100
    /// How the generator is tuned.
    public var matching = Self.quick

    /// Equal strengths, a tuning of about a second.
    public init() {}

    private static var quick: TuningConfig {
        var config = TuningConfig()
        (config.steps, config.batch, config.path) = (30, 16, 15)
        (config.rate, config.finalRate) = (1e-3, 1e-4)
        return config
    }

    /// What can be set.
    public static let keys: [ConfigKey] =
        [
            ConfigKey(
                "agreement", .number(atLeast: 0),
                "Strength of agreement on the training rows, in deviations of the ensemble's"),
            ConfigKey(
                "disagreement", .number(atLeast: 0),
                "Strength of disagreement on the sample, in deviations of the ensemble's"),
            ConfigKey("networks", .integer(1...100_000), "Networks of the tuned generator that are asked"),
        ] + .section("matching", TuningConfig.self)

    /// Nested splits: the generator is tuned anew for every sample.
    public var level: ShiftLevel { .nestedSplits }
    /// It is.
    public var retrains: Bool { true }
    /// The one that has the generator.
    public var ensembles: Set<EnsembleKind> { [.generated] }
    /// Networks are asked about features.
    public var needsFeatures: Bool { true }

    /// The rate of disagreement on each sample after tuning. Throws `DataError` where the model has no training rows,
    /// features or generator.
    public func values(
        of samples: [[Int]], in pool: ShiftRows, model: ShiftModel, progress: WorkProgress
    ) throws -> [Double] {
        guard pool.classes > 1, !samples.isEmpty else { return samples.map { _ in 0 } }
        let work = try MetaDetectronWork(self, pool: pool, model: model)
        var values: [Double] = []
        for first in stride(from: 0, to: samples.count, by: Threads.count) {
            try progress.report(first, of: samples.count)
            let wave = first..<min(samples.count, first + Threads.count)
            values += try parallelMap(wave.count) { index in
                Result { try work.value(samples[wave.lowerBound + index]) }
            }.map { try $0.get() }
        }
        try progress.report(samples.count, of: samples.count)
        return values
    }
}

/// What all samples of one call share.
private struct MetaDetectronWork {
    private let settings: MetaDetectron
    private let tunable: TunableGenerator
    private let chain: MemorylessChain
    private let network: any Network
    private let agreeing: any Reward
    private let agreementSpread: RewardSpread
    private let ensemble: Tensor
    private let pool: PredictedRows
    private let seed: UInt64

    init(_ settings: MetaDetectron, pool: ShiftRows, model: ShiftModel) throws {
        let (training, pool) = try model.known(for: "meta-detectron", pool: pool)
        guard let ensemble = model.ensembles[.generated], let tunable = ensemble.tunable else {
            throw ShiftModel.missing(
                "meta-detectron", "it tunes the generator of a generated ensemble, and there is none",
                hint: "a detector that was kept has the networks alone: run it in a study")
        }
        (self.settings, self.tunable, self.pool, seed) = (settings, tunable, pool, model.seed)
        network = ensemble.architecture.network
        self.ensemble = ensemble.weights
        chain = try tunable.process.chain(
            tunable.generator.source, codeStd: tunable.codeStd, steps: settings.matching.path)
        agreeing = OutputReward.agreement(network, inputs: training.features, said: training.classes)
        agreementSpread = try RewardSpread(agreeing(ensemble.weights).doubles)
    }

    /// How often networks of the generator tuned to one sample contradict the model on it; 0 of no rows.
    func value(_ sample: [Int]) throws -> Double {
        guard !sample.isEmpty else { return 0 }
        let rows = pool.features.gathered(axis: 0, sample.map(Int32.init))
        let classes = sample.map { pool.classes[$0] }
        let contradicting = OutputReward.disagreement(network, inputs: rows, said: classes)
        let spread = try RewardSpread(contradicting(ensemble).doubles)
        let reward = RewardSum([
            (settings.agreement / agreementSpread.std, agreeing), (settings.disagreement / spread.std, contradicting),
        ])
        let matching = try AdjointMatching(
            tunable.generator, chain: chain, reward: reward, strength: 1, config: settings.matching, seed: seed)
        var state = matching.start()
        // A tuning that diverged has the generator as it was.
        _ = matching.run(&state)
        let old = tunable.generator
        let tuned = Generator(
            coordinates: old.coordinates, net: old.net, parameters: state.samplingParameters, source: old.source,
            sampler: old.sampler)
        let said = Classifier(network).predictions(
            tuned.sample(0..<settings.networks, seed: seed).weights, inputs: rows)
        let contradicted = said.reduce(0) { sum, own in sum + zip(own, classes).count { $0 != $1 } }
        return Double(contradicted) / Double(settings.networks * sample.count)
    }
}
