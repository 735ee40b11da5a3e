import Basics
import Evaluation
import Foundation
import EvaluationTestSupport
import ReportTestSupport
import Testing
import TestSupport

@testable import Laboratory
@testable import Reports

/// From a run's rows to its verdict with advice, and what `evaluation.json` keeps.
@Suite("What a run amounts to")
struct RunResultTests {
    private func result(
        _ accuracy: Double, at ratio: Double? = 1, rms: Double = 1, isDiverged: Bool = false, notes: [String] = []
    ) -> RunResult {
        var report = ReportInput.Run(seed: 1)
        report.populations = [
            TestRows.row("zoo", 0.96, at: 1), TestRows.row("generated", accuracy, at: ratio, rms: rms),
        ]
        return RunResult(
            report: report, chance: 0.1, isDiverged: isDiverged, notes: notes)
    }

    @Test(
        "a bad result says what to try, one thing for the worst that happened",
        arguments: [
            (0.96, 1.0, false, ""), (0.9, 1, false, ""), (0.96, 0.1, false, "a source as wide as the codes"),
            (0.1, 1, false, "more networks to learn from"), (0.1, 0.1, false, "a source as wide as the codes"),
            (0.96, 1, true, "a lower training.rate"), (0.1, 0.1, true, "a lower training.rate"),
        ])
    func advice(_ accuracy: Double, _ rms: Double, _ isDiverged: Bool, _ says: String) {
        let text = result(accuracy, rms: rms, isDiverged: isDiverged).verdict.text
        #expect(text.components(separatedBy: "Try ").count == (says.isEmpty ? 1 : 2), "\(text)")
        #expect(says.isEmpty || text.contains(says), "\(text)")
    }

    @Test(
        "advice follows from what was seen: no more steps past the least validation loss, nothing that is done already")
    func adviceFollows() {
        var failed = result(0.1)
        #expect(failed.verdict.text.contains("more training.steps") && failed.verdict.text.contains("align.enabled"))
        var setting = Advice.Setting()
        (setting.isAligned, setting.isOrderFree) = (true, true)
        failed.setting = setting
        failed.report.loss.validationSteps = [250, 500, 750, 1000]
        failed.report.loss.training = [1, 0.5, 0.2, 0.1]
        failed.report.loss.validation = [1, 1.2, 1.5, 2]
        let text = failed.verdict.text
        #expect(!text.contains("more training.steps") && text.contains("training.patience"), "\(text)")
        #expect(!text.contains("align.enabled") && !text.contains("neuron-transformer"), "\(text)")
        failed.report.loss.validation = [2, 1.5, 1.2, 1]
        #expect(failed.verdict.text.contains("more training.steps"))
        var lossy = TestRows.row("reconstructed", 0.3, at: 1)
        lossy.label = "reconstructed zoo"
        failed.report.populations.append(lossy)
        #expect(failed.verdict.text.contains("coordinates that lose less"), "\(failed.verdict.text)")
    }

    @Test("0.48 of the zoo's spread is under-dispersed, not collapsed")
    func underDispersed() {
        let verdict = result(0.96, rms: 0.48).verdict
        #expect(!verdict.collapsed && verdict.underDispersed && !verdict.isBad)
        #expect(verdict.word == "Good and new, under-dispersed")
    }

