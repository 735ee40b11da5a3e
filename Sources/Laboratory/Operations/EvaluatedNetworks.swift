import Basics
import Evaluation
import Formats
import Foundation
import ModelZoo
import Networks
import Tensors

/// Networks that somebody wants judged, wherever they came from: a zoo file, the folder of a run, or files of any format
/// that `zoo import` reads.
struct EvaluatedNetworks {
    /// The networks whose numbers are finite; nil where none is.
    let zoo: Zoo?
    /// Networks that are left out because a number is not finite.
    let lost: Int
    /// How the files were read, a sentence each.
    var notes: [String] = []
    /// The folder of the run that drew them, where it is at hand.
    var run: URL?

    /// Reads the networks at `path`, which should be of the architecture of `header`. Throws `DataError`.
    init(path: String, like header: ZooHeader, zooPath: String, progress: WorkProgress = .none) throws {
        if let folder = try RunNetworks(path) {
            self.init(
                try ZooReader(path: folder.ensemble.path).readAll(), path: folder.ensemble.path, lost: folder.lost)
            run = folder.url
        } else if try ShardedZoo.isOne(path) || (!POSIXFile.isFolder(path) && ZooFormat.detect(path) == .zoo) {
            self.init(try ZooReader(path: path).readAll(), path: path, lost: 0)
        } else {
            try self.init(importing: path, like: header, progress: progress)
        }
        guard let layout = zoo?.layout, !header.layout.matches(layout) else { return }
        throw DataError(
            .malformed, path: path, expected: "networks of the layout of \(zooPath), \(header.layout.count) weights",
            found: "\(layout.count) weights in another layout")
    }

    /// Splits networks that are finite from those that are not.
    private init(_ zoo: Zoo, path: String, lost: Int) {
        let (width, buffers) = (zoo.layout.count, zoo.buffers == nil ? 0 : zoo.layout.bufferCount)
        let finite = (0..<zoo.count).filter { row in
            zoo.row(row).allSatisfy(\.isFinite)
                && (zoo.buffers?[row * buffers..<(row + 1) * buffers].allSatisfy(\.isFinite) ?? true)
        }
        precondition(width > 0, "EvaluatedNetworks: no weights")
        self.zoo = finite.isEmpty ? nil : finite.count == zoo.count ? zoo : zoo.select(rows: finite)
        self.lost = lost + zoo.count - finite.count
    }

    /// Imports networks into memory as `zoo import` would bring them into a file.
    private init(importing path: String, like header: ZooHeader, progress: WorkProgress) throws {
        var work = header.architecture.map { ZooImport(architecture: $0) } ?? ZooImport(layout: header.layout)
        work.dropsNonFinite = true
        var root = path
        while root.count > 1, root.hasSuffix("/") { root.removeLast() }
        do {
            let (zoo, report) = try work.read(ZooSources().open(root), root: root, progress: progress)
            (self.zoo, lost) = (zoo, report.dropped)
            notes = ["read from \(report.format)"] + report.notes + report.warnings.map { "warning: \($0)" }
        } catch let error as DataError where error.hint.contains("--") {
            throw DataError(
                error.kind, path: error.path, expected: error.expected, found: error.found,
                hint: error.hint + " (options of `weightspace zoo import`, whose file can be evaluated)")
        }
    }

    /// How many networks there are, those that are not finite included.
    var count: Int { (zoo?.count ?? 0) + lost }
}

/// The networks that a run drew, in its folder.
struct RunNetworks {
    /// The run's folder.
    let url: URL
    /// The file of its networks.
    var ensemble: URL { url.appendingPathComponent("ensemble.h5") }
    /// The zoo that it was made from.
    var zoo: URL { url.appendingPathComponent("zoo.h5") }
    /// How many of its networks were not finite.
    let lost: Int

    /// The run whose folder, or whose `ensemble.h5`, `path` names; nil where it is none. Throws `DataError` for a run that
    /// did not come to its end, and for the folder of several.
    init?(_ path: String) throws {
        var url = URL(fileURLWithPath: path)
        if !POSIXFile.isFolder(path) {
            guard url.lastPathComponent == "ensemble.h5" else { return nil }
            url.deleteLastPathComponent()
        }
        let files = FileManager.default
        guard files.fileExists(atPath: url.appendingPathComponent("config.resolved.yaml").path) else {
            guard POSIXFile.isFolder(path), files.fileExists(atPath: url.appendingPathComponent("arms").path),
                files.fileExists(atPath: url.appendingPathComponent("summary.json").path)
            else { return nil }
            throw DataError(
                .missing, path: path, problem: "is the folder of an experiment with arms, not of one run",
                hint: "name one of arms/<name>/seed-<n> in it")
        }
        if let refusal = RunFolder.unusable(url) { throw refusal }
        self.url = url
        let facts = url.appendingPathComponent("sampling.json")
        lost = (try? StoredJSON.read(SamplingFacts.self, facts, expected: "how networks were drawn"))?.notFinite ?? 0
    }

    /// The rows that the run in a folder was judged by; nil where they cannot be read.
    static func rows(of run: URL) -> [EvaluationRow]? { result(of: run)?.rows }

    /// What the run in a folder found of the causes of bad networks.
    static func diagnosis(of run: URL) -> Diagnosis? { result(of: run)?.report.diagnosis }

    private static func result(of run: URL) -> RunResult? {
        try? RunResult(reading: run.appendingPathComponent("evaluation.json"))
    }
}
