import Basics
import Tensors

/// The settings of an ensemble of networks, and how it is fitted to the training rows.
public protocol EnsembleConfig: ComponentConfig {
    /// Where its networks come from.
    static var kind: EnsembleKind { get }
    /// How many networks it has.
    var count: Int { get set }

    /// Networks fitted to T alone; the same seed gives the same bytes.
    func fit(_ rows: LabelledRows, seed: UInt64, progress: WorkProgress) throws -> ShiftEnsemble
}

/// The ensembles that a detector may hold, one section each.
public struct EnsemblesConfig: ComponentConfig {
    /// Trained from fresh weights.
    public var trained = TrainedEnsemble()
    /// One network whose last layer is drawn from a posterior.
    public var lastLayer = LastLayerEnsemble()
    /// Drawn from a generator.
    public var generated = GeneratedEnsemble()

    /// Three ensembles of equal size.
    public init() {}

    private enum CodingKeys: String, CodingKey {
        case trained, generated
        case lastLayer = "last-layer"
    }

    /// One section an ensemble.
    public static let keys: [ConfigKey] =
        .section("trained", TrainedEnsemble.self) + .section("last-layer", LastLayerEnsemble.self)
        + .section("generated", GeneratedEnsemble.self)

    /// What is wrong in each section.
    public func problems() -> [ConfigProblem] {
        EnsembleKind.allCases.flatMap { kind in self[kind].problems().under(kind.rawValue) }
    }

    /// The settings of one kind.
    public subscript(kind: EnsembleKind) -> any EnsembleConfig {
        switch kind {
        case .trained: trained
        case .lastLayer: lastLayer
        case .generated: generated
        }
    }

    /// The ensembles of some kinds, each fitted to the same rows; `progress` counts ensembles.
    public func fit(
        _ kinds: Set<EnsembleKind>, to rows: LabelledRows, seed: UInt64, progress: WorkProgress = .none
    ) throws -> [EnsembleKind: ShiftEnsemble] {
        var fitted: [EnsembleKind: ShiftEnsemble] = [:]
        for kind in EnsembleKind.allCases where kinds.contains(kind) {
            // What goes on inside shows nothing of its own, and may be stopped.
            let done = fitted.count
            let inner = WorkProgress { _, _ in try progress.report(done, of: kinds.count) }
            fitted[kind] = try self[kind].fit(rows, seed: seed, progress: inner)
            try progress.report(fitted.count, of: kinds.count)
        }
        return fitted
    }
}

extension EnsembleKind {
    /// A seed for network `index` of this ensemble.
    func seed(_ index: Int, of seed: UInt64) -> UInt64 {
        var stream = RandomStream(seed: seed, purpose: "shift.ensemble.\(rawValue)", index: UInt64(index))
        return UInt64(stream.integer(below: Int(UInt32.max))) << 32 | UInt64(stream.integer(below: Int(UInt32.max)))
    }
}
