import Foundation
import ModelZoo
import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Evaluation
@testable import Laboratory
@testable import Reports

/// Judging files that others made: without an account of data, of other networks, of a single one.
@Suite("Evaluating files")
struct EvaluateOperationTests {
    private static let split = ZooDataset.Split.indices(train: [0, 1], validation: Array(2..<10), test: Array(10..<70))
    private static let recorded = Small.zoo(7, split: [0, 0, 0, 0, 2, 2, 2], dataset: Small.digits(split))

    private let scratch: ScratchFolder

    init() throws {
        scratch = try ScratchFolder()
        try ZooWriter.write(Self.recorded, to: scratch.file("zoo.h5").path)
    }

    private func evaluate(_ name: String, dataset: String? = nil, zoo: String? = nil) throws
        -> EvaluateOperation.Outcome
    {
        try EvaluateOperation(
            path: scratch.file(name).path, dataset: dataset, zoo: zoo.map { scratch.file($0).path },
            catalog: Small.catalog
        ).execute()
    }

    private func write(_ zoo: Zoo, _ name: String) throws { try ZooWriter.write(zoo, to: scratch.file(name).path) }

    @Test("accuracies are those of the recorded test and validation rows; naming the same data changes nothing")
    func accuracies() throws {
        let row = try #require(evaluate("zoo.h5").rows.first)
        let (network, data, doubt) = try Small.catalog.judging(Self.recorded.header, path: "zoo.h5")
        func mean(_ part: Dataset) -> Double {
            let all = Classifier(network).accuracies(
                Self.recorded.population(), inputs: part.tensor, labels: part.labels)
            return all.reduce(0, +) / 7
        }
        #expect(data.test.count == 60 && doubt == nil && row.count == 7 && row.novelty == nil)
        #expect(abs(row.testAccuracy.mean - mean(data.test)) < 1e-12)
        #expect(abs(try #require(row.validationAccuracy).mean - mean(data.validation)) < 1e-12)
        #expect(try evaluate("zoo.h5", dataset: "digits").rows == [row])
    }

    @Test("networks that are no better than chance on other data than their own are doubtful")
    func chance() throws {
        let digits = try Small.catalog.load("digits")
        let table = (0..<100).map { row in
            digits.rawInputs(rows: [row]).map { "\($0 / 16)," }.joined() + "\(digits.labels[row])\n"
        }.joined()
        try scratch.put("unit.csv", table)
        let doubt = try evaluate("zoo.h5", dataset: scratch.file("unit.csv").path).doubt ?? ""
        #expect(doubt.contains("the values of") && doubt.contains("commonest class"), "\(doubt)")
        #expect(try evaluate("zoo.h5").doubt == nil)
    }

    @Test("a folder is named as one, and networks beside themselves are said to be so")
    func folders() throws {
        try FileManager.default.createDirectory(at: scratch.file("run"), withIntermediateDirectories: true)
        #expect(try requireDataError { _ = try evaluate("run") }.hint.contains("zoo import"))
        try scratch.put("run/ensemble.h5", "x")
        #expect(try requireDataError { _ = try evaluate("run") }.hint.contains("run/ensemble.h5"))
        try write(Self.recorded, "copy.h5")
        #expect(try evaluate("copy.h5", zoo: "zoo.h5").doubt?.contains("the zoo's own") == true)
    }

    @Test("a file that names no data is refused with what to give; with it, the judging is doubtful")
    func noData() throws {
        try write(Small.zoo(3), "plain.h5")
        let error = try requireDataError { _ = try evaluate("plain.h5") }
        #expect(error.kind == .malformed && error.path.hasSuffix("plain.h5") && error.hint.contains("--dataset"))
        let outcome = try evaluate("plain.h5", dataset: "digits")
        #expect(outcome.rows.map(\.count) == [3] && outcome.doubt != nil)
        let other = try requireDataError { _ = try evaluate("plain.h5", dataset: "iris") }
        #expect(other.kind == .malformed && other.description.contains("4"), "\(other)")
    }

    @Test("a file that is named: all rows, prepared as the zoo says, and both are told, in JSON too")
    func named() throws {
        let digits = try Small.catalog.load("digits")
        let raw = digits.rawInputs(rows: Array(100..<150))
        let lines = (0..<50).map { row in
            (raw[row * 64..<(row + 1) * 64].map { "\(Int($0))" } + ["\(digits.labels[100 + row])"]).joined(
                separator: ",")
        }
        try scratch.put("other.csv", lines.joined(separator: "\n") + "\n")
        let outcome = try evaluate("zoo.h5", dataset: scratch.file("other.csv").path)
        let data = try digits.prepared(rows: Array(100..<150), .sixteenths)
        let expected = Classifier(Small.network).accuracies(
            Self.recorded.population(), inputs: data.tensor, labels: data.labels)
        let row = try #require(outcome.rows.first)
        #expect(abs(row.testAccuracy.mean - expected.reduce(0, +) / 7) < 1e-12 && row.validationAccuracy == nil)
        #expect(outcome.data.count == 50 && outcome.data.rows == .all && outcome.data.origin == .zoo)
        let text = outcome.data.description
        #expect(text.contains("other.csv: all 50 rows") && text.contains("x / 16, as the zoo records"), "\(text)")
        let json = try Tree(encoding: outcome.data)
        #expect(json["n"] == .integer(50) && json["scale"] == .list([.number(0.0625)]))
        let beside = try evaluate("zoo.h5", dataset: scratch.file("other.csv").path, zoo: "zoo.h5")
        #expect(beside.rows.prefix(3).map(\.population) == [.zoo, .fresh, .generated] && beside.data.count == 50)
        #expect(abs(beside.rows[2].testAccuracy.mean - row.testAccuracy.mean) < 1e-12)
    }

