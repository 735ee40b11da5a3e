import Foundation
import Testing

@testable import Reports

@Suite("The report of a study of shift detection")
struct ShiftStudyReportTests {
    private typealias Report = ShiftStudyReport

    private static func row(
        _ name: String, _ cells: [(place: String, size: Int, found: Int, samples: Int)]
    ) -> Report.Row {
        Report.Row(
            name: name,
            cells: cells.map {
                Report.Cell(place: $0.place, size: $0.size, found: $0.found, samples: $0.samples)
            },
            seconds: 0.25)
    }

    private static func report(places: [String] = ["<va>", "null"], harmful: [Report.Row]? = nil)
        -> Report
    {
        let decision = row(
            "decision: energy",
            [(places[0], 10, 1, 4), (places[0], 20, 3, 4), ("null", 10, 0, 4), ("null", 20, 0, 0)])
        return Report(
            name: "hospitals & co", question: "is it <harmful>?", places: places, sizes: [10, 20],
            alpha: 0.05,
            margin: 0.1, metric: "balanced accuracy", decision: "energy, then logistic", splits: 4,
            different: [decision, row("detectron", [("null", 10, 0, 0), ("null", 20, 0, 0)])],
            harmful: harmful ?? [decision],
            estimates: places.map {
                Report.Estimate(
                    place: $0, size: 10, truth: $0 == "null" ? 0 : 0.1234, estimated: -0.02, deviation: 0.05,
                    coverage: 0.75)
            }, fitSeconds: 1.5, seconds: 75)
    }

