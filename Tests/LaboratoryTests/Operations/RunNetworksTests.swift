import Foundation
import TestSupport
import Testing

@testable import Basics
@testable import Evaluation
@testable import Laboratory
@testable import Reports

/// Networks of a run, judged in its folder.
@Suite("Evaluating the folder of a run")
struct RunNetworksTests {
    private func evaluate(_ path: String, zoo: String? = nil) throws -> EvaluateOperation.Outcome {
        try EvaluateOperation(path: path, dataset: nil, zoo: zoo, catalog: Small.catalog).execute()
    }

    @Test("a run's folder has its networks, its zoo, its error budget and its causes; so has its file of networks")
    func folder() throws {
        let small = try SmallExperiment()
        let ran = try small.run(out: "run").summary
        let folder = small.scratch.file("run").path
        let outcome = try evaluate(folder)
        func accuracy(_ rows: [EvaluationRow]) -> Double? {
            rows.first { $0.population == .generated }?.testAccuracy.mean
        }
        #expect(accuracy(outcome.rows) == accuracy(ran.rows))
        let budget = try #require(outcome.certificate?.budget)
        #expect(budget.steps.map(\.part) == [.roundTrip, .decoder, .codeModel] || budget.steps.count == 2)
        #expect(budget.steps.last.map { abs($0.to - (accuracy(ran.rows) ?? 0)) < 1e-12 } == true)
        #expect(outcome.diagnosis?.findings.first { $0.cause == .frame }?.isSuspect == false)
        #expect(outcome.diagnosis?.findings.first { $0.cause == .tooFewNetworks }?.value == 5)
        let file = try evaluate(folder + "/ensemble.h5", zoo: folder + "/zoo.h5")
        #expect(file.rows == outcome.rows)
        #expect(try Tree(encoding: file.certificate).text() == Tree(encoding: outcome.certificate).text())
    }

    @Test("an unfinished run, and the folder of an experiment with arms, are refused with what to do")
    func refusals() throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        try small.cut("run", as: "cut", after: 3)
        let unfinished = try requireDataError { _ = try evaluate(small.scratch.file("cut").path) }
        #expect(unfinished.hint.contains("--resume"), "\(unfinished)")
        try small.scratch.put("arms/summary.json", "{}")
        try small.scratch.put("arms/arms/a/seed-0/x", "")
        let arms = try requireDataError { _ = try evaluate(small.scratch.file("arms").path) }
        #expect(arms.hint.contains("arms/<name>/seed-<n>"), "\(arms)")
        try small.scratch.put("seeds/seed-0/x", "")
        let seeds = try requireDataError { _ = try GeneratorStore.ofRun(small.scratch.file("seeds")) }
        #expect(seeds.kind == .missing && seeds.hint == "name one of seed-<n> in it", "\(seeds)")
    }
}
