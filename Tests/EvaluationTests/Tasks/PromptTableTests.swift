import Foundation
import Testing

@testable import Evaluation

@Suite("Numbers that were asked for")
struct PromptTableTests {
    private static let drawn = PromptAnswers([
        .init(0.8, achieved: [0.9, 0.7]), .init(0.2, achieved: [0.2, 0.3]), .init(0.5, achieved: [0.4, 0.5]),
    ])

    private func read(_ table: PromptTable) throws -> PromptTable {
        try JSONDecoder().decode(PromptTable.self, from: JSONEncoder().encode(table))
    }

    @Test("Distances are over networks and over means; r is Pearson's, also of the upper half")
    func figures() {
        let drawn = Self.drawn
        #expect(drawn.asked.map(\.value) == [0.2, 0.5, 0.8])
        #expect(abs(drawn.meanDistance - 0.4 / 6) < 1e-12)
        #expect(abs(drawn.meanDistanceOfMeans - 0.1 / 3) < 1e-12)
        #expect(abs(drawn.correlation - 0.943242) < 1e-5)
        #expect(abs(drawn.upperCorrelation - 0.911322) < 1e-5)
    }

    @Test("Of a value, the shift is that of the mean; the distance has the spread as well")
    func shift() {
        let spread = PromptAnswers.Asked(0.5, achieved: [0.4, 0.6]), shifted = PromptAnswers.Asked(0.5, achieved: [0.4])
        #expect(abs(spread.shift) < 1e-12 && abs(spread.distance - 0.1) < 1e-12)
        #expect(abs(shifted.shift + 0.1) < 1e-12 && abs(shifted.distance - 0.1) < 1e-12)
    }

    @Test("A table is read as it was written, with selections and without, and so is one that knows of none")
    func files() throws {
        let plain = PromptTable(name: "n", Self.drawn)
        #expect(try read(plain) == plain)
        let selection = PromptTable.Selection(oneIn: 4, PromptAnswers([.init(0.5, achieved: [0.5, 0.52])]))
        let both = PromptTable(name: "n", Self.drawn, selections: [selection])
        #expect(try read(both) == both)
        let text = String(decoding: try JSONEncoder().encode(both), as: UTF8.self)
        #expect(text.contains("\"one_in\":4") && text.components(separatedBy: "\"mean_distance\"").count == 3)
        let old = #"{"name":"n","asked":[{"value":0.5,"achieved":[0.4]}],"mean_distance":0.1}"#
        let found = try JSONDecoder().decode(PromptTable.self, from: Data(old.utf8))
        #expect(found == PromptTable(name: "n", PromptAnswers([.init(0.5, achieved: [0.4])])))
    }

    @Test("What does not vary has no correlation, and is written as null")
    func constant() throws {
        let drawn = PromptAnswers([.init(0.5, achieved: [0.5])])
        #expect(drawn.correlation.isNaN && drawn.meanDistance == 0)
        let text = String(decoding: try JSONEncoder().encode(PromptTable(name: "n", drawn)), as: UTF8.self)
        #expect(text.contains("\"correlation\":null"))
    }
}