    @Test("Shares stand side by side by size; a place that nobody was asked about has one dash")
    func shares() {
        let report = Self.report()
        #expect(report.shares(report.different[0], "<va>") == "25/75")
        #expect(report.shares(report.different[0], "null") == "0/-")
        #expect(
            report.shares(report.different[1], "null") == "-"
                && report.shares(report.different[1], "<va>") == "-")
        #expect(Report.Cell(place: "a", size: 1, found: 0, samples: 0).share == nil)
        #expect(Report.Cell(place: "a", size: 1, found: 1, samples: 8).share == 0.125)
    }

    @Test("Estimates are points of per cent, with a true minus")
    func estimates() {
        let cells = Report.cells(Self.report().estimates[0])
        #expect(cells == ["<va>", "10", "12.3", "−2.0", "5.0", "75"])
    }

    @Test("A terminal has three tables with what was decided beforehand")
    func text() {
        let text = Self.report().text()
        #expect(text.hasPrefix("Different, % of samples of 10/20 rows:\n"))
        #expect(
            text.contains("\nHarmful (energy, then logistic; margin 0.1 of balanced accuracy), %:\n"))
        #expect(
            text.contains("\nThe fall of balanced accuracy, in points:\n") && text.contains("25/75"))
        #expect(text.hasSuffix("\n") && text == Self.report().text())
    }

    @Test("The page escapes names and settings, and shows the picture of what is called harmful")
    func page() {
        let page = Self.report().html(configuration: "key: <value> & more")
        for text in [
            "hospitals &amp; co", "is it &lt;harmful&gt;?", "&lt;va&gt;", "key: &lt;value&gt; &amp; more",
            "10 / 20 rows",
            "Is what harms found?", "75 s", "<svg", "energy, then logistic",
        ] {
            #expect(page.contains(text), "\(text)")
        }
        #expect(!page.contains("<va>") && !page.contains("<value>"))
        #expect(page == Self.report().html(configuration: "key: <value> & more"))
    }

    @Test("Many places stand below each other, few side by side; seconds are last")
    func grids() {
        let few = Self.report()
        let side = few.grid(few.different, method: "m", place: "p", seconds: "s")
        #expect(
            side.head == ["m", "<va>", "null", "s"] && side.lines[0] == ["decision: energy", "25/75", "0/-", "0.25"])
        let many = Self.report(places: (0..<8).map { "place \($0)" } + ["null"])
        let tall = many.grid(many.different, method: "m", place: "p", seconds: "s")
        #expect(tall.head == ["p", "decision: energy", "detectron"] && tall.lines.count == 10)
        #expect(tall.lines[0] == ["place 0", "25/75", "-"] && tall.lines[8] == ["null", "0/-", "-"])
        #expect(tall.lines[9] == ["s", "0.25", "0.25"])
        #expect(many.grid([], method: "m", place: "p", seconds: "s").lines.isEmpty)
        #expect(many.text().contains("place 7") && many.html(configuration: "").contains("Seconds a sample"))
    }

    @Test("A shift that grows has a picture of its own, and its steps no names in the other")
    func severities() {
        var report = Self.report(places: ["blur 0.1", "blur 1", "null"])
        #expect(!report.html(configuration: "").contains("By how much is it damaged?"))
        let before = report.fallPicture()
        report.severities = [
            .init(place: "blur 0.1", line: "blur", amount: 0.1), .init(place: "blur 1", line: "blur", amount: 1),
        ]
        let page = report.html(configuration: "")
        #expect(page.contains("By how much is it damaged?") && page.contains("samples of 20 rows called harmful"))
        #expect(page.components(separatedBy: "<svg xmlns").count == 1 + 3 * Room.allCases.count)
        #expect(page.contains("blur 0.1: 75.0 %") && page.contains("blur 1: 12.3 %"))
        #expect(before.contains(">blur 0.1</text>") && !report.fallPicture().contains(">blur 0.1</text>"))
        #expect(report.fallPicture().contains(">null</text>") == before.contains(">null</text>"))
    }

    @Test("Streams that turn stand in a table of their own, a dash where too few were found")
    func streams() {
        var report = Self.report()
        #expect(!report.text().contains("Streams that turn") && !report.html(configuration: "").contains("Streams"))
        report.batch = 10
        report.streams = [
            .init(place: "<va>", streams: 10, early: 0, rows: 200, delays: [40, 20, 10, 30, 60, 50]),
            .init(place: "none", streams: 2, early: 2, rows: 200, delays: []),
        ]
        #expect(
            report.streamsGrid().lines == [
                ["<va>", "10", "0", "6", "50", "–", "200"], ["none", "2", "2", "0", "–", "–", "200"],
            ])
        #expect(report.text().contains("Streams that turn. Batches of 10 rows come from the reference"))
        let page = report.html(configuration: "")
        #expect(page.contains("Streams that turn") && page.contains("in 5&#160;% of streams") && !page.contains("<va>"))
    }

    @Test("Figures that were kept without severities are read")
    func withoutSeverities() throws {
        var report = Self.report()
        let data = try JSONEncoder().encode(report)
        #expect(!String(decoding: data, as: UTF8.self).contains("severities"))
        #expect(try JSONDecoder().decode(Report.self, from: data) == report)
        report.severities = [.init(place: "a", line: "b", amount: 0.5)]
        #expect(try JSONDecoder().decode(Report.self, from: JSONEncoder().encode(report)) == report)
    }

    @Test("Without a decision, or with one mark, there is no picture")
    func withoutPicture() {
        let single = Self.row(
            "decision: energy", [("null", 10, 1, 4), ("nowhere", 10, 2, 4), ("null", 20, 0, 0)])
        for harmful in [[], [single]] {
            let page = Self.report(harmful: harmful).html(configuration: "")
            #expect(!page.contains("Is what harms found?") && page.contains("The study"))
        }
    }

    @Test("Figures come back from JSON as they were")
    func coding() throws {
        let report = Self.report()
        #expect(try JSONDecoder().decode(Report.self, from: JSONEncoder().encode(report)) == report)
    }
}

@Suite("The banner of a judged sample")
struct ShiftBannerTests {
    private static func page(_ light: ShiftPicture.Light) -> String {
        ShiftPage(ShiftPicture(name: "q.csv", word: "Word", sentence: "A sentence.", light: light))
            .html()
    }

    @Test(
        "Each light has a sign besides its colour",
        arguments: zip(ShiftPicture.Light.allCases, ["✓", "≈", "✕"]))
    func lights(_ light: ShiftPicture.Light, _ sign: String) {
        let page = Self.page(light)
        #expect(
            page.contains("verdict \(light.rawValue)")
                && page.contains("aria-hidden=\"true\">\(sign)</span>Word"))
    }

    @Test("Lists without lines leave no heading")
    func empty() {
        let page = Self.page(.green)
        for text in ["What to do next", "How the files were read", "<li>"] {
            #expect(!page.contains(text), "\(text)")
        }
        var picture = ShiftPicture(
            name: "q.csv", word: "W", sentence: "S.", light: .red, reasons: ["one", "two"])
        picture.advice = ["first"]
        let full = ShiftPage(picture).html()
        #expect(full.contains("<ul><li>one</li><li>two</li></ul>") && full.contains("What to do next"))
    }
}
