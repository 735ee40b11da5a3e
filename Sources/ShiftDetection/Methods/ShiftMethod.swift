import Basics
import Tensors

/// A way to tell a sample Q from the reference rows P: one number a sample, the larger the more different.
///
/// A method is its settings; what it needs beyond the rows it finds in the ``ShiftModel``, which has seen neither P nor Q.
public protocol ShiftMethod: ComponentConfig {
    /// What the level of its p-value rests on.
    var level: ShiftLevel { get }
    /// The ensembles that it asks.
    var ensembles: Set<EnsembleKind> { get }
    /// Whether it looks at features, which a model known by its outputs alone does not have.
    var needsFeatures: Bool { get }
    /// The same method with an exact level, which is had by learning anew from every subset; nil where there is no such
    /// way, or where its level is exact already.
    var retrainedOnSubsets: (any ShiftMethod)? { get }
    /// Whether it trains networks for every sample and subset: a test then takes minutes where others take a second.
    var retrains: Bool { get }

    /// The statistic of each sample, a set of rows of the pool, against the pool's other rows.
    ///
    /// A value depends on the pool, its own sample and the model's seed alone; not on the samples beside it.
    func values(
        of samples: [[Int]], in pool: ShiftRows, model: ShiftModel, progress: WorkProgress
    ) throws -> [Double]
}

extension ShiftMethod {
    /// Exact: the models were fixed beforehand.
    public var level: ShiftLevel { .exact }
    /// None.
    public var ensembles: Set<EnsembleKind> { [] }
    /// It looks at outputs alone.
    public var needsFeatures: Bool { false }
    /// It is exact as it is.
    public var retrainedOnSubsets: (any ShiftMethod)? { nil }
    /// What it needs is fixed before a sample comes.
    public var retrains: Bool { false }
}

/// What the level of a p-value rests on.
public enum ShiftLevel: String, Codable, Sendable {
    /// Permutations of P and Q together: exact under exchangeability, given T and the models that were fixed beforehand.
    case exact
    /// Samples of P alone, from each of which the method learns anew: too narrow, so that no level is claimed.
    case nestedSplits = "nested-splits"
}
