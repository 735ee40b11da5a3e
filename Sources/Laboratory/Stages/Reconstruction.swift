import Basics
import Evaluation

/// What networks are worth that were only encoded and decoded: the most that a generator in these coordinates can reach.
struct Reconstruction: Codable, Equatable {
    /// Mean accuracy of training networks, 0-1.
    var original: Double
    /// The same after encoding and decoding.
    var reconstructed: Double
    /// The same two of the zoo's validation networks, which at most said when to stop; nil without any.
    var validation: Accuracies?

    struct Accuracies: Codable, Equatable {
        var original: Double
        var reconstructed: Double
    }

    /// What they mean where they lose more than the verdict lets equals lose, with advice, a sentence each;
    /// `areLearned` says whether an autoencoder was trained for the coordinates.
    func warnings(areLearned: Bool) -> [String] {
        var warnings: [String] = []
        if Self.fallsShort(original, reconstructed) {
            warnings.append(
                "encoding and decoding alone takes networks from \(fall(original, reconstructed)), and no generator in "
                    + "these coordinates can do better: "
                    + (areLearned
                        ? "train the autoencoder longer (coordinates.training.steps), or give it longer codes"
                        : "keep more of them (coordinates.components or coordinates.directions)"))
        }
        // Next to what the training networks lose, which was said above.
        if let validation,
            Self.fallsShort(validation.original - (original - reconstructed), validation.reconstructed)
        {
            warnings.append(
                "encoding and decoding takes validation networks from "
                    + "\(fall(validation.original, validation.reconstructed)), so "
                    + "the codes know the training networks and little of others: learn from more networks"
                    + (areLearned
                        ? ", or regularise the autoencoder more (fewer coordinates.training.steps, more klWeight or "
                            + "latentNoise)"
                        : ", or set coordinates.components (or coordinates.directions) to another number"))
        }
        return warnings
    }

    private static func fallsShort(_ original: Double, _ reconstructed: Double) -> Bool {
        !(reconstructed >= original - VerdictLimits().accuracyLoss)
    }

    private func fall(_ original: Double, _ reconstructed: Double) -> String {
        "\(NumberText.percent(original)) % to \(NumberText.percent(reconstructed)) %"
    }
}

extension Reconstruction {
    private enum CodingKeys: String, CodingKey {
        case original, reconstructed, validation
        case earlier = "heldOut"
    }

    /// Writes the accuracies that were measured.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(original, forKey: .original)
        try container.encode(reconstructed, forKey: .reconstructed)
        try container.encodeIfPresent(validation, forKey: .validation)
    }

    /// Reads what is there, also under the key that earlier versions wrote.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            original: try container.decode(Double.self, forKey: .original),
            reconstructed: try container.decode(Double.self, forKey: .reconstructed),
            validation: try container.decodeIfPresent(Accuracies.self, forKey: .validation)
                ?? container.decodeIfPresent(Accuracies.self, forKey: .earlier))
    }
}
