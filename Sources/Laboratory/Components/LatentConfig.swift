import Basics
import Generation

/// An autoencoder's settings as coordinates: the nets', and how they are trained before the generator.
///
/// Weights are standardised slot by slot before the encoder, codes dimension by dimension behind it.
public struct LatentConfig<Net: AutoencoderSettings>: ComponentConfig {
    /// The nets.
    public var net = Net()
    /// Their training.
    public var training = Net.training

    /// The nets' defaults.
    public init() {}

    /// The nets' keys, and a section `training`.
    public static var keys: [ConfigKey] { Net.keys + .section("training", TrainingConfig.self) }

    /// What is wrong across keys.
    public func problems() -> [ConfigProblem] {
        let problems = net.problems() + training.problems().under("training")
        guard net.regularization.klWeight > 0, net.regularization.latentNoise != Net().regularization.latentNoise else {
            return problems
        }
        return problems + [
            ConfigProblem(
                "latentNoise", expected: "not to be set with klWeight above 0, where the encoder says the noise",
                found: "\(net.regularization.latentNoise)")
        ]
    }
}

extension LatentConfig {
    private enum CodingKeys: String, CodingKey { case training }

    /// Reads both from one section.
    public init(from decoder: any Decoder) throws {
        net = try Net(from: decoder)
        training = try decoder.container(keyedBy: CodingKeys.self).decode(TrainingConfig.self, forKey: .training)
    }

    /// Writes both into one section.
    public func encode(to encoder: any Encoder) throws {
        try net.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(training, forKey: .training)
    }
}

/// The settings of an autoencoder's nets.
public protocol AutoencoderSettings: ComponentConfig {
    /// The training that suits them.
    static var training: TrainingConfig { get }
    /// What keeps codes smooth.
    var regularization: LatentRegularization { get }
}
