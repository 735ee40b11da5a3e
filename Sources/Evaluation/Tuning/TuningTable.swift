import Basics

/// What tuning a generator to a reward gives at some strengths, beside what else climbs the reward at no less cost.
public struct TuningTable: Sendable, Equatable, Codable {
    /// The reward in words.
    public var reward: String
    /// The base first, then every strength with its guidance, then what knows no strength.
    public var rows: [TuningRow]
    /// The strength whose networks are best on validation rows; nil where every tuning diverged.
    public var chosen: Double?
    /// Whether there were no validation rows, so that the reward chose.
    public var isChosenByReward: Bool

    private enum CodingKeys: String, CodingKey {
        case reward, rows, chosen
        case isChosenByReward = "chosen_by_reward"
    }

    /// Puts the rows together and chooses: most mean validation accuracy, of equals the weakest; without validation rows
    /// the most mean reward. Diverged rows are not looked at, and neither is the test accuracy.
    public init(reward: String, rows: [TuningRow]) {
        (self.reward, self.rows) = (reward, rows)
        let candidates = rows.filter { $0.method == .tuned && $0.ending == nil }
        isChosenByReward = candidates.contains { $0.validationAccuracy == nil }
        let byReward = isChosenByReward
        func quality(_ row: TuningRow) -> Double {
            (byReward ? row.reward : row.validationAccuracy)?.meanOfAll ?? -.infinity
        }
        var best: TuningRow?
        for row in candidates.sorted(by: { $0.strength ?? 0 < $1.strength ?? 0 })
        where best.map({ quality(row) > quality($0) }) ?? quality(row).isFinite { best = row }
        chosen = best?.strength
    }

    /// Whether no strength's tuning came to its end.
    public var isLost: Bool { chosen == nil }

    /// The untuned generator's row.
    public var base: TuningRow? { rows.first { $0.method == .base } }
    /// The chosen strength's row.
    public var chosenRow: TuningRow? { rows.first { $0.method == .tuned && $0.strength == chosen && chosen != nil } }

    /// How many standard errors the chosen strength's mean test accuracy lies above the base's, of samples taken as
    /// independent; nil where there is none, or no deviation.
    public var gainInErrors: Double? {
        guard let base, let row = chosenRow else { return nil }
        let square = Self.squaredError(base.testAccuracy) + Self.squaredError(row.testAccuracy)
        let gain = row.testAccuracy.meanOfAll - base.testAccuracy.meanOfAll
        return square > 0 ? gain / square.squareRoot() : nil
    }

    private static func squaredError(_ spread: SampleStatistics) -> Double {
        spread.sd * spread.sd / Double(max(1, spread.count - spread.nonFinite))
    }
}

/// The networks of one way to climb a reward.
public struct TuningRow: Sendable, Equatable, Codable {
    /// How they were made.
    public enum Method: String, Sendable, Equatable, Codable, CaseIterable {
        /// By the untuned generator.
        case base
        /// By the generator tuned by adjoint matching.
        case tuned
        /// By the untuned generator with the reward's gradient in every step.
        case guidance
        /// The best by reward of so many of the untuned generator's.
        case bestOf = "best-of"
        /// The untuned generator's, moved along the reward's gradient.
        case ascent

        /// The name for people; `number` is that of samples to choose from, or of steps.
        public func label(_ number: Int?) -> String {
            let number = number.map { " \($0)" } ?? ""
            return switch self {
            case .base: "untuned"
            case .tuned: "tuned"
            case .guidance: "guided"
            case .bestOf: "best of\(number)"
            case .ascent: "untuned, then\(number) gradient steps"
            }
        }
    }

    /// How they were made.
    public var method: Method
    /// Strength in standard deviations of the base's reward, where the method knows one.
    public var strength: Double?
    /// Samples to choose from, or gradient steps.
    public var number: Int?
    /// The reward over all networks, as it is.
    public var reward: SampleStatistics
    /// Accuracy on validation rows; nil where there are none.
    public var validationAccuracy: SampleStatistics?
    /// Accuracy on test rows.
    public var testAccuracy: SampleStatistics
    /// Median distance to the nearest training network, in units of a fresh network's.
    @OrNull public var novelty: Double
    /// Mean distance between two of the networks, in units of the zoo's.
    @OrNull public var diversity: Double
    /// Evaluations of the generator's net for all this, products with its derivatives counted as one more each.
    public var evaluations: Int
    /// Gradients of the reward for all this, or where it has no gradient its values.
    public var rewardEvaluations: Int
    /// How tuning ended where it did not take all its steps.
    public var ending: String?

    private enum CodingKeys: String, CodingKey {
        case method, strength, number, reward, novelty, diversity, evaluations, ending
        case validationAccuracy = "validation_accuracy"
        case testAccuracy = "test_accuracy"
        case rewardEvaluations = "reward_evaluations"
    }

    /// Puts a row together.
    public init(
        _ method: Method, strength: Double? = nil, number: Int? = nil, reward: SampleStatistics,
        validationAccuracy: SampleStatistics?, testAccuracy: SampleStatistics, novelty: Double, diversity: Double,
        evaluations: Int, rewardEvaluations: Int, ending: String? = nil
    ) {
        (self.method, self.strength, self.number, self.reward) = (method, strength, number, reward)
        (self.validationAccuracy, self.testAccuracy) = (validationAccuracy, testAccuracy)
        (self.novelty, self.diversity) = (novelty, diversity)
        (self.evaluations, self.rewardEvaluations, self.ending) = (evaluations, rewardEvaluations, ending)
    }
}
