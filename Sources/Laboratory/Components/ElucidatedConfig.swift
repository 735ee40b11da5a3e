import Basics
import Generation
import Reports

/// The settings of an EDM diffusion, and whether its noises follow the codes' own spread.
public struct ElucidatedConfig: ComponentConfig {
    /// Karras et al.'s settings.
    public var config = EDMConfig()
    /// Whether all noises are scaled from `dataStd` to the codes' measured standard deviation.
    public var rescale = true

    /// The published settings, scaled to the codes.
    public init() {}

    private enum CodingKeys: String, CodingKey { case rescale }

    /// Reads both from one section.
    public init(from decoder: any Decoder) throws {
        config = try EDMConfig(from: decoder)
        rescale = try decoder.container(keyedBy: CodingKeys.self).decode(Bool.self, forKey: .rescale)
    }

    /// Writes both into one section.
    public func encode(to encoder: any Encoder) throws {
        try config.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(rescale, forKey: .rescale)
    }

    /// Seven keys.
    public static let keys = [
        ConfigKey("dataStd", .number(above: 0), "Standard deviation of the data that the noises are meant for"),
        ConfigKey("sigmaMin", .number(above: 0), "Least noise of a sampler before the predicted codes"),
        ConfigKey("sigmaMax", .number(above: 0), "Noise of the source"),
        ConfigKey(
            "rho", .number(above: 0), "How much denser the levels of heun, ancestral and ddim are at little noise"),
        ConfigKey("logMean", .number(), "Mean of the log noise in training"),
        ConfigKey("logStd", .number(atLeast: 0), "Standard deviation of the log noise in training"),
        ConfigKey("rescale", .flag, "Scale all noises from dataStd to the codes' own standard deviation"),
    ]

    /// The settings for codes of a root mean square.
    func config(codeStd: Double) -> EDMConfig { rescale ? config.scaled(toDataStd: codeStd) : config }

    /// What no noise can be made of.
    public func problems() -> [ConfigProblem] { ConfigProblem.own(config.problem) }
}
