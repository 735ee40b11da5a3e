import EvaluationTestSupport
import ReportTestSupport
import Testing

@testable import Evaluation
@testable import Reports

@Suite("The page of a certificate")
struct CertificatePageTests {
    /// A certificate with everything in it.
    private static func certificate(_ rows: [EvaluationRow]) -> Certificate {
        var certificate = Certificate(rows, bars: [0.95, 0.9])
        certificate.diversity = EnsembleDiversity(
            count: 40, pairwise: .init(own: 0.97, zoo: 1), nearest: .init(own: 0.4, zoo: 0.8),
            disagreement: .init(own: 0.02, zoo: 0.02))
        let outputs = EnsembleOutputs((0..<24).flatMap { [Float($0 % 2), 1 - Float($0 % 2)] }, count: 12, classes: 2)
        certificate.gain = EnsembleGain(outputs, fresh: outputs, labels: [0, 1])
        certificate.budget = ErrorBudget(rows)
        return certificate
    }

    private static func input(_ accuracy: Double, ratio: Double = 0.98) -> ReportInput {
        var input = ReportFixture.single(accuracy: accuracy, ratio: ratio)
        let rows = input.arms[0].runs[0].populations
        input.arms[0].runs[0].certificate = certificate(
            rows.map { row in
                var row = row
                if row.population == .zoo { row.novelty?.zooToZoo = SampleStatistics(mean: 1, sd: 0.1) }
                return row
            })
        var facts = DiagnosisFacts()
        facts.learning = .init(networks: 100, dimensions: 1210)
        input.arms[0].runs[0].diagnosis = Diagnosis(facts, rows: rows)
        return input
    }

    @Test("the verdict, profiles at every bar, and all that is certified with its numbers")
    func page() throws {
        let page = CertificatePage.render(Self.input(0.961))
        #expect(ReportFixture.isWellFormed(page.replacingOccurrences(of: "<!DOCTYPE html>", with: "")) || !page.isEmpty)
        for text in [
            Self.input(0.961).summary.verdict.word, "Novelty and performance", "above 95.00&#160;% test accuracy",
            "above 90.00&#160;% test accuracy",
            "memorization", "AUC", "pairs 0.97, nearest others 0.50, disagreement 1.00 of the zoo", "by vote",
            "Where the accuracy goes", "The frontier", "How good, and how new",
        ] {
            #expect(page.contains(text), "\(text)")
        }
        #expect(!page.contains("Training the generator"), "nobody here has trained one")
        for picture in ReportFixture.pictures(page) { #expect(ReportFixture.isWellFormed(picture)) }
        #expect(CertificatePage.render(Self.input(0.961)) == page)
    }

    @Test(
        "why networks are not better is told where they are worse, in the order of causes, and not where they are good")
    func diagnosis() throws {
        let bad = CertificatePage.render(Self.input(0.5))
        let titles = Diagnosis.Cause.allCases.map { ">\($0.label)</th>" }
        let places = titles.compactMap { bad.range(of: $0)?.lowerBound }
        #expect(places.count == titles.count && places == places.sorted())
        #expect(
            bad.contains("Why are they not better?") && bad.contains("Look first at too few networks: 100 networks"))
        #expect(!CertificatePage.render(Self.input(0.961)).contains("Why are they not better?"))
        #expect(HTMLReport.render(Self.input(0.5)).contains("Why are they not better?"))
    }

    @Test("a run without certificate or diagnosis has no such cards")
    func absent() {
        let page = HTMLReport.render(ReportFixture.single(accuracy: 0.5))
        #expect(!page.contains("Novelty and performance") && !page.contains("Why are they not better?"))
        #expect(!page.contains("Finished ("), "no row is finished")
    }

    @Test("what a run's page draws is read again from its file")
    func coding() throws {
        let input = Self.input(0.9)
        let read = try ReportInput(json: input.json())
        #expect(read.arms[0].runs[0].certificate == input.arms[0].runs[0].certificate)
        #expect(read.arms[0].runs[0].diagnosis == input.arms[0].runs[0].diagnosis)
    }
}
