import Foundation
import ModelZoo
import Networks
import TestSupport
import Testing

@testable import Basics
@testable import Evaluation
@testable import Laboratory
@testable import Reports

/// Runs with planted faults: each is found, with its number.
@Suite("Causes of bad networks in runs")
struct RunDiagnosisTests {
    private func diagnosis(_ scratch: ScratchFolder, _ run: String) throws -> Diagnosis {
        try #require(RunNetworks.diagnosis(of: scratch.file(run)))
    }

    private func finding(_ diagnosis: Diagnosis, _ cause: Diagnosis.Cause) throws -> Diagnosis.Finding {
        try #require(diagnosis.findings.first { $0.cause == cause })
    }

    @Test("a run without alignment: the frame, with the distances before and after matching")
    func frame() throws {
        let small = try SmallExperiment()
        try small.run(out: "off", settings: ["align.enabled=false"])
        try small.run(out: "on")
        let off = try finding(diagnosis(small.scratch, "off"), .frame)
        let on = try finding(diagnosis(small.scratch, "on"), .frame)
        let share = try #require(off.value)
        #expect(off.isSuspect == (share < 0.9) && on.isSuspect == false && on.value == off.value && share < 1)
        #expect(off.text.contains("as they came"), "\(off.text)")
    }

    @Test("codes that lose the network: the round trip, with both accuracies, and the terminal says so")
    func roundTrip() throws {
        let small = try SmallExperiment(zoo: Self.trained)
        let outcome = try small.run(out: "lossy", settings: ["coordinates.components=1"])
        let found = try finding(diagnosis(small.scratch, "lossy"), .roundTrip)
        #expect(found.isSuspect == true && (found.value ?? 0) < -0.1, "\(found)")
        let shown = try #require(outcome.diagnosis)
        #expect(shown.findings.count == 6 && DiagnosisText.render(shown).contains("round trip"))
        #expect(try small.scratch.text("lossy/report.html").contains("Why are they not better?"))
    }

    /// A zoo that is trained in the run, whose networks are right for most digits.
    private static let trained = """
        {kind: train, dataset: {name: digits, scale: 0.0625, validation: 0.1, test: 0.3}, widths: [64, 12, 10],
          training: {rate: 1.0e-2, batch: 100, epochs: 4}, networks: {train: 6, validation: 1, test: 3}, selection: last}
        """

    @Test("running statistics on a handful of rows: statistics, with what zoo networks lose by them")
    func statistics() throws {
        let norms = Self.trained.replacing(
            "widths: [64, 12, 10]", with: "architecture: {kind: mlp, widths: [64, 12, 10], norm: batch}")
        let small = try SmallExperiment("align: {enabled: true}\n", zoo: norms)
        try small.run(out: "few", settings: ["sampling.calibrationCount=2"])
        try small.run(out: "enough", settings: ["sampling.calibrationCount=1000"])
        let few = try finding(diagnosis(small.scratch, "few"), .statistics)
        #expect(few.isSuspect == true && (few.value ?? 0) > 0.05, "\(few)")
        #expect(few.text.contains("up to 2 training rows"), "\(few.text)")
        let enough = try finding(diagnosis(small.scratch, "enough"), .statistics)
        #expect((enough.value ?? 1) < (few.value ?? 0))
        let plain = try SmallExperiment()
        try plain.run(out: "run")
        #expect(try finding(diagnosis(plain.scratch, "run"), .statistics).value == nil)
    }

    @Test("networks that bring statistics of other weights: found by taking them anew")
    func foreignStatistics() throws {
        let norms = Self.trained.replacing(
            "widths: [64, 12, 10]", with: "architecture: {kind: mlp, widths: [64, 12, 10], norm: batch}")
        let small = try SmallExperiment("align: {enabled: true}\n", zoo: norms)
        try small.run(out: "run")
        let path = small.scratch.file("run/zoo.h5").path
        let zoo = try ZooReader(path: path).readAll()
        let others = zoo.select(rows: zoo.rows(in: .test))
        let width = zoo.layout.bufferCount / 2
        let wrong = others.buffers?.enumerated().map { index, value in
            index / width % 2 == 0 ? Float(3) : value * 25
        }
        try ZooWriter.write(
            Zoo(header: others.header, weights: others.weights, buffers: wrong), to: small.scratch.file("off.h5").path)
        let outcome = try EvaluateOperation(
            path: small.scratch.file("off.h5").path, dataset: nil, zoo: path, catalog: Small.catalog
        ).execute()
        let found = try finding(try #require(outcome.diagnosis), .statistics)
        #expect(found.isSuspect == true && outcome.diagnosis?.first?.cause == .statistics, "\(found)")
        #expect(found.text.contains("taken anew") && (found.value ?? 0) < -0.1)
    }

    @Test("a report has the certificate of its run, and the causes only where networks are worse")
    func report() throws {
        let small = try SmallExperiment()
        let outcome = try small.run(out: "run")
        let input = try ReportInput(json: small.bytes("run/report.json"))
        let run = try #require(input.arms.first?.runs.first)
        #expect(run.certificate?.profiles.isEmpty == false && run.certificate?.memorization != nil)
        #expect(run.certificate?.diversity?.count == 4 && run.certificate?.gain?.size == 3)
        #expect((outcome.diagnosis == nil) == (outcome.summary.verdict.quality == .equal))
    }
}
