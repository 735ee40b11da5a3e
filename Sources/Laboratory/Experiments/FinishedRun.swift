import Foundation
import ModelZoo
import Reports

/// A run all of whose stages are complete: what it measured and what it cost, read from its folder.
struct FinishedRun {
    let url: URL
    let config: ExperimentConfig
    let zoos: SharedZoos

    /// What the summary and the report need. Throws `DataError` where the folder was damaged.
    func result() throws -> RunResult {
        var result = try RunResult(reading: url.appendingPathComponent("evaluation.json"))
        let seconds = StageClock.read(url)
        let budget = budget(seconds)
        result.report.budget = budget
        for (stage, value) in seconds where stage != "fresh_network" { result.timing["\(stage)_seconds"] = value }
        if let training = budget.zooTraining { result.timing["zoo_training_seconds"] = training }
        if let fresh = budget.freshNetwork { result.timing["fresh_network_seconds"] = fresh }
        if let breakEven = budget.breakEven { result.timing["break_even_networks"] = breakEven }
        return result
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
