import Basics
import Foundation
import Generation
import ModelZoo

/// The generator of a finished run, bound to what a person asks of it.
struct AskedGenerator {
    /// The settings of the run.
    let config: ExperimentConfig
    /// Its aligned zoo.
    let zoo: String
    /// What that zoo says of its networks.
    let header: ZooHeader
    /// The examples that were given, if any.
    let support: SupportFile?
    /// What is asked of it; nil for nothing.
    let condition: Condition?
    /// The generator.
    let generator: Generator

    /// Reads the run; `note` is told where a number is outside of what the run has seen. Throws `DataError`.
    init(run: URL, asked: AskedCondition, catalog: DatasetCatalog, note: (String) -> Void = { _ in }) throws {
        let store = try GeneratorStore.ofRun(run)
        zoo = run.appendingPathComponent("aligned.h5").path
        header = try ZooReader(path: zoo).header
        config = try Self.config(of: run)
        let stored = try store.read(config, layout: header.layout)
        let (header, zoo) = (header, zoo)
        support = try asked.support.map {
            try SupportFile($0, label: asked.label, header: header, zoo: zoo, catalog: catalog)
        }
        (generator, condition) = try asked.bound(stored, config, support, note)
    }

    /// The settings of a run, checked as if they were given anew: the file may be anybody's.
    static func config(of run: URL) throws -> ExperimentConfig {
        let file = run.appendingPathComponent("config.resolved.yaml")
        let tree = try RunFolder.resolvedConfig(at: run)
        do {
            let document = ConfigDocument(file: file.path, tree: tree, origins: [:])
            let plan = try ConfigResolver<ExperimentConfig>().plan(document)
            if let only = plan.runs.first, plan.runs.count == 1, !plan.hasArms { return only.config }
        } catch let error as ConfigError {
            throw DataError(
                .malformed, path: file.path, problem: "does not hold the settings of a run: \(error.description)",
                hint: "the file was changed, or another version of weightspace made it")
        }
        throw DataError(.malformed, path: file.path, problem: "holds a grid or arms, not the settings of one run")
    }
}

extension AskedCondition {
    /// The run's generator, bound to what is asked, and that.
    fileprivate func bound(
        _ stored: GeneratorStore.Stored, _ config: ExperimentConfig, _ support: SupportFile?, _ note: (String) -> Void
    ) throws -> (Generator, Condition?) {
        guard !isEmpty else { return (stored.generator, nil) }
        let facts = stored.description.conditions
        let path = self.support?.path ?? "--condition"
        let set = try facts == nil ? nil : support?.support(config.conditions.support, path: path)
        let condition = try condition(facts, support: set)
        for doubt in facts?.doubts(condition) ?? [] { note("warning: \(doubt)") }
        do {
            return (try stored.generator.asked(condition, guidance: guidance ?? stored.generator.guidance), condition)
        } catch let error as DataError where error.path == "support set" || error.path == "condition" {
            throw error.about(path)
        }
    }
}
