import Foundation
import Generation
import ModelZoo
import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("Operations on zoo files")
struct ZooOperationTests {
    private struct Quiet: ProgressReporter {
        func update(_ what: String, done: Int, total: Int) {}
        func note(_ text: String, isDetail: Bool) {}
    }

    private func write(_ zoo: Zoo, _ scratch: ScratchFolder) throws -> String {
        try ZooWriter.write(zoo, to: scratch.file("zoo.h5").path)
        return scratch.file("zoo.h5").path
    }

    /// Networks that differ in three weights alone: by 3, 2 and 1 times orthogonal patterns of mean 0.
    private func flatZoo(fresh: Float) -> Zoo {
        let base = Small.zoo(1).weights
        let patterns: [[Float]] = [[3, 2, 1], [3, -2, -1], [-3, 2, -1], [-3, -2, 1], [0, 0, 0]]
        let rows = patterns.enumerated().flatMap { index, pattern -> [Float] in
            var row = base
            for (place, value) in pattern.enumerated() { row[10 + place] = value }
            if index == 4 { row[20] += fresh }
            return row
        }
        var columns = ZooColumns(count: 5)
        columns["split"] = .integer([0, 0, 0, 0, 2])
        return Zoo(header: ZooHeader(architecture: .mlp(Small.config)), weights: rows, columns: columns)
    }

    @Test("principal components of known variances, and what they lose of a fresh network")
    func principal() throws {
        let scratch = try ScratchFolder()
        let path = try write(flatZoo(fresh: 2), scratch)
        let outcome = try PrincipalOperation(path: path, components: 2, maximumBytes: 1 << 16).execute(Quiet())
        #expect(outcome.networks == 4 && outcome.components == 2 && outcome.fresh == 1)
        // Variances 36/3, 16/3, 4/3 of the three patterns.
        #expect(zip(outcome.variances, [12, 16.0 / 3]).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(abs(outcome.capturedVariance - 13.0 / 14) < 1e-6 && abs(outcome.captured(1) - 9.0 / 14) < 1e-6)
        // It lies off the mean in a direction that no training network has.
        #expect(abs((outcome.freshLost ?? 0) - 1) < 1e-5)
    }

    @Test("components of networks that do not differ, or of one network, are refused")
    func noVariance() throws {
        let scratch = try ScratchFolder()
        let one = Small.zoo(1)
        let same = Zoo(header: one.header, weights: one.weights + one.weights)
        for (zoo, says) in [(same, "no variance"), (one, "1")] {
            let path = try write(zoo, scratch)
            let error = try requireDataError {
                _ = try PrincipalOperation(path: path, components: 2, maximumBytes: 1 << 20).execute(Quiet())
            }
            #expect(error.kind == .malformed && error.found.contains(says), "\(error)")
        }
    }

    @Test("rows are read in the order asked for, whether they stand together or not")
    func rows() throws {
        let scratch = try ScratchFolder()
        let zoo = Small.zoo(6)
        let reader = try ZooReader(path: write(zoo, scratch))
        let together = ZooRows(reader: reader, networks: [2, 3, 4])
        #expect(try together.rows(1..<3) == Array(zoo.row(3)) + Array(zoo.row(4)) && together.width == zoo.layout.count)
        let apart = ZooRows(reader: reader, networks: [5, 0, 3])
        #expect(try apart.rows(0..<3) == [5, 0, 3].flatMap { Array(zoo.row($0)) })
        #expect(try apart.rows(1..<1).isEmpty)
    }

    @Test("a split keeps runs together, weights and other columns as they are")
    func split() throws {
        let scratch = try ScratchFolder()
        let plain = Small.zoo(20)
        var columns = ZooColumns(count: 20)
        columns["run"] = .text((0..<20).map { "r\($0 / 2)" })
        columns["width"] = .integer((0..<20).map { Int64($0) })
        let zoo = Zoo(header: plain.header, weights: plain.weights, columns: columns)
        let path = try write(zoo, scratch)
        let out = scratch.file("split.h5")
        let outcome = try SplitOperation(
            path: path, assignment: SplitAssignment(), column: nil, out: out
        ).execute(Quiet())
        let written = try ZooReader(path: out.path).readAll()
        #expect(outcome.by == "run" && outcome.groups == 10 && outcome.splits.values.reduce(0, +) == 20)
        let codes = try #require(written.columns.numbers("split"))
        #expect((0..<10).allSatisfy { codes[2 * $0] == codes[2 * $0 + 1] })
        #expect(written.weights == zoo.weights && written.columns["width"] == columns["width"])
        let error = try requireDataError {
            let other = scratch.file("other.h5")
            _ = try SplitOperation(path: path, assignment: SplitAssignment(), column: "height", out: other).execute(
                Quiet())
        }
        #expect(error.path == "--by" && error.hint.contains("run, width"))
    }