    @Test("networks none of which is finite are a divergence, and a row of networks that are never right")
    func nothingDrawn() {
        var lost = result(0.96)
        lost.report.populations.removeLast()
        lost.insertLost(5, at: 1)
        let row = lost.rows[1]
        #expect(row.population == .generated && row.count == 5 && row.testAccuracy.mean == 0 && row.novelty == nil)
        #expect(row.points.map(\.accuracy) == [0, 0, 0, 0, 0] && row.label == "generated networks")
        let verdict = lost.verdict
        #expect(verdict.diverged && verdict.text.hasPrefix("The generator diverged: none of the networks"))
        #expect(!verdict.beatsBaselines && verdict.word == "Diverged")
        // Where implicit steps did not converge, a rate of training that there was none of is no advice.
        var setting = Advice.Setting()
        (setting.isImplicit, setting.isFitted) = (true, true)
        lost.setting = setting
        #expect(
            lost.verdict.text.hasSuffix(
                "Try a larger generator.ridge, generator.form: diagonal, or more process.iterations."))
        lost.setting.isFitted = false
        #expect(
            lost.verdict.text.hasSuffix(
                "Try a lower training.rate, more sampling.steps, or more process.iterations."))
    }

    @Test("notes stand behind the verdict's own reasons, in their order")
    func notes() {
        let (plain, noted) = (result(0.96).verdict, result(0.96, notes: ["first", "second"]).verdict)
        #expect(noted.reasons == plain.reasons + ["first", "second"] && noted.text == plain.text)
    }

    @Test("what is not finite is null in evaluation.json; the clock's numbers are not in it")
    func coding() throws {
        let scratch = try ScratchFolder()
        var before = result(.nan, at: .infinity)
        before.report.populations[0].points = [
            NetworkPoint(accuracy: .nan, distance: 1, nearestZoo: 3), NetworkPoint(accuracy: 0.5, distance: .infinity),
        ]
        before.timing = [:]
        let text = String(decoding: try before.json(), as: UTF8.self)
        try scratch.put("evaluation.json", text)
        let after = try RunResult(reading: scratch.file("evaluation.json"))
        #expect(String(decoding: try after.json(), as: UTF8.self) == text)
        let population = try #require(after.report.populations.first)
        let points = population.points
        #expect(points[0].accuracy.isNaN && points[0].distance == 1 && points[0].nearestZoo == 3)
        #expect(
            points[1].distance.isNaN && points[1].nearestZoo == nil && !text.contains("inf") && !text.contains("nan"))
        #expect(after.rows[1].testAccuracy.mean.isNaN && after.verdict.quality == .failed)
    }

    @Test("what another version measured is refused with a way out", arguments: ["{\"rows\": []}", "{\"version\": 3}"])
    func otherVersion(_ text: String) throws {
        let scratch = try ScratchFolder()
        try scratch.put("evaluation.json", text)
        let error = try #require(
            #expect(throws: DataError.self) { _ = try RunResult(reading: scratch.file("evaluation.json")) })
        #expect(
            error.kind == .malformed && error.found.contains("another version")
                && error.hint.contains("run the experiment again"))
    }
}

/// What networks cost, and when generating them pays.
@Suite("Costs")
struct RunCostTests {
    private func budget(zoo: Double, generator: Double, sampling: Double, count: Int, fresh: Double)
        -> ReportInput.Budget
    {
        var budget = ReportInput.Budget()
        (budget.zooTraining, budget.generator, budget.sampling) = (zoo, generator, sampling)
        (budget.sampleCount, budget.freshNetwork) = (count, fresh)
        return budget
    }

    /// n networks cost fixed + n oneSample, or n freshNetwork.
    @Test("generating pays at the number of networks that is stated, and not before", arguments: 0..<20)
    func breakEven(_ index: Int) throws {
        var random = RandomChoices(state: UInt64(index))
        func draw(_ range: ClosedRange<Double>) -> Double { .random(in: range, using: &random) }
        let costs = budget(
            zoo: draw(0...500), generator: draw(0...500), sampling: draw(0...5), count: 100, fresh: draw(0.06...9))
        let (fixed, one, fresh) = try (#require(costs.fixed), #require(costs.oneSample), #require(costs.freshNetwork))
        let count = try #require(costs.breakEven)
        #expect(fixed + count * one <= count * fresh * (1 + 1e-12))
        #expect(fixed + (count - 1) * one >= (count - 1) * fresh * (1 - 1e-12))
    }

    @Test(
        "costs that cannot be are shown as not available, and trap nowhere",
        arguments: [
            (-1e300, 1.0), (.nan, 1), (.infinity, 1), (1e300, 1), (1, .nan), (1, -.infinity),
        ])
    func impossible(_ zoo: Double, _ fresh: Double) {
        let costs = budget(zoo: zoo, generator: 0, sampling: 0, count: 10, fresh: fresh)
        #expect(CostFacts.breakEven(costs) == "not available")
    }

    @Test("alignment counts where it was timed; a sample that costs what training does never pays")
    func edges() {
        var costs = budget(zoo: 10, generator: 20, sampling: 1, count: 2, fresh: 1)
        #expect(costs.fixed == 30 && costs.breakEven == 60)
        costs.alignment = 5
        #expect(costs.breakEven == 70)
        costs.freshNetwork = 0.5
        #expect(costs.breakEven == .infinity)
    }

    @Test("a clock's record that was damaged costs the timing alone")
    func damagedClock() throws {
        let scratch = try ScratchFolder()
        let result = RunResult(report: ReportInput.Run(seed: 0), chance: 0.1, isDiverged: true, notes: [])
        try scratch.put("evaluation.json", String(decoding: result.json(), as: UTF8.self))
        try scratch.put("timing.json", "{\"alignment\": 1, ")
        let zoos = SharedZoos(folder: scratch.file("zoos"))
        let read = try FinishedRun(url: scratch.url, config: ExperimentConfig(), zoos: zoos).result()
        #expect(read.timing.isEmpty && read.report.budget?.fixed == nil && read.verdict.diverged)
    }
}
