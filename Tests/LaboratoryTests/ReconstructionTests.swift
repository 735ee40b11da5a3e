import Foundation
import Testing

@testable import Laboratory

@Suite("What coordinates keep of networks, and what is said of it")
struct ReconstructionTests {
    /// Whether the sentences on training and on held-out networks are there.
    private func says(_ reconstruction: Reconstruction) -> [Bool] {
        let text = reconstruction.warnings.joined(separator: "\n")
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
    func warnings(original: Double, kept: Double, heldOut: Double, heldOutKept: Double, expected: [Bool]) {
        let reconstruction = Reconstruction(
            original: original, reconstructed: kept, heldOut: .init(original: heldOut, reconstructed: heldOutKept))
        #expect(says(reconstruction) == expected)
    }

    @Test("Without held-out networks nothing is said of them, and figures stand in the sentence")
    func withoutHeldOut() {
        let reconstruction = Reconstruction(original: 0.9566, reconstructed: 0.1181, heldOut: nil)
        #expect(says(reconstruction) == [true, false])
        #expect(reconstruction.warnings.first?.contains("95.66 % to 11.81 %") == true)
    }

    @Test("Files of before held-out networks were looked at are read")
    func decoding() throws {
        let text = #"{"original": 0.9, "reconstructed": 0.8}"#
        let decoded = try JSONDecoder().decode(Reconstruction.self, from: Data(text.utf8))
        #expect(decoded == Reconstruction(original: 0.9, reconstructed: 0.8, heldOut: nil))
    }
}