    @Test("random networks: each has its own seed, whatever the first is, and a layout cannot be drawn")
    func random() throws {
        let scratch = try ScratchFolder()
        func drawn(_ first: Int, _ count: Int) throws -> Zoo {
            let out = scratch.file("random-\(first).h5")
            try RandomZooOperation(
                architecture: .mlp(Small.config), initialization: .pytorch, count: count, firstSeed: first, out: out
            ).execute(Quiet())
            return try ZooReader(path: out.path).readAll()
        }
        let (all, later) = (try drawn(3, 5), try drawn(5, 2))
        #expect(all.columns["seed"] == .unsigned([3, 4, 5, 6, 7]) && all.count == 5)
        #expect(all.row(2) == later.row(0) && all.row(3) == later.row(1) && all.row(0) != all.row(1))
        let layout = #"{"slots":[{"name":"w","offset":0,"shape":[2],"role":"weight"}],"buffers":[]}"#
        #expect(try requireDataError { _ = try RandomZooOperation.architecture(layout) }.path == "--architecture")
    }

    @Test("verifying writes the good networks alone, and nothing where there is none")
    func verify() throws {
        let scratch = try ScratchFolder()
        let zoo = Small.zoo(4)
        let doubled = Zoo(
            header: zoo.header, weights: [0, 1, 1, 3].flatMap { Array(zoo.row($0)) }, columns: ZooColumns(count: 4))
        let path = try write(doubled, scratch)
        let verifier = ZooVerifier(catalog: Small.catalog)
        let (found, copied) = try VerifyOperation(path: path, verifier: verifier, out: scratch.file("good.h5"))
            .execute(Quiet())
        #expect(found.bad == [2] && copied == 3)
        let good = try ZooReader(path: scratch.file("good.h5").path).readAll()
        #expect(good.weights == [0, 1, 3].flatMap { Array(zoo.row($0)) })
        var options = ZooVerifier.Options()
        options.bound = 1e-9
        let none = try VerifyOperation(
            path: path, verifier: ZooVerifier(options: options, catalog: Small.catalog), out: scratch.file("none.h5")
        ).execute(Quiet())
        #expect(none.copied == 0 && none.verification.good.isEmpty && !scratch.names.contains("none.h5"))
        #expect(try VerifyOperation(path: path, verifier: verifier, out: nil).execute(Quiet()).copied == nil)
    }

    @Test("a zoo's picture stands beside it; what is no finished run has no report")
    func report() throws {
        let scratch = try ScratchFolder()
        let path = try write(Small.zoo(3), scratch)
        let page = try ReportOperation.execute(URL(fileURLWithPath: path))
        let drawn = try scratch.text("zoo.html").contains("<svg")
        #expect(page.lastPathComponent == "zoo.html" && drawn)
        let error = try requireDataError { _ = try ReportOperation.execute(scratch.url) }
        #expect(error.kind == .missing && error.hint.contains("weightspace run"))
        let gone = try requireDataError { _ = try ReportOperation.execute(scratch.file("nowhere")) }
        #expect(gone.kind == .missing && gone.description.contains("no such folder"), "\(gone)")
        try scratch.put("begun/config.resolved.yaml", "seed: 0\n")
        let begun = try requireDataError { _ = try ReportOperation.execute(scratch.file("begun")) }
        #expect(begun.hint.contains("--resume"), "\(begun)")
        let generate = try GenerateOperation(
            run: scratch.file("begun"), count: 1, seed: 0, out: scratch.file("g.h5"), catalog: Small.catalog)
        #expect(try requireDataError { _ = try generate.execute(Quiet()) }.hint.contains("--resume"))
        try scratch.put("report.json", "{}")
        #expect(try requireDataError { _ = try ReportOperation.execute(scratch.url) }.kind == .malformed)
        let same = try requireDataError {
            _ = try ReportOperation.execute(URL(fileURLWithPath: path), out: scratch.file("zoo.h5"))
        }
        #expect(same.path == "--out")
    }
}
