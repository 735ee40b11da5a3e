import Evaluation
import Generation
import Tensors

/// Judges networks of more or less reward, and counts what they cost.
struct TuningJudge {
    private let work: TuningWork
    private let judge: Judge

    init(_ work: TuningWork, judge: Judge) { (self.work, self.judge) = (work, judge) }

    private var count: Int { work.settings.count }
    private var matching: TuningConfig { work.settings.matching }
    private var drawing: Int { work.drawing(work.generator) }

    private func codes(_ generator: Generator) -> Tensor { generator.sample(0..<count, seed: work.seed).codes }

    /// The untuned generator's.
    func base() throws -> TuningRow { try row(.base, codes(work.generator), evaluations: drawing) }

    /// Those of a tuned net.
    func tuned(_ parameters: Tensor, _ strength: Double, _ facts: TuningFacts) throws -> TuningRow {
        try row(
            .tuned, codes(work.generator(parameters)), strength: strength,
            evaluations: matching.evaluations + drawing, rewards: matching.steps * matching.batch, ending: facts.ending)
    }

    /// Those of the untuned generator with the reward's gradient in every step.
    func guided(_ strength: Double, factor: Double) throws -> TuningRow {
        let guided = work.rivals.guided(factor)
        return try row(
            .guidance, codes(guided), strength: strength, evaluations: work.drawing(guided),
            rewards: count * work.chain.steps.count)
    }

    /// The best of so many of the untuned generator's that they cost no more evaluations than tuning and its networks.
    func bestOf() throws -> TuningRow {
        let number = work.fairChoice
        return try row(
            .bestOf, work.rivals.bestOf(number, count: count), number: number, evaluations: number * drawing,
            rewards: number * count)
    }

    /// The untuned generator's moved along the reward's gradient as many times as tuning asks for it, by steps of a hundredth
    /// of a code's deviation.
    func ascended() throws -> TuningRow {
        let steps = work.fairSteps
        let ends = work.rivals.ascended(codes(work.generator), steps: steps, rate: work.codeStd / 100)
        return try row(.ascent, ends, number: steps, evaluations: drawing, rewards: steps * count)
    }

    private func row(
        _ method: TuningRow.Method, _ codes: Tensor, strength: Double? = nil, number: Int? = nil, evaluations: Int,
        rewards: Int = 0, ending: String? = nil
    ) throws -> TuningRow {
        let all = work.generator.coordinates.decode(codes)
        let found = work.rivals.rewards(codes)
        let (values, width) = (all.floats, all.shape[1])
        let finite = (0..<all.shape[0]).filter { values[($0 * width)..<(($0 + 1) * width)].allSatisfy(\.isFinite) }
        guard !finite.isEmpty else {
            let none = SampleStatistics([Double](repeating: .nan, count: count))
            return TuningRow(
                method, strength: strength, number: number, reward: none, validationAccuracy: none, testAccuracy: none,
                novelty: .nan, diversity: .nan, evaluations: evaluations, rewardEvaluations: rewards,
                ending: ending ?? "none of its networks is finite")
        }
        let population = Population(
            kind: .generated, weights: all.gathered(axis: 0, finite.map(Int32.init)), lost: all.shape[0] - finite.count)
        let result = try judge.judge(population)
        return TuningRow(
            method, strength: strength, number: number, reward: SampleStatistics(found),
            validationAccuracy: result.row.validationAccuracy, testAccuracy: result.row.testAccuracy,
            novelty: result.row.decidingRatio ?? .nan,
            diversity: try judge.diversity(of: population)?.pairwise.ratio ?? .nan, evaluations: evaluations,
            rewardEvaluations: rewards, ending: ending)
    }
}
