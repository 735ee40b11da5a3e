import EvaluationTestSupport
import Foundation
import Testing

@testable import Evaluation

@Suite("Certificates")
struct CertificateTests {
    private static func row(_ what: String, _ distances: [Double], accuracy: Double = 0.9) -> EvaluationRow {
        var row = TestRows.row(what, accuracy, at: 1)
        row.points = distances.map { NetworkPoint(accuracy: accuracy, distance: $0) }
        return row
    }

    private static let rows = [
        row("zoo", [1, 1, 1]), row("fresh", [0.9, 1, 1.1]), row("generated", [0.5, 1.5], accuracy: 0.895),
        row("noise-0.01", [0.1]),
    ]

    @Test("profiles of the ensemble, the fresh networks and the zoo, bar after bar")
    func profiles() throws {
        let certificate = Certificate(Self.rows, bars: [0.8, 0.899])
        #expect(certificate.profiles.map(\.population) == [.generated, .fresh, .zoo, .generated, .fresh, .zoo])
        #expect(certificate.profiles.map(\.bar) == [0.8, 0.8, 0.8, 0.899, 0.899, 0.899])
        #expect(certificate.profiles[0].shares[0] == 0.5 && certificate.profiles[3].shares[0] == 0)
        let test = try #require(certificate.memorization)
        #expect(test.count == 2 && test.freshCount == 3 && test.auc == 0.5)
        #expect(certificate.diversity == nil && certificate.gain == nil && certificate.budget == nil)
    }

    @Test("the usual bar is a point below the zoo's mean accuracy, which nobody can choose afterwards")
    func usualBar() {
        #expect(Certificate(Self.rows).profiles.map(\.bar) == [0.89, 0.89, 0.89])
        #expect(Certificate(Self.rows).profiles[0].shares[0] == 0.5)
    }

    @Test("of rows without single networks nothing is certified")
    func withoutPoints() {
        let certificate = Certificate(Self.rows.map(\.withoutPoints))
        #expect(certificate.profiles.isEmpty && certificate.memorization == nil)
        #expect(Certificate([]).profiles.isEmpty)
    }

    @Test("what is written is read again")
    func coding() throws {
        var certificate = Certificate(Self.rows)
        certificate.budget = ErrorBudget(Self.rows)
        let data = try JSONEncoder().encode(certificate)
        #expect(try JSONDecoder().decode(Certificate.self, from: data) == certificate)
    }
}
