import EvaluationTestSupport
import Foundation
import Testing

@testable import Evaluation

@Suite("Why networks are bad")
struct DiagnosisTests {
    /// A run in which nothing is wrong.
    private static var healthy: DiagnosisFacts {
        var facts = DiagnosisFacts()
        facts.statistics = .init(of: .zoo, own: 0.96, refreshed: 0.958, rows: 1000)
        facts.frame = .init(before: 20, after: 12, isUnified: true)
        facts.scaleDeviation = log(1.3)
        facts.learning = .init(networks: 5000, dimensions: 1210)
        return facts
    }

    private static func rows(
        _ generated: Double, decoded: Double? = nil, unseen: Double? = nil
    ) -> [EvaluationRow] {
        [
            TestRows.row("zoo", 0.96, at: 1), TestRows.row("fresh", 0.955, at: 1),
            TestRows.row("generated", generated, at: 1),
        ]
            + (decoded.map { [TestRows.row("reconstructed", $0, at: 1)] } ?? [])
            + (unseen.map { [TestRows.row("reconstructed-fresh", $0, at: 1)] } ?? [])
    }

    private static func suspects(_ facts: DiagnosisFacts, _ rows: [EvaluationRow]) -> [Diagnosis.Cause] {
        Diagnosis(facts, rows: rows).findings.filter { $0.isSuspect == true }.map(\.cause)
    }

    @Test("every cause has a finding, in order; of a healthy run none is at work")
    func healthyRun() {
        let diagnosis = Diagnosis(Self.healthy, rows: Self.rows(0.958))
        #expect(diagnosis.findings.map(\.cause) == Diagnosis.Cause.allCases)
        #expect(diagnosis.findings.allSatisfy { $0.isSuspect == false } && diagnosis.first == nil)
        #expect(diagnosis.sentence.contains("None of the known causes"))
        #expect(diagnosis.findings.allSatisfy { !$0.text.isEmpty && !$0.text.contains("–") })
    }

    @Test("each planted fault is found with its number, and alone")
    func planted() throws {
        var statistics = Self.healthy
        statistics.statistics = .init(of: .zoo, own: 0.96, refreshed: 0.3, rows: 8)
        #expect(Self.suspects(statistics, Self.rows(0.958)) == [.statistics])
        let first = try #require(Diagnosis(statistics, rows: Self.rows(0.958)).first)
        #expect(abs((first.value ?? 0) - 0.66) < 1e-12 && first.text.contains("96.00 % to 30.00 %"), "\(first.text)")
        statistics.statistics = .init(of: .generated, own: 0.1, refreshed: 0.94, rows: 1000)
        #expect(Self.suspects(statistics, Self.rows(0.958)) == [.statistics])
        statistics.statistics = .init(of: .generated, own: 0.94, refreshed: 0.93, rows: 1000)
        #expect(Self.suspects(statistics, Self.rows(0.958)) == [])

        var frame = Self.healthy
        frame.frame?.isUnified = false
        #expect(Self.suspects(frame, Self.rows(0.958)) == [.frame])
        #expect(Diagnosis(frame, rows: []).first?.value == 0.6)
        frame.frame = .init(before: 12, after: 11.9, isUnified: false)
        #expect(Self.suspects(frame, Self.rows(0.958)) == [], "a zoo that came in one order")

        var scales = Self.healthy
        scales.scaleDeviation = log(3)
        #expect(Self.suspects(scales, Self.rows(0.958)) == [.scales])

        #expect(Self.suspects(Self.healthy, Self.rows(0.5, decoded: 0.505)) == [.roundTrip])
        #expect(Self.suspects(Self.healthy, Self.rows(0.5)) == [.codeModel])

        var few = Self.healthy
        few.learning = .init(networks: 100, dimensions: 1210)
        #expect(Self.suspects(few, Self.rows(0.958)) == [.tooFewNetworks])
        few.learning = .init(networks: 5000, dimensions: 1210, validationRise: 2)
        #expect(Self.suspects(few, Self.rows(0.958)) == [.tooFewNetworks])
        #expect(Self.suspects(Self.healthy, Self.rows(0.958, decoded: 0.96, unseen: 0.8)) == [.tooFewNetworks])
    }

    @Test("of several causes the first in order is named, with its number and what to do")
    func order() throws {
        var facts = Self.healthy
        facts.frame?.isUnified = false
        let diagnosis = Diagnosis(facts, rows: Self.rows(0.2, decoded: 0.6))
        #expect(diagnosis.findings.filter { $0.isSuspect == true }.map(\.cause) == [.frame, .roundTrip, .codeModel])
        #expect(
            diagnosis.sentence.hasPrefix("Look first at frame not unified:")
                && diagnosis.sentence.contains("align.enabled"))
    }

    @Test("what was not measured is said to be so, and networks without statistics or free scales have no such cause")
    func unknown() {
        let diagnosis = Diagnosis(DiagnosisFacts(), rows: [])
        let words = diagnosis.findings.map(\.word)
        #expect(words == ["no", "not measured", "no", "not measured", "not measured", "not measured"])
        #expect(diagnosis.first == nil)
    }

    @Test("what is written is read again, null for what was not measured")
    func coding() throws {
        for diagnosis in [
            Diagnosis(Self.healthy, rows: Self.rows(0.2, decoded: 0.6)), Diagnosis(DiagnosisFacts(), rows: []),
        ] {
            let data = try JSONEncoder().encode(diagnosis)
            #expect(try JSONDecoder().decode(Diagnosis.self, from: data) == diagnosis)
        }
    }
}
