import Evaluation
import Foundation
import ReportTestSupport
import Testing

@testable import Reports

struct ReportPageTests {
    static let inputs: [(name: String, input: ReportInput)] = [
        ("healthy", ReportFixture.single()), ("copies", ReportFixture.single(ratio: 0.02)),
        ("failed", ReportFixture.single(accuracy: 0.17)), ("many", ReportFixture.many()),
        ("broken", ReportFixture.broken()),
        ("empty", ReportInput(title: "", summary: Summary(rows: [], verdict: .init(judging: [], chance: 0.1)))),
    ]

    @Test("every picture is well-formed XML without a number that is none", arguments: inputs.indices)
    func wellFormed(index: Int) {
        let page = HTMLReport.render(Self.inputs[index].input)
        for picture in ReportFixture.pictures(page) {
            #expect(ReportFixture.isWellFormed(picture), "\(Self.inputs[index].name): \(picture.prefix(200))")
            for attribute in picture.split(separator: "\"")
            where attribute.contains("nan") || attribute.contains("inf") {
                Issue.record("not finite in \(Self.inputs[index].name): \(attribute.prefix(80))")
            }
        }
    }

    @Test("the page is complete, whole and needs nothing from outside", arguments: inputs.indices)
    func selfContained(index: Int) {
        let page = HTMLReport.render(Self.inputs[index].input)
        #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
        for forbidden in ["<script", "<img", "<link", "url(", "@import", "src=\"", "href=\"http"] {
            #expect(!page.contains(forbidden), "\(forbidden) in \(Self.inputs[index].name)")
        }
        for tag in ["section", "figure", "div", "details", "table", "svg", "main", "ul", "p", "dl", "span"] {
            let opened = page.components(separatedBy: "<\(tag)").dropFirst().filter { rest in
                rest.first == ">" || rest.first == " "
            }
            let closed = page.components(separatedBy: "</\(tag)>").count - 1
            #expect(opened.count == closed, "\(tag) in \(Self.inputs[index].name)")
        }
    }

    @Test("the same input gives the same text")
    func deterministic() {
        #expect(HTMLReport.render(ReportFixture.many()) == HTMLReport.render(ReportFixture.many()))
    }

    @Test(
        "the banner has the verdict's colour, word and sentence",
        arguments: [
            (0.961, 0.98, "green", "Good and new"), (0.961, 0.02, "amber", "Near-copies"),
            (0.961, 0.75, "amber", "Good, but between near-copies and new"),
            (0.9, 0.75, "amber", "Between near-copies and new, and worse"), (0.961, 0.001, "amber", "Copies"),
            (0.9, 0.98, "amber", "New, but worse"),
            (0.17, 0.8, "red", "Failed"),
        ])
    func banner(accuracy: Double, ratio: Double, light: String, word: String) {
        let input = ReportFixture.single(accuracy: accuracy, ratio: ratio)
        let page = HTMLReport.render(input)
        #expect(page.contains("<section class=\"verdict \(light)\""))
        #expect(input.summary.verdict.word == word)
        #expect(page.contains("</span>\(word)</h2>"))
        let sentence = Markup.escape(input.summary.verdict.text).replacing(" %", with: "&#160;%")
        #expect(page.contains("<p class=\"sentence\">\(sentence)</p>"))
    }

    @Test("the words of the rarer verdicts")
    func words() {
        var verdict = Verdict(text: "", quality: .equal, novelty: .novel, beatsBaselines: false)
        #expect(verdict.word == "A baseline does as well")
        verdict.collapsed = true
        #expect(verdict.word == "Collapsed")
        verdict.diverged = true
        #expect(verdict.word == "Diverged")
        #expect(verdict.light == .red)
    }

    @Test("three large numbers: accuracy, distance, spread")
    func largeNumbers() {
        let page = HTMLReport.render(ReportFixture.single(accuracy: 0.9, ratio: 0.25))
        let numbers = page.components(separatedBy: "<p class=\"big\">").dropFirst().map { $0.prefix(5) }
        #expect(numbers.count == 3)
        #expect(numbers[0].hasPrefix("90.0") || numbers[0].hasPrefix("89.9"))
        #expect(numbers[1].hasPrefix("0.25") || numbers[1].hasPrefix("0.26") || numbers[1].hasPrefix("0.24"))
        #expect(numbers[2] == "1.00<")
    }

