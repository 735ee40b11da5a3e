import Basics
import Tensors

/// The settings of a process, how the source becomes data: what a net learns, and how its samples are drawn.
///
/// `codeStd` is the root mean square of the training networks' codes, which some processes are scaled to.
public protocol ProcessConfig: ComponentConfig {
    /// The methods that can follow the process, its usual one first.
    var methods: [SamplingConfig.Method] { get }
    /// Intervals of a method where none are set; nil: as many as a tolerance asks for.
    func usualSteps(of method: SamplingConfig.Method) -> Int?
    /// The most intervals that a method can take; nil: any number.
    func mostSteps(of method: SamplingConfig.Method) -> Int?
    /// Whether it is a diffusion, which has a source of its own and Karras et al.'s sampler for Heun's method.
    var isDiffusion: Bool { get }
    /// Throws `DataError` where no process can be made for codes of a root mean square.
    func check(codeStd: Double) throws
    /// Throws `DataError` where the process would mix up networks of several conditions.
    func check(_ conditions: TrainingConditions) throws
    /// Standard deviation of the process's own Gaussian source; nil where any source will do. Throws where `check` does.
    func startStd(codeStd: Double) throws -> Double?
    /// What the net learns. Throws where `check` does.
    func objective(_ source: any Source, codeStd: Double) throws -> any Objective
    /// How samples are drawn with the trained net. Throws `DataError` where `check` does, and for a method that is not
    /// among `methods`, or not for such a source.
    func sampler(_ sampling: SamplingConfig, _ source: any Source, codeStd: Double) throws -> any Sampler
    /// Which checkpoints of whole runs the net learns from; nil where it learns from networks.
    var knots: KnotRule? { get }
    /// The sampler where the times of the runs' knots are known.
    func sampler(
        _ sampling: SamplingConfig, _ source: any Source, codeStd: Double, knots: [Double]
    ) throws -> any Sampler
    /// The process as a chain of Gaussian steps that forgets its start, which can be tuned to a reward. Throws `DataError`
    /// where the process, or a source that is not Gaussian, has none.
    func chain(_ source: any Source, codeStd: Double, steps: Int) throws -> MemorylessChain
    /// A sentence where the sampler's steps are too few for what it should give, or nil. Throws where `sampler` does.
    func doubt(_ sampling: SamplingConfig, codeStd: Double) throws -> String?
    /// What does not go with the other parts of a generator; paths are those of the whole (`source.kind`).
    func problems(
        coordinates: any CoordinatesConfig, source: any SourceConfig, sampling: SamplingConfig
    ) -> [ConfigProblem]
}

extension ProcessConfig {
    /// A hundred, but for adaptive steps.
    public func usualSteps(of method: SamplingConfig.Method) -> Int? { method == .dormandPrince ? nil : 100 }
    /// Any number.
    public func mostSteps(of method: SamplingConfig.Method) -> Int? { nil }
    /// It is a flow.
    public var isDiffusion: Bool { false }
    /// Nothing is known of flows, which a coupling can make straight.
    public func doubt(_ sampling: SamplingConfig, codeStd: Double) throws -> String? { nil }
    /// It does not.
    public func check(_ conditions: TrainingConditions) throws {}
    /// It learns from networks.
    public var knots: KnotRule? { nil }
    /// They do not matter.
    public func sampler(
        _ sampling: SamplingConfig, _ source: any Source, codeStd: Double, knots: [Double]
    ) throws -> any Sampler { try sampler(sampling, source, codeStd: codeStd) }
    /// It has none.
    public func chain(_ source: any Source, codeStd: Double, steps: Int) throws -> MemorylessChain {
        throw DataError(
            .configuration, path: "process.kind", expected: "a flow or a diffusion, to tune it to a reward",
            found: "a process that is neither")
    }
    /// Codes of any size will do.
    public func check(codeStd: Double) throws {}
}
