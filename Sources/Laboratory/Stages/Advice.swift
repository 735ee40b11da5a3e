import Evaluation
import Generation
import Reports

/// What to try after a bad result: what follows from what was seen, and nothing that the run has already.
struct Advice {
    let verdict: Verdict
    let rows: [EvaluationRow]
    let loss: ReportInput.LossCurve
    let setting: Setting

    /// How a run was set up, as far as advice depends on it.
    struct Setting: Equatable {
        var isAligned = false
        var stopsEarly = false
        var isOrderFree = false
        /// Whether samples are drawn by implicit steps, and whether the net was fitted and not trained.
        var (isImplicit, isFitted) = (false, false)

        init() {}

        init(_ config: ExperimentConfig) {
            isAligned = config.align.enabled
            stopsEarly = config.training.patience > 0
            isOrderFree = config.net.member is NeuronTransformer.Config
            isImplicit = config.sampling.method(of: config.process.member) == .implicit
            isFitted = config.net.isFitted
        }
    }

    /// One sentence, or nil where the result is not bad.
    var sentence: String? {
        if verdict.diverged {
            if setting.isImplicit { return Self.sentence(steps) }
            return Self.sentence(["a lower training.rate", "a training.warmUp", "training.clip: 1"])
        }
        if verdict.collapsed {
            return Self.sentence(learning + ["a source as wide as the codes", "other coordinates"])
        }
        if verdict.quality == .failed {
            if codesFail {
                return Self.sentence([
                    "coordinates that lose less: networks that are only encoded and decoded fail as well"
                ])
            }
            return Self.sentence(
                ["more networks to learn from"] + learning
                    + (setting.isAligned ? [] : ["aligned networks (align.enabled)"])
                    + (setting.isOrderFree ? [] : ["a net that needs no order (generator: {kind: neuron-transformer})"])
            )
        }
        return verdict.underDispersed && verdict.quality == .equal
            ? Self.sentence(["a source as wide as the codes"]) : nil
    }

    /// What may help implicit steps that did not converge.
    private var steps: [String] {
        let potential =
            setting.isFitted
            ? ["a larger generator.ridge", "generator.form: diagonal"]
            : ["a lower training.rate", "more sampling.steps"]
        return potential + ["more process.iterations"]
    }

    /// What may help a net that has not learnt the zoo: more steps only while the validation loss still falls.
    private var learning: [String] {
        if loss.hasOverfitted { return (setting.stopsEarly ? [] : ["training.patience"]) + ["a smaller net"] }
        return ["more training.steps with a wider net"]
    }

    /// Whether the coordinates alone spoil the zoo's networks.
    private var codesFail: Bool {
        guard let zoo = rows.first(where: { $0.population == .zoo })?.testAccuracy.mean,
            let decoded = rows.first(where: { $0.population == .reconstructed(of: .zoo) })?.testAccuracy.meanOfAll
        else { return false }
        return !(decoded >= zoo - 10 * VerdictLimits().accuracyLoss)
    }

    private static func sentence(_ parts: [String]) -> String {
        guard let last = parts.last, parts.count > 1 else { return "Try \(parts.joined())." }
        return "Try " + parts.dropLast().joined(separator: ", ") + (parts.count > 2 ? ", or " : " or ") + last + "."
    }
}