    @Test("where every population was finished, the large numbers are those that the verdict compares")
    func finishedNumbers() throws {
        var input = ReportFixture.single(accuracy: 0.9, ratio: 0.25)
        for index in input.summary.rows.indices {
            let row = input.summary.rows[index]
            guard row.population == .generated || row.population == .fresh else { continue }
            let accuracy = row.population == .fresh ? 0.97 : 0.95
            input.summary.rows[index].finished = FinishedMeasures(
                finish: "logits", testAccuracy: SampleStatistics([accuracy, accuracy]), novelty: row.novelty,
                rowPasses: 1)
        }
        let page = HTMLReport.render(input)
        #expect(page.contains("after <code>logits</code></p><p class=\"big\">95.00<small>"))
        #expect(try #require(page.firstMatch(of: /fresh 97.00 % · without the finish ([0-9.]+) %/)).1.hasPrefix("9"))
        #expect(!page.contains("zoo 9"), "the zoo was not finished")
    }

    @Test("names from files cannot become markup")
    func hostile() {
        let page = HTMLReport.render(ReportFixture.broken())
        #expect(page.contains("&lt;img src=x"))
        #expect(!page.contains("<img"))
        #expect(!page.contains("\u{0}"))
    }

    @Test("a report without anything says so in every place")
    func empty() {
        let page = HTMLReport.render(Self.inputs[5].input)
        #expect(page.components(separatedBy: "not available").count > 6)
        #expect(!page.contains("Spread of the codes") && !page.contains("The frontier"))
        #expect(ReportFixture.pictures(page).isEmpty)
        #expect(page.contains("verdict red"))
    }

    @Test("twelve arms get an overview, a table with a row each, and a fold each")
    func many() {
        let page = HTMLReport.render(ReportFixture.many())
        #expect(page.contains("all arms") && page.contains("Accuracy by h"))
        for index in 0..<12 {
            #expect(page.contains("id=\"arm-\(index)\"") && page.contains("href=\"#arm-\(index)\""))
        }
        #expect(page.components(separatedBy: ">seed ").count == 25)
        #expect(page.contains("All 24 findings"))
    }

    @Test("a long run stays small")
    func size() {
        var input = ReportFixture.single()
        let long = (0..<50_000).map(Double.init)
        input.arms[0].runs[0].loss.steps = long
        input.arms[0].runs[0].loss.training = long.map { 1 / (1 + $0) }
        input.arms[0].runs[0].populations[0].points = long.map {
            NetworkPoint(accuracy: 0.9 + $0 / 1e6, distance: 1 + $0 / 1e6)
        }
        #expect(HTMLReport.render(input).utf8.count < 400_000)
    }

    @Test("paragraphs and headings of a question")
    func prose() {
        #expect(
            Prose.paragraphs("# A <b>\nb\n c\n\n\nd\r\n")
                == "<p class=\"prose\"><strong>A &lt;b&gt;</strong></p><p class=\"prose\">b c</p>"
                + "<p class=\"prose\">d</p>")
        #expect(Prose.paragraphs("").isEmpty)
    }

    @Test("the input survives its own JSON, with numbers that are not finite")
    func json() throws {
        let input = ReportFixture.single()
        #expect(try ReportInput(json: input.json()).json() == input.json())
        let broken = ReportFixture.broken()
        let again = try ReportInput(json: broken.json())
        #expect(again.arms[0].runs[0].loss.training[0].isNaN)
        #expect(again.arms[0].runs[0].loss.training[2].isNaN, "JSON has one word for all that is not finite")
        #expect(HTMLReport.render(again) == HTMLReport.render(broken))
        #expect(throws: DecodingError.self) { try ReportInput(json: Data("{}".utf8)) }
    }
}
