import Basics
import Foundation
import Generation
import ModelZoo
import Networks

/// Draws networks from a finished run into a zoo file.
public struct GenerateOperation {
    /// The folder of a run whose generator is trained.
    public let run: URL
    /// How many networks are drawn.
    public let count: Int
    /// Key of the noise.
    public let seed: UInt64
    /// The zoo file to write.
    public let out: URL
    /// Whether a file that is there already is replaced.
    public var replaces = false
    /// What the networks are given before they are written, by its name; nil for nothing. The run's settings of it are taken
    /// where the run has the same finish, the usual ones otherwise.
    public var finish: String?
    /// What is asked of the networks; of a run with conditions nothing asks for any.
    public var asked = AskedCondition()
    /// Where data sets are: networks with running statistics get theirs on training samples, and so does a finish.
    public let catalog: DatasetCatalog

    /// Prepares to draw from the run; throws `DataError.configuration` unless count >= 1.
    public init(run: URL, count: Int, seed: UInt64, out: URL, catalog: DatasetCatalog) throws {
        guard count >= 1, count <= 10_000_000 else {
            throw DataError(
                .configuration, path: "--count", expected: "a whole number from 1 to 10000000", found: "\(count)")
        }
        self.run = run
        self.count = count
        self.seed = seed
        self.out = out
        self.catalog = catalog
    }

    /// What was drawn.
    public struct Outcome: Sendable, Equatable {
        /// Networks that were left out because a number was not finite; nothing is written if all were.
        public let notFinite: Int
        /// The finish in words, where the networks were given one.
        public let finish: String?
        /// Classes in the order of the networks' outputs, where examples were given.
        public var classes: [String]?
    }

    /// Draws, finishes and writes. Sample i is the same for every count. Throws `DataError`.
    public func execute(_ reporter: any ProgressReporter) throws -> Outcome {
        try OutputFile.check(
            out, reading: [run.path] + (asked.support.map { [$0.path] } ?? []), replacing: replaces)
        try asked.check()
        let store = try GeneratorStore.ofRun(run)
        let zoo = run.appendingPathComponent("aligned.h5").path
        let (header, config) = (try ZooReader(path: zoo).header, try Self.config(of: run))
        let stored = try store.read(config, layout: header.layout)
        let support = try asked.support.map {
            try SupportFile($0, label: asked.label, header: header, zoo: zoo, catalog: catalog)
        }
        let generator = try bound(stored, config, support, reporter)
        let finisher = try namedFinish(config).flatMap { finish in
            guard let support, let architecture = header.architecture else {
                return try EnsembleFinisher(finish, zoo: zoo, catalog: catalog)
            }
            return try EnsembleFinisher(finish, architecture.network, examples: support.examples)
        }
        let sampler = EnsembleSampler(
            generator: generator, header: support.map { header.with(dataset: $0.recorded) } ?? header,
            recalibration: try catalog.recalibration(header, path: zoo, count: config.sampling.calibrationCount))
        let ensemble = try sampler.ensemble(
            count, seed: seed, progress: reporter.progress("generating networks", hint: OutputFile.interrupted))
        if let drawn = ensemble.zoo { try ZooWriter.write(finisher?(drawn) ?? drawn, to: out.path) }
        return Outcome(notFinite: ensemble.notFinite, finish: finisher?.summary, classes: support?.classes)
    }

    /// The run's generator, bound to what is asked. Says where a number is outside of what the run has seen.
    private func bound(
        _ stored: GeneratorStore.Stored, _ config: ExperimentConfig, _ support: SupportFile?,
        _ reporter: any ProgressReporter
    ) throws -> Generator {
        guard !asked.isEmpty else { return stored.generator }
        let facts = stored.description.conditions
        let path = asked.support?.path ?? "--condition"
        let set = try facts == nil ? nil : support?.support(config.conditions.support, path: path)
        let condition = try asked.condition(facts, support: set)
        for doubt in facts?.doubts(condition) ?? [] { reporter.note("warning: \(doubt)") }
        do {
            return try stored.generator.asked(condition, guidance: asked.guidance ?? stored.generator.guidance)
        } catch let error as DataError where error.path == "support set" || error.path == "condition" {
            throw error.about(path)
        }
    }

    /// The finish that was named; throws for a name that is none.
    private func namedFinish(_ config: ExperimentConfig) throws -> Finish? {
        let named = try Finish.named(finish)
        return config.finish.kind == named?.kind ? config.finish : named
    }

    /// The settings of a run, checked as if they were given anew: the file may be anybody's.
    private static func config(of run: URL) throws -> ExperimentConfig {
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

extension Finish {
    /// The usual finish of a kind that `--finish` names; nil where it names none. Throws `.configuration` for a name that
    /// is no kind.
    static func named(_ name: String?) throws -> Finish? {
        guard let name else { return nil }
        guard let kind = Described<Finish>(kind: name) else {
            let names = standard.all.map(\.name)
            throw DataError(
                .configuration, path: "--finish", expected: "one of \(names.joined(separator: ", "))", found: name,
                hint: Nearest.hint(Nearest.match(name, among: names)))
        }
        return kind.member
    }
}
