import Basics
import Foundation
import Generation
import ModelZoo
import Networks
import Ranks

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
    /// The processes that draw.
    public var ranks = Ranks.one

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
        /// Networks that are missing because a number was not finite; nothing is written if all are.
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
        let made = try AskedGenerator(run: run, asked: asked, catalog: catalog) { reporter.note($0) }
        let finisher = try namedFinish(made.config).flatMap { finish in
            guard let support = made.support, let architecture = made.header.architecture else {
                return try EnsembleFinisher(finish, zoo: made.zoo, catalog: catalog)
            }
            return try EnsembleFinisher(finish, architecture.network, examples: support.examples)
        }
        var header = made.support.map { made.header.with(dataset: $0.recorded) } ?? made.header
        header.provenance = try provenance(made.config, finish: finisher?.summary)
        let sampler = EnsembleSampler(
            generator: made.generator, header: header,
            recalibration: try catalog.recalibration(
                made.header, path: made.zoo, count: made.config.sampling.calibrationCount))
        let choose = try selection(made)
        let ensemble = try sampler.ensemble(
            count * (asked.select ?? 1), seed: seed,
            over: .init(ranks: ranks, origin: .init(run: run, asked: asked, catalog: catalog)),
            progress: reporter.progress("generating networks", hint: OutputFile.interrupted))
        if let drawn = ensemble.zoo { try ZooWriter.write(choose(finisher?(drawn) ?? drawn), to: out.path) }
        let missing = count - min(count, ensemble.zoo?.count ?? 0)
        return Outcome(notFinite: missing, finish: finisher?.summary, classes: made.support?.classes)
    }

    /// Keeps `count` of the networks that are drawn, where more are: those nearest to the number that is asked for. Throws
    /// `DataError.configuration` where networks cannot be chosen by it.
    private func selection(_ made: AskedGenerator) throws -> (Zoo) -> Zoo {
        guard asked.select != nil else { return { $0 } }
        let value = try AskedCondition.selected(made.condition)
        let data = try JudgingData(
            try ZooReader(path: made.zoo).readAll(), path: made.zoo, catalog: catalog,
            calibrationCount: made.config.sampling.calibrationCount)
        let selection = try PromptSelection(data, key: "--select")
        return { selection.nearest(count, in: $0, to: value) }
    }

    /// The steps that led to the run's net, and this one, with a finish in words; examples are among its parents.
    private func provenance(_ config: ExperimentConfig, finish: String?) throws -> Provenance {
        let net = try ZooReader(path: run.appendingPathComponent(config.netFile).path)
        let examples = try asked.support.map {
            Provenance.Parent("examples", sha256: try SHA256.hexDigest(ofFile: $0.path))
        }
        let settings = Tree.map([
            "conditions": .list(asked.values.map { .string($0) }), "finish": finish.map { .string($0) } ?? .null,
            "guidance": asked.guidance.map { .number($0) } ?? .null, "run": .string(try config.digest()),
        ])
        return net.header.provenance.adding(
            .init(
                "generate", settings: settings.settingsDigest(), seed: seed,
                parents: [try net.parent("generator")] + (examples.map { [$0] } ?? [])))
    }

    /// The finish that was named; throws for a name that is none.
    private func namedFinish(_ config: ExperimentConfig) throws -> Finish? {
        let named = try Finish.named(finish)
        return config.finish.kind == named?.kind ? config.finish : named
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
