import Evaluation
import Networks
import Tensors

/// Gives populations the run's finish, and measures what they become: every one in the same way, in units of the fresh
/// networks' distance after the same finish.
struct FinishedJudge {
    private let finishing: Finishing
    /// The run's judging, beside finished fresh networks.
    private let evaluation: EnsembleEvaluation
    private let judged: Judging

    /// Runs networks [P, D] with buffers, and measures them as the run does all others of their kind.
    typealias Judging = (_ weights: Tensor, _ buffers: Tensor?, _ kind: PopulationKind) throws -> JudgedPopulation

    /// Finishes the fresh networks [P, D], which are the yardstick; nil without any. Throws as `judged` does.
    init?(
        _ finishing: Finishing, fresh: Tensor, evaluation: EnsembleEvaluation, judged: @escaping Judging
    ) throws {
        guard fresh.shape[0] > 0 else { return nil }
        self.finishing = finishing
        self.judged = judged
        let finished = finishing(fresh)
        self.evaluation = evaluation.beside(fresh: try judged(finished.weights, finished.buffers, .fresh))
    }

    /// The measures of the fresh networks themselves.
    func fresh() -> FinishedMeasures? { evaluation.judgeFresh().map { measures($0, hasMembers: false) } }

    /// What a population becomes.
    ///
    /// - members: for each network what it is the average of, where it is one; lost: networks that were not
    ///   finite, which no finish brings back.
    func callAsFunction(
        _ weights: Tensor, members: [AverageMembers]?, as kind: PopulationKind, lost: Int
    ) throws -> FinishedMeasures {
        let finished = finishing(weights, members: members)
        let population = try judged(finished.weights, finished.buffers, kind)
        return measures(evaluation.judge(population, as: kind, lost: lost), hasMembers: members != nil)
    }

    private func measures(_ result: EnsembleEvaluation.Result, hasMembers: Bool) -> FinishedMeasures {
        FinishedMeasures(
            finish: finishing.finish.kind, testAccuracy: result.row.testAccuracy,
            validationAccuracy: result.row.validationAccuracy, novelty: result.row.novelty,
            rowPasses: finishing.rowPasses(hasMembers: hasMembers))
    }
}
