import Foundation
import Testing

@testable import Evaluation

@Suite("Tables of tunings")
struct TuningTableTests {
    static func row(
        _ method: TuningRow.Method, _ strength: Double? = nil, number: Int? = nil, validation: Double?, test: Double,
        reward: Double = 0, ending: String? = nil
    ) -> TuningRow {
        func spread(_ mean: Double) -> SampleStatistics { SampleStatistics(mean: mean, sd: 0.02, count: 100) }
        return TuningRow(
            method, strength: strength, number: number, reward: spread(reward),
            validationAccuracy: validation.map(spread), testAccuracy: spread(test), novelty: 0.9, diversity: .nan,
            evaluations: 1000, rewardEvaluations: 10, ending: ending)
    }

    static let table = TuningTable(
        reward: "negative-loss",
        rows: [
            row(.base, validation: 0.90, test: 0.91), row(.tuned, 3, validation: 0.93, test: 0.92),
            row(.guidance, 3, validation: 0.99, test: 0.99), row(.tuned, 1, validation: 0.93, test: 0.90),
            row(.tuned, 10, validation: 0.95, test: 0.99, ending: "diverged at step 3"),
            row(.bestOf, number: 7, validation: 0.99, test: 0.925),
        ])

    @Test("validation rows choose, of equals the weakest strength; test accuracy, rivals and divergences do not")
    func choice() throws {
        #expect(Self.table.chosen == 1 && !Self.table.isChosenByReward && !Self.table.isLost)
        let gain = try #require(Self.table.gainInErrors)
        #expect(abs(gain - (0.90 - 0.91) / (2 * 0.02 * 0.02 / 100).squareRoot()) < 1e-9)
        let unseen = TuningTable(
            reward: "accuracy",
            rows: [
                Self.row(.base, validation: nil, test: 0.9),
                Self.row(.tuned, 1, validation: nil, test: 0.99, reward: 0.1),
                Self.row(.tuned, 2, validation: nil, test: 0.8, reward: 0.2),
            ])
        #expect(unseen.chosen == 2 && unseen.isChosenByReward)
        let lost = TuningTable(
            reward: "", rows: [Self.row(.tuned, 1, validation: 0.9, test: 0.9, ending: "diverged")])
        #expect(lost.isLost && lost.gainInErrors == nil && lost.chosenRow == nil)
    }

    @Test("files hold a table as it is, numbers that are none as null")
    func coding() throws {
        let data = try JSONEncoder().encode(Self.table)
        let read = try JSONDecoder().decode(TuningTable.self, from: data)
        #expect(read.rows.map(\.method) == Self.table.rows.map(\.method) && read.chosen == 1)
        #expect(read.rows.allSatisfy { $0.diversity.isNaN } && read.rows[5].number == 7)
        #expect(String(decoding: data, as: UTF8.self).contains("best-of"))
    }
}
