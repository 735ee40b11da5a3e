import Evaluation
import EvaluationTestSupport
import ReportTestSupport
import Testing

@testable import Reports

@Suite("The overview of arms")
struct ArmsSectionTests {
    private static func input(_ arms: [ReportInput.Arm], rows: [EvaluationRow] = []) -> ReportInput {
        var input = ReportInput(title: "t", summary: Summary(rows: rows, verdict: .init(judging: rows, chance: 0.1)))
        input.arms = arms
        return input
    }

    /// The texts of the cells of each row of the last table.
    private static func cells(_ page: String) -> [[String]] {
        page.matches(of: /<tr>(.*?)<\/tr>/).map { row in
            row.1.matches(of: /<t[hd][^>]*>(.*?)<\/t[hd]>/).map { String($0.1.replacing(/<[^>]*>/, with: "")) }
        }
    }

    @Test("One row an arm: its factors, seeds and means over them")
    func rows() throws {
        let rows = [(UInt64(1), 0.5), (2, 0.7)].flatMap { seed, accuracy in
            [("zoo", 0.9, 1.0), ("generated", accuracy, accuracy)].map { kind, accuracy, ratio in
                var row = TestRows.row(kind, accuracy, at: ratio, rms: 2)
                (row.arm, row.seed) = ("a", seed)
                return row
            }
        }
        let arms = [
            ReportInput.Arm(name: "a", factors: [.init("h", "8"), .init("<k>", "x&y")]),
            ReportInput.Arm(name: "b", factors: [.init("h", "16")]),
        ]
        let page = ArmsSection(input: Self.input(arms, rows: rows)).html()
        #expect(
            Self.cells(page) == [
                [
                    "Arm", "h", "&lt;k&gt;", "Seeds", "Zoo accuracy,&#160;%", "Generated accuracy,&#160;%",
                    "Distance ratio",
                    "Code RMS",
                    "Verdict",
                ],
                ["a", "8", "x&amp;y", "2", "90.00 ± 0.00", "60.00 ± 14.14", "0.60 ± 0.14", "2.00 ± 0.00", "–"],
                ["b", "16", "–", "0", "–", "–", "–", "–", "–"],
            ])
        #expect(page.contains("href=\"#arm-0\"") && page.contains("href=\"#arm-1\"") && !page.contains("#arm-2"))
    }

    @Test("A light for each verdict, each word once")
    func verdicts() throws {
        let good = Verdict(text: "", quality: .equal, novelty: .novel, beatsBaselines: true)
        let copies = Verdict(text: "", quality: .equal, novelty: .copies, beatsBaselines: true)
        let runs = [good, copies, good, nil].enumerated().map { seed, verdict in
            var run = ReportInput.Run(seed: UInt64(seed))
            run.verdict = verdict
            return run
        }
        let page = ArmsSection(input: Self.input([.init(name: "a", runs: runs)])).html()
        #expect(page.matches(of: /<span class="light (\w+)">/).map { String($0.1) } == ["green", "amber", "green"])
        #expect(Self.cells(page).last?.last?.hasSuffix("Good and new, Copies") == true)
    }

    @Test("Without numbers the picture is not available, and without arms the table too")
    func nothing() {
        let page = ArmsSection(input: Self.input([.init(name: "<b>")])).html()
        #expect(page.components(separatedBy: "not available").count == 2 && page.contains("&lt;b&gt;"))
        #expect(!page.contains("Accuracy by"))
        #expect(ArmsSection(input: Self.input([])).html().components(separatedBy: "not available").count == 3)
    }

    @Test("A legend names each look once")
    func legend() {
        let page = ArmsSection(input: ReportFixture.many()).html()
        for name in ["zoo", "fresh", "generated", "zoo + noise", "averages of zoo networks"] {
            #expect(page.components(separatedBy: "</svg>\(name)</span>").count == 2, "\(name)")
        }
    }

    @Test("Tables: a head, a first column of headings, escaped texts, and nothing without rows")
    func tables() {
        var table = HTMLTable(["A<", "B"])
        #expect(table.html() == nil)
        table.add(["x", "<i>"])
        table.rows.append(([.init(html: "<b>y</b>")], "best"))
        #expect(
            table.html()
                == HTMLTable.scroll("Table") + "<table><thead><tr><th scope=\"col\">A&lt;</th><th scope=\"col\">B</th>"
                + "</tr></thead><tbody><tr><th scope=\"row\">x</th><td>&lt;i&gt;</td></tr>"
                + "<tr class=\"best\"><th scope=\"row\"><b>y</b></th></tr></tbody></table></div>")
        var sentences = HTMLTable(["A", "B"], isProse: true)
        sentences.add(["x", "y"])
        #expect(sentences.html()?.contains("<td data-label=\"B\">y</td>") == true, "cards name what a cell is")
        #expect(
            HTMLTable.facts(
                "F",
                [
                    .init(
                        "n",
                        "\"v\"")
                ]
            ).contains("<dl><div><dt>n</dt><dd>&quot;v&quot;</dd></div></dl>"))
        #expect(HTMLTable.facts("F", []) == Card.absent("F"))
    }

    @Test("A factor that is the same for all arms is left out; words may be folded")
    func factors() {
        let arms = [
            ReportInput.Arm(name: "a", factors: [.init("net", "one net"), .init("process", "flow")]),
            ReportInput.Arm(name: "b", factors: [.init("net", "another"), .init("process", "flow")]),
        ]
        let page = ArmsSection(input: Self.input(arms)).html()
        #expect(Self.cells(page)[0].contains("net") && !Self.cells(page)[0].contains("process"))
        #expect(page.contains("<span class=\"words\">one net</span>"))
        #expect(
            !page.contains("</span> <span class=\"words\">"),
            "a light stands with its words, or they reach beyond the cell")
        #expect(Self.cells(ArmsSection(input: Self.input([arms[0]])).html())[0].contains("process"), "of one arm all")
    }
}
