import Basics
import Foundation

/// Holds each cause against its number.
struct CauseExaminer {
    let facts: DiagnosisFacts
    let rows: [EvaluationRow]
    let limits: VerdictLimits

    /// Where matching units takes networks to less than this share of their distance, their order is most of it.
    private static let ordered = 0.9
    /// Scales that differ by more than this factor, one standard deviation, are a cause.
    private static let scaleFactor = 2.0
    /// A validation loss that rose to so many times its least has been learnt by heart.
    private static let rise = 1.5

    func finding(_ cause: Diagnosis.Cause) -> Diagnosis.Finding {
        switch cause {
        case .statistics: statistics
        case .frame: frame
        case .scales: scales
        case .roundTrip: roundTrip
        case .tooFewNetworks: tooFew
        case .codeModel: codeModel
        }
    }

    private func mean(_ kind: PopulationKind) -> Double? {
        let accuracy = rows.first { $0.population == kind }?.testAccuracy.meanOfAll
        return accuracy.flatMap { $0.isFinite ? $0 : nil }
    }

    private func percent(_ accuracy: Double) -> String { "\(NumberText.percent(accuracy)) %" }

    private var statistics: Diagnosis.Finding {
        guard let known = facts.statistics else {
            return .init(.statistics, isSuspect: false, value: nil, text: "the networks have no running statistics")
        }
        let fall = known.own - known.refreshed
        switch known.subject {
        case .zoo:
            return .init(
                .statistics, isSuspect: fall > limits.accuracyLoss, value: fall,
                text:
                    "zoo networks go from \(percent(known.own)) to \(percent(known.refreshed)) where their statistics are "
                    + "taken anew on up to \(NumberText.count(known.rows)) training rows, as those of generated networks are",
                advice: "raise sampling.calibrationCount")
        case .generated:
            return .init(
                .statistics, isSuspect: -fall > limits.accuracyLoss, value: fall,
                text:
                    "with the running statistics that came with them the networks reach \(percent(known.own)), with those "
                    + "taken anew on up to \(NumberText.count(known.rows)) training rows \(percent(known.refreshed))",
                advice: "give every generated network statistics of its own, on training rows")
        }
    }

    private var frame: Diagnosis.Finding {
        guard let known = facts.frame, known.before > 0, known.after.isFinite else {
            return .init(.frame, isSuspect: nil, value: nil, text: "the networks' orders of units were not compared")
        }
        let share = known.after / known.before
        let distances =
            "networks lie \(NumberText.significant(known.before)) from the reference as they came and "
            + "\(NumberText.significant(known.after)) after their units are matched to it"
        guard !known.isUnified else {
            return .init(
                .frame, isSuspect: false, value: share, text: distances + "; the generator had one order, or needs none"
            )
        }
        return .init(
            .frame, isSuspect: share < Self.ordered, value: share,
            text: distances + ": the rest is order alone, which the generator had to learn",
            advice: "align.enabled: true, or a net that needs no order (generator: {kind: neuron-transformer})")
    }

    private var scales: Diagnosis.Finding {
        guard let deviation = facts.scaleDeviation, deviation.isFinite else {
            return .init(.scales, isSuspect: false, value: nil, text: "no unit's scale is free")
        }
        let factor = exp(deviation)
        return .init(
            .scales, isSuspect: factor > Self.scaleFactor, value: factor,
            text:
                "units of the zoo's networks differ in scale by a factor of \(NumberText.fixed(factor, digits: 2)) (one standard "
                + "deviation), which no output shows",
            advice: "train the zoo with weight decay, which draws scales together, or balance its networks first")
    }

    private var roundTrip: Diagnosis.Finding {
        guard let zoo = mean(.zoo) else {
            return .init(.roundTrip, isSuspect: nil, value: nil, text: "the zoo was not judged")
        }
        guard let decoded = mean(.reconstructed(of: .zoo)) else {
            return .init(.roundTrip, isSuspect: false, value: 0, text: "encoding and decoding loses nothing")
        }
        return .init(
            .roundTrip, isSuspect: !(decoded >= zoo - limits.accuracyLoss), value: decoded - zoo,
            text: "encoding and decoding alone takes zoo networks from \(percent(zoo)) to \(percent(decoded))",
            advice: "keep more components, or train the autoencoder longer: no generator in these codes can do better")
    }

    private var tooFew: Diagnosis.Finding {
        guard let known = facts.learning else {
            return .init(
                .tooFewNetworks, isSuspect: nil, value: nil, text: "it is not known what the generator learned from")
        }
        var reasons = [
            "\(NumberText.count(known.networks)) networks to learn \(NumberText.count(known.dimensions)) numbers of each from"
        ]
        var isSuspect = known.networks < known.dimensions
        if let rise = known.validationRise, rise > Self.rise {
            reasons.append("the validation loss ended at \(NumberText.significant(rise)) times its least")
            isSuspect = true
        }
        if let lost = unseenLoss, lost > limits.accuracyLoss {
            reasons.append(
                "decoding costs networks that were not learned from \(percent(lost)) more than those that were")
            isSuspect = true
        }
        return .init(
            .tooFewNetworks, isSuspect: isSuspect, value: Double(known.networks), text: reasons.joined(separator: "; "),
            advice: "train a larger zoo")
    }

    /// What the round trip costs unseen networks beyond what it costs those that codes were fitted to.
    private var unseenLoss: Double? {
        guard let zoo = mean(.zoo), let seen = mean(.reconstructed(of: .zoo)), let fresh = mean(.fresh),
            let unseen = mean(.reconstructed(of: .fresh))
        else { return nil }
        return (fresh - unseen) - (zoo - seen)
    }

    private var codeModel: Diagnosis.Finding {
        guard let zoo = mean(.zoo), let generated = mean(.generated) else {
            return .init(.codeModel, isSuspect: nil, value: nil, text: "the generated networks were not judged")
        }
        let start = mean(.reconstructed(of: .zoo)) ?? zoo
        let gaussian =
            mean(.baseline(.gaussianFull)).map { "; a Gaussian of the same codes reaches \(percent($0))" } ?? ""
        return .init(
            .codeModel, isSuspect: start - generated > limits.accuracyLoss, value: generated - start,
            text:
                "from \(percent(start)), what is decoded of the zoo's own codes, to \(percent(generated)) of drawn ones\(gaussian)",
            advice: "more training.steps, a wider net, or another generator; then a finish")
    }
}
