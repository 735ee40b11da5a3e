import ReportTestSupport
import Testing

@testable import Reports

@Suite("The picture of a population, from plain data")
struct PopulationPictureTests {
    private static func picture() -> PopulationPicture {
        var picture = PopulationPicture(name: "zoo <1>", count: 1200, parameters: 3, dataset: "digits")
        picture.accuracies = [
            .init(name: "test accuracy", measured: .test, values: [0.5, 0.75]),
            .init(name: "training accuracy", measured: .training, values: [1, 1]),
            .init(name: "odd accuracy", measured: nil, values: [0.25]),
        ]
        picture.bySplit = .init(name: "test accuracy", training: [0.5, 0.6], validation: [], fresh: [0.7])
        picture.slots = [
            .init(
                name: "w", shape: [2, 1], mean: 0.5, deviation: 1, minimum: -3, maximum: 2,
                magnitudes: [
                    0.1, 0.2,
                    0.3, 0.4, 0.5,
                ]),
            .init(name: "b", shape: [1], mean: nil, deviation: nil, minimum: nil, maximum: nil, magnitudes: nil),
        ]
        picture.columns = [
            .init(name: "lr", kind: "real", missing: 1, minimum: 1e-5, mean: 0.001, maximum: 0.1),
            .init(name: "note", kind: "text", missing: 1200, minimum: nil, mean: nil, maximum: nil),
        ]
        picture.facts = [.init("format", "<h5>")]
        return picture
    }

    @Test("The page says what there is, row by row, and escapes it")
    func page() {
        let page = PopulationReport(Self.picture()).html()
        #expect(page.contains("A population of 1,200 networks with 3 weights each, trained on digits."))
        #expect(
            page.contains("<title>zoo &lt;1&gt;</title>") && page.contains("<dd>&lt;h5&gt;</dd>")
                && !page.contains("<h5>"))
        func row(_ cells: [String]) -> String {
            "<th scope=\"row\">\(cells[0])</th>" + cells.dropFirst().map { "<td>\($0)</td>" }.joined() + "</tr>"
        }
        #expect(page.contains(row(["w", "2 × 1", "0.5", "1", "0.1", "0.2", "0.3", "0.4", "0.5", "−3", "2"])))
        #expect(page.contains(row(["b", "1"] + Array(repeating: "–", count: 9))))
        #expect(page.contains(row(["lr", "real", "1", "10⁻⁵", "0.001", "0.1"])))
        #expect(page.contains(row(["note", "text", "1,200", "–", "–", "–"])))
        for drawn in ReportFixture.pictures(page) { #expect(ReportFixture.isWellFormed(drawn)) }
        #expect(ReportFixture.pictures(page).count == 3 * Room.allCases.count)
    }

    @Test("A population without anything says so in every place")
    func bare() {
        let page = PopulationReport(PopulationPicture(name: "z", count: 0, parameters: 0)).html()
        #expect(page.contains("A population of 0 networks with 0 weights each."))
        #expect(page.components(separatedBy: "not available").count - 1 == 5 && ReportFixture.pictures(page).isEmpty)
        #expect(!page.contains("split by split"))
    }

    @Test("Accuracies keep their order and have the look of the rows they were measured on")
    func accuracies() throws {
        let drawn = try #require(PopulationCharts(picture: Self.picture()).accuracies())
        let names = drawn.matches(of: /class="label (s-\w+)"[^>]*>([^<]*)</).map { "\($0.1) \($0.2)" }
        #expect(names == ["s-generated test accuracy", "s-zoo training accuracy", "s-other odd accuracy"])
        #expect(drawn.contains(">62.50 ± 17.68 %<") && drawn.contains(">25.00 %<"))
    }

    @Test("Splits are compared where there are two; empty ones are left out")
    func splits() throws {
        var picture = Self.picture()
        let both = try #require(PopulationCharts(picture: picture).bySplit())
        let drawn = try #require(both.picture(.page))
        #expect(
            both.title == "Test accuracy" && drawn.contains(">training networks<")
                && drawn.contains(">fresh networks<"))
        #expect(!drawn.contains("validation networks"))
        picture.bySplit?.fresh = []
        #expect(PopulationCharts(picture: picture).bySplit() == nil)
        picture.bySplit = nil
        #expect(PopulationCharts(picture: picture).bySplit() == nil)
    }

    @Test("The largest weight is the one of greatest magnitude, and slots without numbers keep their row")
    func slots() throws {
        let rows = [
            SlotChart.Row(name: "a", quantiles: [0.001, 0.01, 0.1, 1, 10], largest: 100, note: "n"),
            SlotChart.Row(name: "bare", quantiles: [], largest: 0, note: ""),
            SlotChart.Row(name: "zeros", quantiles: [0, 0, 0, 0, 0.01], largest: 0.01, note: ""),
        ]
        let chart = SlotChart(rows: rows)
        let picture = try #require(chart.picture()), left = chart.frame.x
        #expect(picture.contains(">bare</text>") && picture.components(separatedBy: "whisker").count - 1 == 2)
        #expect(picture.contains("viewBox=\"0 0 1080 128\""), "three rows of 24")
        let whiskers = picture.matches(of: /whisker s-zoo" x1="([0-9.]+)" y1="[0-9.]+" x2="([0-9.]+)"/)
        let ends = whiskers.compactMap { Double($0.1) }
        #expect(ends.count == 2 && abs(ends[1] - left) < 0.1, "a zero stands at the left edge")
        #expect(ends[0] > left && ends[0] < left + 30)
        #expect(SlotChart(rows: [rows[1]]).picture() == nil)
    }
}
