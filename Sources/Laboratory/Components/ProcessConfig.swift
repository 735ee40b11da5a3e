import Basics
import Generation

/// How the source becomes data.
public enum ProcessConfig: VariantConfig {
    /// Flow matching.
    case flow(FlowConfig)
    /// A variance-preserving diffusion.
    case ddpm(DDPMConfig)
    /// Karras et al.'s diffusion.
    case edm(ElucidatedConfig)

    /// A flow.
    public init() { self = .flow(.init()) }

    /// The flow first.
    public static let variants = [
        ConfigVariant("flow", FlowConfig.self, "flow matching"),
        ConfigVariant("ddpm", DDPMConfig.self, "a variance-preserving diffusion (Ho et al. 2020)"),
        ConfigVariant("edm", ElucidatedConfig.self, "a diffusion after Karras et al. (2022)"),
    ]

    /// Reads the kind's settings.
    public init(from decoder: any Decoder) throws {
        switch try decoder.variantKind() {
        case "flow": self = .flow(try FlowConfig(from: decoder))
        case "ddpm": self = .ddpm(try DDPMConfig(from: decoder))
        case "edm": self = .edm(try ElucidatedConfig(from: decoder))
        case let other: throw decoder.unknownKind(other)
        }
    }

    /// Writes the kind beside its settings.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .flow(let flow): try encoder.encodeVariant("flow", flow)
        case .ddpm(let ddpm): try encoder.encodeVariant("ddpm", ddpm)
        case .edm(let edm): try encoder.encodeVariant("edm", edm)
        }
    }

    /// What is wrong across keys.
    public func problems() -> [ConfigProblem] {
        switch self {
        case .flow(let flow): flow.problems()
        case .ddpm(let ddpm): ddpm.problems()
        case .edm(let edm): edm.problems()
        }
    }

    /// The value of `kind`.
    var kind: String {
        switch self {
        case .flow: "flow"
        case .ddpm: "ddpm"
        case .edm: "edm"
        }
    }

    /// The diffusion for codes of a root mean square; nil for a flow. Traps where `check` throws.
    func diffusion(codeStd: Double) -> Diffusion? {
        switch self {
        case .flow: nil
        case .ddpm(let config): Diffusion(config)
        case .edm(let edm): Diffusion(edm.config(codeStd: codeStd))
        }
    }

    /// Throws `DataError` where noises that follow the codes' root mean square leave the range of single precision.
    func check(codeStd: Double) throws {
        guard case .edm(let edm) = self, let problem = edm.config(codeStd: codeStd).problem else { return }
        throw DataError(
            .configuration, path: "process",
            expected: "noises that can be scaled to codes of root mean square \(NumberText.significant(codeStd))",
            found: problem, hint: "set process.sigmaMin, sigmaMax or logMean nearer to dataStd, or rescale: false")
    }
}
