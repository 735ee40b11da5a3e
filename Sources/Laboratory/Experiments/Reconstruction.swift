import Basics
import Evaluation

/// What networks are worth that were only encoded and decoded: the most that a generator in these coordinates can reach.
struct Reconstruction: Codable, Equatable {
    /// Mean accuracy of training networks, 0-1.
    var original: Double
    /// The same behind encoding and decoding.
    var reconstructed: Double
    /// The same two of the zoo's validation networks, which at most said when to stop; nil without any.
    var heldOut: Accuracies?

    struct Accuracies: Codable, Equatable {
        var original: Double
        var reconstructed: Double
    }

    /// What they mean where they lose more than the verdict lets equals lose, with advice, a sentence each.
    var warnings: [String] {
        var warnings: [String] = []
        if Self.fallsShort(original, reconstructed) {
            warnings.append(
                "encoding and decoding alone takes networks from \(fall(original, reconstructed)), and no generator in "
                    + "these coordinates can do better: train the autoencoder longer (coordinates.training.steps), give "
                    + "it longer codes, or keep more components")
        }
        // Next to what the training networks lose, which was said above.
        if let heldOut, Self.fallsShort(heldOut.original - (original - reconstructed), heldOut.reconstructed) {
            warnings.append(
                "encoding and decoding takes held-out networks from \(fall(heldOut.original, heldOut.reconstructed)), so "
                    + "the codes know the training networks and little of others: learn from more networks, or regularise the "
                    + "autoencoder more (fewer coordinates.training.steps, more klWeight or latentNoise)")
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