    @Test("a description on one line or in a file changes the preparation")
    func described() throws {
        let line = #"{"name":"digits","scale":1}"#
        let raw = try evaluate("zoo.h5", dataset: line)
        #expect(raw.data.origin == .given && raw.data.preparation.contains("raw values") && raw.data.count == 60)
        try scratch.put("digits.yaml", "name: digits\nscale: 1\n")
        #expect(try evaluate("zoo.h5", dataset: scratch.file("digits.yaml").path).rows == raw.rows)
        let error = try requireDataError { _ = try evaluate("zoo.h5", dataset: #"{"name":"digits","scael":1}"#) }
        #expect(error.kind == .configuration && error.description.contains("did you mean scale?"), "\(error)")
    }

    @Test("networks of another layout than the zoo's are refused with both numbers of weights")
    func layouts() throws {
        let wide = Architecture.mlp(MLP.Config(widths: [64, 7, 10]))
        let weights = Initialization.pytorch.population(wide.layout, seeds: [1, 2]).floats
        try write(
            Zoo(header: ZooHeader(architecture: wide, dataset: Small.digits(Self.split)), weights: weights), "wide.h5")
        let error = try requireDataError { _ = try evaluate("wide.h5", zoo: "zoo.h5") }
        #expect(error.kind == .malformed && error.path.hasSuffix("wide.h5"))
        #expect(error.expected.contains("zoo.h5, 460 weights") && error.found.contains("535 weights"), "\(error)")
    }

    @Test("tensors without an architecture cannot be run")
    func layoutOnly() throws {
        try write(Zoo(header: ZooHeader(layout: Self.recorded.layout), weights: Self.recorded.weights), "tensors.h5")
        let error = try requireDataError { _ = try evaluate("tensors.h5", dataset: "digits") }
        #expect(error.kind == .malformed && error.expected.contains("an architecture"), "\(error)")
    }

    @Test("one network has a row, without deviations; beside the zoo it has no other sample to be near")
    func single() throws {
        try write(Self.recorded.select(rows: [5]), "one.h5")
        let alone = try #require(evaluate("one.h5").rows.first)
        #expect(alone.count == 1 && alone.testAccuracy.sd.isNaN && !TerminalSummary.table([alone]).contains("±"))
        let row = try #require(evaluate("one.h5", zoo: "zoo.h5").rows.first { $0.population == .generated })
        #expect(row.count == 1 && row.novelty?.sampleToSample?.mean.isNaN == true)
        let json = try Tree(encoding: row)
        #expect(json["novelty"]?["sample_to_sample"] == .null && json["test_accuracy"]?["sd"] == .null)
        #expect(try Tree(parsing: json.text()) == json)
    }

    /// The seven networks themselves, with their units in another order.
    @Test("networks of the zoo in disguise are at distance 0, fresh ones at what they are in the zoo's own row")
    func disguised() throws {
        let weights = (0..<7).flatMap { permuted(Self.recorded, $0, by: [3, 4, 5, 0, 1, 2]) }
        try write(Zoo(header: Self.recorded.header, weights: weights), "again.h5")
        let rows = try evaluate("again.h5", zoo: "zoo.h5").rows
        #expect(rows.prefix(3).map(\.population.what) == ["zoo", "fresh", "generated"])
        let (fresh, all) = try (#require(rows[1].novelty?.weightDistance), #require(rows[2].novelty?.weightDistance))
        #expect(all.median < 1e-6, "four of seven are copies")
        #expect(abs(all.max - fresh.max) < 0.05)
    }
}

/// Zoos that give no measure of novelty.
@Suite("Judging where nothing can be measured")
struct JudgeDegenerateTests {
    private func rows(_ sources: [Int], _ sample: [Int]) throws -> [EvaluationRow] {
        let split = ZooDataset.Split.indices(train: [0, 1], validation: [], test: Array(10..<40))
        let plain = Small.zoo(6, split: [0, 0, 0, 2, 2, 2], dataset: Small.digits(split))
        let zoo = Zoo(
            header: plain.header, weights: sources.flatMap { Array(plain.row($0)) }, columns: plain.columns)
        let data = try JudgingData(zoo, path: "zoo.h5", catalog: Small.catalog)
        let judge = try Judge(data, reference: 0, id: RunID(arm: "main", seed: 0))
        let generated = Population(kind: .generated, label: "generated", weights: plain.population(sample))
        return judge.judgeZoo().map(\.row) + [try judge.judge(generated).row]
    }

    @Test(
        "fresh networks that are zoo networks, or one network throughout: nothing counts as new",
        arguments: [
            [0, 1, 2, 0, 1, 2], [0, 0, 0, 0, 0, 0],
        ])
    func noUnit(_ sources: [Int]) throws {
        let rows = try rows(sources, [0, 4, 5])
        let verdict = Verdict(judging: rows, chance: 0.1)
        #expect(verdict.novelty == .copies && !verdict.beatsBaselines && verdict.light != .green)
        #expect(verdict.reasons.contains { $0.contains("not measured") })
        let text = try Summary(rows: rows, verdict: verdict).jsonText()
        #expect(!text.contains("nan") && !text.contains("inf"))
    }

    @Test("the same network again and again lies on itself and far from the others")
    func repeated() throws {
        let novelty = try #require(rows([0, 1, 2, 3, 4, 5], [4, 4, 4]).last?.novelty)
        #expect(novelty.sampleToSample?.mean == 0 && (novelty.zooToSample?.mean ?? 0) > 0.5)
        #expect(try #require(novelty.weightDistance?.sd) < 1e-9)
    }
}
