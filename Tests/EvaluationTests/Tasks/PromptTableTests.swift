import Foundation
import Testing

@testable import Evaluation

@Suite("Numbers that were asked for")
struct PromptTableTests {
    @Test("Distances are over networks and over means; r is Pearson's, also of the upper half")
    func figures() throws {
        let table = PromptTable(
            name: "n",
            [
                .init(0.8, achieved: [0.9, 0.7]), .init(0.2, achieved: [0.2, 0.3]), .init(0.5, achieved: [0.4, 0.5]),
            ])
        #expect(table.asked.map(\.value) == [0.2, 0.5, 0.8])
        #expect(abs(table.meanDistance - 0.4 / 6) < 1e-12)
        #expect(abs(table.meanDistanceOfMeans - 0.1 / 3) < 1e-12)
        #expect(abs(table.correlation - 0.943242) < 1e-5)
        #expect(abs(table.upperCorrelation - 0.911322) < 1e-5)
        let read = try JSONDecoder().decode(PromptTable.self, from: JSONEncoder().encode(table))
        #expect(read == table)
    }

    @Test("What does not vary has no correlation, and is written as null")
    func constant() throws {
        let table = PromptTable(name: "n", [.init(0.5, achieved: [0.5])])
        #expect(table.correlation.isNaN && table.meanDistance == 0)
        #expect(String(decoding: try JSONEncoder().encode(table), as: UTF8.self).contains("\"correlation\":null"))
    }
}
