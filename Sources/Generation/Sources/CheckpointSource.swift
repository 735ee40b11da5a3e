import Basics
import Networks
import Tensors

/// Where training was at a recorded step, as a source: codes of the training networks' checkpoints.
///
/// Networks drawn as they are, `PerturbedSource` with its noise; or the Gaussian with their mean and covariance,
/// `FittedGaussianSource`, whose draws are no network's own start.
public struct CheckpointSourceConfig: SourceConfig {
    /// What is drawn.
    public enum Draws: String, Codable, Sendable, CaseIterable {
        /// The training networks' own checkpoints, with noise if there is any.
        case networks
        /// The Gaussian with the checkpoints' mean and covariance.
        case gaussian
    }

    /// The training step.
    public var step = 0
    /// What is drawn.
    public var draws = Draws.networks
    /// Standard deviation of the noise on a checkpoint's codes.
    public var std = 0.0

    /// The initialisations of the training networks.
    public init() {}

    /// What can be set.
    public static let keys = [
        ConfigKey("step", .integer(atLeast: 0), "Training step of the checkpoints; 0 is the initialisation"),
        ConfigKey(
            "draws", .choice(Draws.allCases.map(\.rawValue)),
            "What is drawn: the checkpoints themselves, or the Gaussian with their mean and covariance"),
        ConfigKey(
            "std", .number(atLeast: 0, atMost: 1000),
            "Standard deviation of the noise on a checkpoint's codes; of networks"),
    ]

    /// Noise on what is noise already.
    public func problems() -> [ConfigProblem] {
        guard draws == .gaussian, std > 0 else { return [] }
        return [ConfigProblem("std", expected: "0 with draws: gaussian", found: "\(std)")]
    }

    /// The codes of all training networks' checkpoints at the step. Throws `DataError` where one has none.
    public func fit(_ weights: Tensor, in space: CodeSpace) throws -> any Source {
        guard let checkpoints = space.checkpoints else { throw Self.noCheckpoints }
        let codes = space.coordinates.encode(try checkpoints.weights(at: Int64(step)))
        guard draws == .gaussian else { return PerturbedSource(members: codes, std: std) }
        guard let source = FittedGaussianSource(fitting: codes) else {
            throw DataError(.malformed, path: "source", expected: "codes that are finite", found: "others")
        }
        return source
    }

    /// What was fitted.
    public func read(_ tensors: [NamedTensor], in space: CodeSpace) throws -> any Source {
        if draws == .gaussian { return try FittedGaussianSource.Config().read(tensors, in: space) }
        var config = PerturbedSource.Config()
        config.std = std
        return try config.read(tensors, in: space)
    }

    private static let noCheckpoints = DataError(
        .configuration, path: "source.kind", expected: "a zoo with checkpoints where the source is checkpoint",
        found: "a zoo without", hint: "train one with checkpoints.every")

    /// It draws what training had at the step.
    public var startStep: Int64? { Int64(step) }
    /// It is fitted to checkpoints.
    public var needsCheckpoints: Bool { true }

    /// The kind in a few words.
    public func summary(std: String) -> String {
        let what = step == 0 ? "initialisations" : "checkpoints at step \(step)"
        return draws == .networks ? "the training networks' \(what)" : "the Gaussian of the training networks' \(what)"
    }
}
