import Foundation
import Testing

@testable import Laboratory

@Suite("What coordinates keep of networks, and what is said of it")
struct ReconstructionTests {
    /// Whether the sentences on training and on validation networks are there.
    private func says(_ reconstruction: Reconstruction) -> [Bool] {
        let text = reconstruction.warnings(areLearned: true).joined(separator: "\n")
        return [text.contains("no generator in these coordinates"), text.contains("learn from more networks")]
    }

    @Test(
        "A warning for networks that are lost, and one of its own for those that were not learned from",
        arguments: [
            (0.96, 0.96, 0.95, 0.95, [false, false]),  // all kept
            (0.96, 0.10, 0.95, 0.09, [true, false]),  // all lost alike: one sentence is enough
            (0.96, 0.96, 0.95, 0.12, [false, true]),  // learned by heart
            (0.96, 0.60, 0.95, 0.12, [true, true]),
            (0.96, .nan, 0.95, .nan, [true, true]),
        ])
    func warnings(original: Double, kept: Double, validation: Double, validationKept: Double, expected: [Bool]) {
        let reconstruction = Reconstruction(
            original: original, reconstructed: kept,
            validation: .init(original: validation, reconstructed: validationKept))
        #expect(says(reconstruction) == expected)
    }

    @Test("Without validation networks nothing is said of them, and figures stand in the sentence")
    func withoutValidation() {
        let reconstruction = Reconstruction(original: 0.9566, reconstructed: 0.1181, validation: nil)
        #expect(says(reconstruction) == [true, false])
        #expect(reconstruction.warnings(areLearned: true).first?.contains("95.66 % to 11.81 %") == true)
    }

    @Test("Advice is about the coordinates there are: components have no training")
    func components() {
        let lost = Reconstruction(
            original: 0.96, reconstructed: 0.6, validation: .init(original: 0.95, reconstructed: 0.12))
        for (areLearned, key, other) in [
            (true, "coordinates.training.steps", "coordinates.components"),
            (false, "coordinates.components", "training"),
        ] {
            let warnings = lost.warnings(areLearned: areLearned)
            let advice = warnings.map { $0.split(separator: ":").dropFirst().joined() }
            #expect(advice.count == 2 && advice.allSatisfy { $0.contains(key) && !$0.contains(other) }, "\(warnings)")
        }
    }

    @Test("Files of before validation networks were looked at are read")
    func decoding() throws {
        let text = #"{"original": 0.9, "reconstructed": 0.8}"#
        let decoded = try JSONDecoder().decode(Reconstruction.self, from: Data(text.utf8))
        #expect(decoded == Reconstruction(original: 0.9, reconstructed: 0.8, validation: nil))
        let pair = #"{"original": 0.7, "reconstructed": 0.6}"#
        let expected = Reconstruction(
            original: 0.9, reconstructed: 0.8, validation: .init(original: 0.7, reconstructed: 0.6))
        for key in ["heldOut", "validation"] {
            let text = #"{"original": 0.9, "reconstructed": 0.8, "\#(key)": \#(pair)}"#
            #expect(try JSONDecoder().decode(Reconstruction.self, from: Data(text.utf8)) == expected)
        }
    }
}
