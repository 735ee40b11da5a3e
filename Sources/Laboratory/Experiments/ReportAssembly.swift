import Evaluation
import Foundation
import Reports

/// Puts the results of runs together for the summary and the report.
struct ReportAssembly {
    /// One run's part.
    struct Part {
        let arm: String
        let config: ExperimentConfig
        let yaml: String
        let result: RunResult
    }

    let name: String
    let question: String
    let runs: [Part]

    /// All rows, the verdict over all runs, and the clock's numbers.
    func summary() -> Summary {
        let verdicts = runs.map { part in
            (name: runs.count > 1 ? "\(part.arm), seed \(part.config.seed)" : part.arm, verdict: part.result.verdict)
        }
        var timing: [String: Double] = [:]
        for part in runs {
            let prefix = runs.count > 1 ? "\(part.arm)/seed-\(part.config.seed)/" : ""
            for (key, value) in part.result.timing { timing[prefix + key] = value }
        }
        var summary = Summary(
            rows: runs.flatMap(\.result.rows), verdict: Verdict(over: verdicts), timing: timing)
        for part in runs {
            if let digest = try? part.config.digest() {
                summary.settings["\(part.arm)/seed-\(part.config.seed)"] = digest
            }
        }
        summary.tasks = taskRows()
        summary.prompts = runs.compactMap(\.result.report.prompts)
        return summary
    }

    /// The lines of every run; of an arm with several seeds, which share its tasks, those of all together before them.
    private func taskRows() -> [TaskRow] {
        var arms: [String] = []
        for part in runs where !arms.contains(part.arm) { arms.append(part.arm) }
        return arms.flatMap { arm -> [TaskRow] in
            let own = runs.filter { $0.arm == arm && $0.result.report.tasks != nil }
            let together = own.count > 1 ? TaskMeasurements(own.compactMap(\.result.report.tasks)) : nil
            return (together?.rows(arm: arm, seed: nil) ?? [])
                + own.flatMap { part in
                    part.result.report.tasks?.rows(arm: arm, seed: UInt64(part.config.seed)) ?? []
                }
        }
    }

    /// Everything the report draws.
    func input(_ summary: Summary, environment: [ReportInput.Fact]) -> ReportInput {
        var input = ReportInput(title: name, summary: summary)
        input.question = question
        input.environment = environment
        input.configuration = runs.first?.yaml ?? ""
        for part in runs {
            var run = part.result.report
            run.verdict = part.result.verdict
            if let index = input.arms.firstIndex(where: { $0.name == part.arm }) {
                input.arms[index].runs.append(run)
            } else {
                input.arms.append(ReportInput.Arm(name: part.arm, factors: Self.factors(part.config), runs: [run]))
            }
        }
        return input
    }

    /// What usually tells arms apart.
    private static func factors(_ config: ExperimentConfig) -> [ReportInput.Fact] {
        let width = config.net.size
        return [
            .init(width.name, "\(width.value)"), .init("net", config.net.label),
            .init("process", config.process.kind),
            .init("aligned", config.align.enabled ? "yes" : "no"),
            .init("coordinates", config.coordinates.shortName),
        ]
    }
}
