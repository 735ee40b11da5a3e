import Formats
import Foundation
import ModelZoo
import Networks
import Tensors
import TestSupport
import Testing

@testable import Basics
@testable import Evaluation
@testable import Laboratory
@testable import Reports

/// Certificates of networks that others made: files, folders, single networks, and what is wrong with them.
@Suite("Certificates of anybody's networks")
struct CertificationTests {
    private static let split = ZooDataset.Split.indices(train: Array(0..<20), validation: [], test: Array(20..<80))
    private static let zoo = Small.zoo(9, split: [0, 0, 0, 0, 0, 2, 2, 2, 2], dataset: Small.digits(split))
    private static let others = Small.zoo(4, seed: 2, dataset: Small.digits(split))

    private let scratch: ScratchFolder

    init() throws {
        scratch = try ScratchFolder()
        try ZooWriter.write(Self.zoo, to: scratch.file("zoo.h5").path)
        try ZooWriter.write(Self.others, to: scratch.file("others.h5").path)
    }

    private func evaluate(_ name: String, zoo: String? = "zoo.h5", bars: [Double] = []) throws
        -> EvaluateOperation.Outcome
    {
        var operation = EvaluateOperation(
            path: scratch.file(name).path, dataset: nil, zoo: zoo.map { scratch.file($0).path }, catalog: Small.catalog)
        operation.bars = bars
        return try operation.execute()
    }

    private func export(_ zoo: String, _ format: ZooFormat, to name: String) throws {
        _ = try ZooExport(format: format).write(ZooReader(path: scratch.file(zoo).path), to: scratch.file(name).path)
    }

    @Test("the verdict of a run and everything that is certified, for networks that have nothing to do with the zoo")
    func whole() throws {
        let outcome = try evaluate("others.h5", bars: [0.01])
        let run = try #require(outcome.report?.arms.first?.runs.first)
        #expect(outcome.verdict == Verdict(judging: run.populations, chance: 0.1) && run.verdict == outcome.verdict)
        #expect(outcome.rows.contains { $0.population.isRival } && outcome.rows.allSatisfy { $0.points.isEmpty })
        let certificate = try #require(outcome.certificate)
        #expect(certificate.profiles.map(\.population) == [.generated, .fresh, .zoo])
        #expect(certificate.profiles.allSatisfy { $0.bar == 0.01 })
        let test = try #require(certificate.memorization)
        #expect(test.count == 4 && test.freshCount == 4 && test.passes)
        let diversity = try #require(certificate.diversity)
        #expect(diversity.count == 4 && abs(diversity.pairwise.ratio - 1) < 0.3)
        #expect(certificate.gain?.size == 4 && certificate.budget == nil)
        #expect(outcome.diagnosis?.findings.map(\.cause) == Diagnosis.Cause.allCases)
    }

    @Test(
        "networks of any format that is imported come to the same rows",
        arguments: [ZooFormat.safetensors, .npz, .flatHDF5])
    func formats(_ format: ZooFormat) throws {
        let name = format == .safetensors ? "folder" : "networks.\(format == .npz ? "npz" : "h5")"
        try export("others.h5", format, to: name)
        let (there, here) = (try evaluate("others.h5"), try evaluate(name))
        #expect(here.rows == there.rows && here.verdict == there.verdict)
        // A single draw has no deviation, which is equal to nothing but itself as text.
        #expect(try Tree(encoding: here.certificate).text() == Tree(encoding: there.certificate).text())
        #expect(here.notes.first == "read from \(format == .safetensors ? "folder" : format.rawValue)")
    }

    @Test("copies are told as such: no distance, no share beyond the zoo's own, memorized")
    func copies() throws {
        try ZooWriter.write(Self.zoo.select(rows: [0, 1, 2, 3, 4]), to: scratch.file("copies.h5").path)
        let outcome = try evaluate("copies.h5", bars: [0])
        #expect(outcome.verdict?.novelty == .copies && outcome.verdict?.beatsBaselines == false)
        let certificate = try #require(outcome.certificate)
        #expect(certificate.profiles[0].shares == Array(repeating: 0, count: 6))
        #expect(certificate.memorization?.auc == 0 && certificate.memorization?.passes == false)
        let itself = try evaluate("zoo.h5")
        #expect(itself.doubt?.contains("the zoo's own") == true)
    }

    @Test("a single checkpoint has a verdict, and no diversity or gain")
    func single() throws {
        try ZooWriter.write(Self.others.select(rows: [2]), to: scratch.file("one.h5").path)
        try export("one.h5", .safetensors, to: "one.safetensors")
        let outcome = try evaluate("one.safetensors")
        #expect(outcome.rows.first { $0.population == .generated }?.count == 1)
        #expect(outcome.certificate?.diversity == nil && outcome.certificate?.gain == nil)
        #expect(outcome.certificate?.memorization?.count == 1 && outcome.verdict?.collapsed == false)
        #expect(CertificatePage.render(try #require(outcome.report)).contains("Novelty and performance"))
    }

