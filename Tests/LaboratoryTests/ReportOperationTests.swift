import Basics
import Foundation
import Networks
import ReportTestSupport
import Testing
import TestSupport

@testable import Laboratory

/// Reports that are drawn again from what a run, or several, measured.
@Suite("Reports drawn again")
struct ReportOperationTests {
    @Test(
        "a report is the same again, in place or elsewhere, of a run and of arms",
        arguments: [
            "", "grid: {seed: [0, 1]}\n",
        ])
    func again(_ grid: String) throws {
        let small = try SmallExperiment(grid)
        try small.run(out: "run")
        let page = try small.bytes("run/report.html")
        let run = small.scratch.file("run")
        for out in [nil, run.appendingPathComponent("report.html"), small.scratch.file("other.html")] {
            #expect(try Data(contentsOf: ReportOperation.execute(run, out: out)) == page)
        }
    }

    @Test("no report is drawn over what it is drawn from")
    func overItself() throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        let (run, data) = (small.scratch.file("run"), try small.bytes("run/report.json"))
        let error = try requireDataError {
            _ = try ReportOperation.execute(run, out: run.appendingPathComponent("report.json"))
        }
        #expect(error.kind == .configuration && error.path == "--out", "\(error)")
        #expect(try small.bytes("run/report.json") == data)
    }

    @Test(
        "data that was damaged is told of in words, with what to do, and the old page stays",
        arguments: [
            ("\"title\"", "\"tilte\""), ("{", "["), ("\"weightspace-summary\"", "\"weightspace-zoo\""),
        ])
    func damaged(_ old: String, _ new: String) throws {
        let scratch = try ScratchFolder()
        let data = String(decoding: try ReportFixture.single().json(), as: UTF8.self)
        #expect(data.contains(old))
        try scratch.put("report.json", data.replacingOccurrences(of: old, with: new))
        try scratch.put("report.html", "the old page")
        let error = try requireDataError { _ = try ReportOperation.execute(scratch.url) }
        #expect(error.kind == .malformed && error.path.hasSuffix("report.json") && !error.hint.isEmpty)
        #expect(!error.description.contains("DecodingError") && !error.description.contains("CodingKeys"), "\(error)")
        #expect(try scratch.text("report.html") == "the old page")
    }

    @Test("what another version measured is not drawn, and the page that it drew stays")
    func otherVersion() throws {
        let scratch = try ScratchFolder()
        try scratch.put("report.json", #"{"title": "quickstart"}"#)
        try scratch.put("report.html", "the old page")
        let error = try #require(
            #expect(throws: DataError.self) { _ = try ReportOperation.execute(scratch.url) })
        #expect(error.found.contains("another version") && error.hint.contains("run the experiment again"), "\(error)")
        #expect(try scratch.text("report.html") == "the old page")
    }
}
