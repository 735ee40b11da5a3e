import Basics

/// Where the accuracy goes between the zoo and the networks that a generator draws, in points of mean test accuracy.
///
/// With A the mean accuracy over all networks of a row: *round trip* A(zoo) to A(reconstructed), what encoding and decoding
/// costs networks that the coordinates were fitted to; *decoder*, what it costs networks that they have not seen beyond
/// that, (A(fresh) - A(reconstructed fresh)) - (A(zoo) - A(reconstructed)); *code model*, all that is lost besides, down to
/// A(generated); *finish* up to A(finished). The steps follow each other: the end of one is the start of the next, and
/// their sum is the whole difference. Coordinates that lose nothing have no rows of reconstructed networks, and no loss.
public struct ErrorBudget: Sendable, Equatable, Codable {
    /// What may cost accuracy, in the order in which it happens.
    public enum Part: String, Sendable, Codable, CaseIterable {
        case roundTrip = "round-trip"
        case decoder
        case codeModel = "code-model"
        case finish

        /// The name for people.
        public var label: String {
            switch self {
            case .roundTrip: "round trip"
            case .decoder: "decoder on unseen networks"
            case .codeModel: "code model"
            case .finish: "finish"
            }
        }
    }

    /// One step from an accuracy to the next.
    public struct Step: Sendable, Equatable, Codable {
        /// What happens in it.
        public var part: Part
        /// Mean accuracy before it.
        @OrNull public var from: Double
        /// Mean accuracy after it.
        @OrNull public var to: Double

        /// What it changes, negative where it costs.
        public var change: Double { to - from }
    }

    /// The steps that were measured.
    public var steps: [Step]
    /// What one Gaussian over the training networks' codes reaches, full covariance, without a finish: where it does as
    /// well as the code model, that adds nothing. Nil where it was not drawn.
    @OrNull public var gaussian: Double?
    /// What fresh networks reach, with the same finish where there is one: what the last step is to be compared with.
    @OrNull public var fresh: Double?

    /// The step that costs most; nil where none costs anything.
    public var largest: Step? {
        steps.filter { $0.change < 0 }.min { $0.change < $1.change }
    }

    /// Reads the budget off the rows of one run; nil without the zoo's and the generated networks' accuracies.
    public init?(_ rows: [EvaluationRow]) {
        func mean(_ kind: PopulationKind) -> Double? {
            rows.first { $0.population == kind }.map(\.testAccuracy.meanOfAll).flatMap { $0.isFinite ? $0 : nil }
        }
        guard let zoo = mean(.zoo), let generated = mean(.generated) else { return nil }
        func finished(_ kind: PopulationKind) -> Double? {
            rows.first { $0.population == kind }?.finished?.testAccuracy.meanOfAll
        }
        var steps: [Step] = []
        func add(_ part: Part, _ accuracy: Double) {
            steps.append(Step(part: part, from: steps.last?.to ?? zoo, to: accuracy))
        }
        let decoded = mean(.reconstructed(of: .zoo)) ?? zoo
        add(.roundTrip, decoded)
        if let fresh = mean(.fresh), let unseen = mean(.reconstructed(of: .fresh)) {
            add(.decoder, zoo - (fresh - unseen))
        }
        add(.codeModel, generated)
        if let accuracy = finished(.generated), accuracy.isFinite { add(.finish, accuracy) }
        self.steps = steps
        gaussian = mean(.baseline(.gaussianFull))
        fresh = finished(.fresh) ?? mean(.fresh)
    }
}
