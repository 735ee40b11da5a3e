import Testing

@testable import Reports

@Suite("The page of a judged sample")
struct ShiftPageTests {
    private func picture(_ null: [Double], statistic: Double = 3) -> ShiftPicture {
        ShiftPicture(
            name: "new <rows>.csv", word: "Harmful", sentence: "Harmful: & so on.", light: .red, reasons: ["why"],
            statistic: statistic, null: null, method: "energy")
    }

    @Test("It has the sentence, the statistic against its null, tables, advice and notes, all escaped")
    func parts() {
        var shown = picture([0, 1, 2, 2])
        shown.tables = [.init(title: "Columns", help: "h", columns: ["a", "b"], rows: [["x<y", "1"]])]
        (shown.advice, shown.notes) = (["do <this>"], ["a note"])
        let page = ShiftPage(shown).html()
        for text in [
            "new &lt;rows&gt;.csv", "Harmful: &amp; so on.", "<svg", "4 samples", "x&lt;y", "do &lt;this&gt;", "a note",
            "verdict red",
        ] {
            #expect(page.contains(text), "\(text)")
        }
        #expect(!page.contains("<script") && ShiftPage(shown).html() == page)
    }

    @Test("Without numbers there is no picture, and nothing breaks", arguments: [[], [Double.nan], [.infinity, .nan]])
    func degenerate(_ null: [Double]) {
        let page = ShiftPage(picture(null, statistic: .nan)).html()
        #expect(!page.contains("<path") && page.contains("not available"))
    }

    @Test("Equal numbers have a picture", arguments: [[1.0], [1, 1, 1]])
    func equal(_ null: [Double]) {
        #expect(ShiftPage(picture(null, statistic: 1)).html().contains("<svg"))
    }
}
