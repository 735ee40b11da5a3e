import Basics
import Evaluation
import Foundation
import ModelZoo
import Reports

/// What a run amounts to: the judged populations, and everything else that its report draws.
struct RunResult: Codable {
    var version = RunResult.version
    var report: ReportInput.Run
    var chance: Double
    /// Whether a training left the finite numbers, or ended far above its start.
    var isDiverged: Bool
    /// What else the verdict's reasons should say, a sentence each.
    var notes: [String]
    /// What is doubtful about the judging, if anything.
    var doubt: String?
    /// Seconds by stage: the only part that depends on the clock.
    var timing: [String: Double] = [:]
    /// How the run was set up, as far as advice depends on it; not in the file.
    var setting = Advice.Setting()

    private enum CodingKeys: String, CodingKey { case version, report, chance, isDiverged, notes, doubt, timing }

    /// The version of `evaluation.json` that this code writes and reads. Version 1 had no key for it.
    static let version = 2

    /// Reads what the judging stage wrote. Throws `DataError`, also for what another version wrote.
    init(reading url: URL) throws {
        if let data = try? Data(contentsOf: url), StoredJSON.isOfOtherVersion(data, than: Self.version) {
            throw StoredJSON.otherVersion(url.path, "was written by another version of weightspace")
        }
        self = try StoredJSON.read(Self.self, url, expected: "what a run measured")
    }

    init(report: ReportInput.Run, chance: Double, isDiverged: Bool, notes: [String]) {
        self.report = report
        self.chance = chance
        self.isDiverged = isDiverged
        self.notes = notes
    }

    /// The judged populations, with their single networks.
    var rows: [EvaluationRow] { report.populations }

    /// Puts in what stands for drawn networks none of which is finite: never right, and at no distance.
    mutating func insertLost(_ count: Int, at place: Int) {
        let arm = rows.first?.arm ?? "main"
        report.populations.insert(
            EvaluationRow(arm: arm, seed: report.seed, lost: count, of: .generated), at: place)
        isDiverged = true
    }

    var verdict: Verdict {
        var verdict = Verdict(judging: rows, chance: chance, diverged: isDiverged)
        let advice = Advice(verdict: verdict, rows: rows, loss: report.loss, setting: setting)
        if let sentence = advice.sentence { verdict.text += " " + sentence }
        verdict.reasons += notes
        return verdict
    }

    /// The causes of bad networks, where these are worse than the zoo.
    var shownDiagnosis: Diagnosis? { verdict.quality == .equal ? nil : report.diagnosis }

    func json() throws -> Data { try StoredJSON.data(of: self) }
}

/// A run all of whose stages are complete: what it measured and what it cost, read from its folder.
struct FinishedRun {
    let url: URL
    let config: ExperimentConfig
    let zoos: SharedZoos

    /// What the summary and the report need. Throws `DataError` where the folder was damaged.
    func result() throws -> RunResult {
        var result = try RunResult(reading: url.appendingPathComponent("evaluation.json"))
        result.setting = Advice.Setting(config)
        let seconds = StageClock.read(url)
        let budget = budget(seconds)
        result.report.budget = budget
        for (stage, value) in seconds where stage != "fresh_network" { result.timing["\(stage)_seconds"] = value }
        if let training = budget.zooTraining { result.timing["zoo_training_seconds"] = training }
        if let fresh = budget.freshNetwork { result.timing["fresh_network_seconds"] = fresh }
        if let breakEven = budget.breakEven { result.timing["break_even_networks"] = breakEven }
        return result
    }

    /// Throws `.configuration` where another zoo is in the place of the one that the run at `url` was made with; a file that
    /// is gone says nothing.
    static func refuseOtherZoo(_ url: URL, _ zoo: ZooConfig) throws {
        guard case .file(let file) = zoo, let source = try? ExperimentPaths.resolve(file.path),
            let recorded = RunFolder.inputs(of: "zoo", at: url)
        else { return }
        try ExperimentRun.refuseOtherZoo(
            at: source.path, try ShardedZoo.digest(ofZoo: source.path), begunWith: recorded)
    }

    /// The clock's numbers: what a network costs, generated and trained.
    private func budget(_ seconds: [String: Double]) -> ReportInput.Budget {
        var budget = ReportInput.Budget()
        budget.alignment = seconds["alignment"]
        budget.generator = seconds["generator"].map { $0 + (seconds["coordinates"] ?? 0) }
        budget.sampling = seconds["sampling"]
        budget.judging = seconds["judging"]
        budget.sampleCount = config.sampling.count
        if let training = zoos.training(config.zoo) {
            budget.zooTraining = training.seconds
            budget.freshNetwork = training.seconds / Double(max(training.networks, 1))
        } else if let fresh = seconds["fresh_network"],
            let count = try? ZooReader(path: url.appendingPathComponent("zoo.h5").path).count
        {
            budget.zooTraining = fresh * Double(count)
            budget.freshNetwork = fresh
        }
        return budget
    }
}