    @Test("networks with numbers that are not finite are left out, counted and never right; all of them too")
    func notFinite() throws {
        for (name, broken) in [("some", [1, 3]), ("all", [0, 1, 2, 3])] {
            var text: [Float] = Self.others.weights
            for row in broken { text[row * Self.others.layout.count + 5] = .nan }
            try writeMatrix(text, rows: 4, to: "\(name).npy")
        }
        let outcome = try evaluate("some.npy")
        let row = try #require(outcome.rows.first { $0.population == .generated })
        #expect(row.count == 4 && outcome.doubt?.contains("2 of 4 networks hold numbers that are not finite") == true)
        #expect(outcome.certificate?.memorization?.count == 2 && outcome.certificate?.profiles[0].count == 4)
        let error = try requireDataError { _ = try evaluate("all.npy") }
        #expect(error.found == "4, none of them finite")
    }

    /// Writes an array [rows, width] of NumPy's format.
    private func writeMatrix(_ values: [Float], rows: Int, to name: String) throws {
        var head = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(values.count / rows)), }"
        while (head.utf8.count + 11) % 64 != 0 { head += " " }
        head += "\n"
        let size = UInt16(head.utf8.count)
        var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(size & 255), UInt8(size >> 8)] + Array(head.utf8))
        values.withUnsafeBytes { data.append(contentsOf: $0) }
        try data.write(to: scratch.file(name))
    }

    @Test("other architectures, other widths, empty folders and files that are none are refused with their place")
    func refusals() throws {
        let wide = Architecture.mlp(MLP.Config(widths: [64, 7, 10]))
        let weights = Initialization.pytorch.population(wide.layout, seeds: [1, 2]).floats
        try ZooWriter.write(
            Zoo(header: ZooHeader(architecture: wide), weights: weights), to: scratch.file("wide.h5").path)
        let layout = try requireDataError { _ = try evaluate("wide.h5") }
        #expect(layout.found.contains("535 weights") && layout.expected.contains("460 weights"))
        try export("wide.h5", .safetensors, to: "wide")
        let imported = try requireDataError { _ = try evaluate("wide") }
        #expect(imported.kind == .malformed && imported.path.contains("wide"), "\(imported)")
        try FileManager.default.createDirectory(at: scratch.file("empty"), withIntermediateDirectories: true)
        #expect(try requireDataError { _ = try evaluate("empty") }.path.hasSuffix("empty"))
        #expect(try requireDataError { _ = try evaluate("absent") }.kind == .missing)
        try scratch.put("note.txt", "no networks")
        #expect(try requireDataError { _ = try evaluate("note.txt") }.kind == .malformed)
        try FileManager.default.createDirectory(at: scratch.file("zoos"), withIntermediateDirectories: true)
        #expect(try requireDataError { _ = try evaluate("others.h5", zoo: "zoos") }.path.hasSuffix("zoos"))
    }

    @Test("a zoo without fresh networks is refused with what to do")
    func noFresh() throws {
        try ZooWriter.write(
            Small.zoo(5, split: [0, 0, 0, 0, 0], dataset: Small.digits(Self.split)), to: scratch.file("bare.h5").path)
        let error = try requireDataError { _ = try evaluate("others.h5", zoo: "bare.h5") }
        #expect(error.expected.contains("2 fresh networks") && error.hint.contains("zoo split"))
    }

    @Test("a page needs a zoo, and replaces nothing that is read")
    func page() throws {
        let alone = EvaluateOperation(
            path: scratch.file("others.h5").path, dataset: nil, zoo: nil, catalog: Small.catalog)
        let error = try requireDataError { try alone.check(page: scratch.file("page.html"), replacing: false) }
        #expect(error.path == "--report" && error.hint.contains("--zoo"))
        let operation = EvaluateOperation(
            path: scratch.file("others.h5").path, dataset: nil, zoo: scratch.file("zoo.h5").path, catalog: Small.catalog
        )
        let refused = try requireDataError { try operation.check(page: scratch.file("zoo.h5"), replacing: true) }
        #expect(refused.path == "--report" && refused.description.contains("would replace"))
        try operation.check(page: scratch.file("page.html"), replacing: false)
        try operation.execute().write(scratch.file("page.html"))
        let text = try scratch.text("page.html")
        #expect(text.contains("others.h5") && text.contains("Novelty and performance"))
    }

    @Test(
        "after a finish every population but the zoo is judged again; options that need a zoo are refused without one")
    func finish() throws {
        var operation = EvaluateOperation(
            path: scratch.file("others.h5").path, dataset: nil, zoo: scratch.file("zoo.h5").path, catalog: Small.catalog
        )
        operation.finish = "logits"
        try operation.check(page: nil, replacing: false)
        let rows = try operation.execute().rows
        #expect(rows.allSatisfy { ($0.finished == nil) == ($0.population == .zoo) })
        #expect(rows.allSatisfy { $0.finished.map { $0.finish == "logits" } ?? true })
        operation.finish = "logit"
        let name = try requireDataError { try operation.check(page: nil, replacing: false) }
        #expect(name.path == "--finish" && name.hint.contains("logits"), "\(name)")
        var alone = EvaluateOperation(
            path: scratch.file("others.h5").path, dataset: nil, zoo: nil, catalog: Small.catalog)
        alone.finish = "logits"
        #expect(try requireDataError { try alone.check(page: nil, replacing: false) }.path == "--finish")
        (alone.finish, alone.bars) = (nil, [0.5])
        #expect(try requireDataError { try alone.check(page: nil, replacing: false) }.path == "--bar")
    }
}
