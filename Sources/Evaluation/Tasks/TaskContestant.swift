/// What stands in a table of tasks: networks made from a task's examples, what they must beat, and what controls them.
public enum TaskContestant: String, Codable, Sendable, CaseIterable {
    /// Networks generated with the task's examples as their condition.
    case generated
    /// Of these the one with the least loss on the examples.
    case bestGenerated = "best-generated"
    /// All of these as one classifier, by their mean probabilities.
    case ensemble
    /// Networks trained on all training rows of the task: what a generator aims at.
    case trained
    /// As many networks generated without a condition, all of them.
    case unconditional
    /// Of these the one with the least loss on the examples.
    case bestUnconditional = "best-unconditional"
    /// The training network with the least loss on the examples.
    case retrieval
    /// Networks as training starts them, before any step the worst that there is.
    case scratch
    /// The mean of the training networks, matched to one of them.
    case average
    /// The class of the nearest example.
    case nearestNeighbour = "nearest-neighbour"
    /// The class whose examples' mean is nearest.
    case classMeans = "class-means"
    /// A linear classifier fitted to the examples.
    case linearProbe = "linear-probe"
    /// Control: generated from examples whose labels were dealt out anew.
    case shuffledLabels = "shuffled-labels"
    /// Control: generated from examples with two labels exchanged, judged with the labels exchanged alike.
    case swappedLabels = "swapped-labels"
    /// Control: generated from another task's examples.
    case otherTask = "other-task"
    /// Control: generated from a condition without examples.
    case noExamples = "no-examples"

    /// What it is for.
    public enum Role: Sendable {
        /// What is judged, or aimed at.
        case judged
        /// Other ways to a network: a library, luck, training, an average.
        case network
        /// Classifying without a network.
        case rule
        /// Examples that say something else.
        case control
    }

    /// What it is for.
    public var role: Role {
        switch self {
        case .generated, .bestGenerated, .ensemble, .trained: .judged
        case .unconditional, .bestUnconditional, .retrieval, .scratch, .average: .network
        case .nearestNeighbour, .classMeans, .linearProbe: .rule
        case .shuffledLabels, .swappedLabels, .otherTask, .noExamples: .control
        }
    }

    /// The same for people.
    public var label: String {
        switch self {
        case .generated: "generated"
        case .bestGenerated: "best of them on the examples"
        case .ensemble: "all of them, outputs averaged"
        case .trained: "trained on all rows"
        case .unconditional: "unconditional"
        case .bestUnconditional: "best of as many unconditional"
        case .retrieval: "nearest training task's network"
        case .scratch: "from scratch"
        case .average: "average of training networks"
        case .nearestNeighbour: "1-nearest neighbour"
        case .classMeans: "class means"
        case .linearProbe: "linear probe"
        case .shuffledLabels: "labels shuffled"
        case .swappedLabels: "two labels swapped"
        case .otherTask: "another task's examples"
        case .noExamples: "no examples"
        }
    }

    /// The contestant that a rule is.
    public init(_ rule: ExampleRule) {
        switch rule {
        case .nearestNeighbour: self = .nearestNeighbour
        case .classMeans: self = .classMeans
        case .linearProbe: self = .linearProbe
        }
    }
}
