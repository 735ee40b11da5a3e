import Evaluation
import ReportTestSupport
import Testing

@testable import Reports

@Suite("Ridge plots")
struct RidgePlotTests {
    /// The bars of each row as (left edge, height).
    private static func bars(_ picture: String) -> [[(left: Double, height: Double)]] {
        picture.matches(of: /class="bars [^"]*" d="([^"]*)"/).map { row in
            row.1.matches(of: /M([0-9.]+) [0-9.]+v-([0-9.]+)h/).compactMap { bar in
                guard let left = Double(bar.1), let height = Double(bar.2) else { return nil }
                return (left, height)
            }
        }
    }

    private static func plot(_ values: [[Double]], name: String = "row", bins: Int = 4) -> RidgePlot {
        let ridges = values.map { RidgePlot.Ridge(name: name, style: SeriesStyle(.zoo), values: $0, note: "<n>") }
        return RidgePlot(ridges: ridges, axis: Axis(title: "x", range: 0...1), width: 700, rowHeight: 44, bins: bins)
    }

    @Test("A bar for each bin with values, as high as its share of the tallest, at its place")
    func heights() throws {
        let picture = Self.plot([[0.1, 0.1, 0.1, 0.1, 0.6, 0.6], [0.9]]).picture(summary: "")
        let rows = Self.bars(picture)
        #expect(rows.count == 2)
        // The frame is 170 to 570: a bin is 100 wide; the tallest bar is 30 high.
        #expect(rows[0].map(\.left) == [170, 370] && rows[0].map(\.height) == [30, 15])
        #expect(rows[1].map(\.left) == [470] && rows[1].map(\.height) == [30])
        #expect(picture.contains("viewBox=\"0 0 700 144\""), "two rows of 44, 8 above and 48 below")
        #expect(ReportFixture.isWellFormed(picture) && picture.components(separatedBy: "&lt;n&gt;").count == 3)
    }

    @Test("The least bar stays visible beside a tall one")
    func least() {
        let values = Array(repeating: 0.1, count: 10_000) + [0.9]
        #expect(Self.bars(Self.plot([values]).picture(summary: ""))[0].map(\.height) == [30, 1.5])
    }

    @Test("The line stands at the mean of the finite values, also where that is beyond the axis")
    func means() {
        func lines(_ values: [Double]) -> [String] {
            Self.plot([values]).picture(summary: "").matches(of: /class="mean" x1="([0-9.]+)"/).map { String($0.1) }
        }
        #expect(lines([0.25, 0.75, .nan]) == ["370"])
        #expect(lines([0, 0.5]) == ["270"] && lines([5, 7]) == ["570"])
        #expect(lines([]).isEmpty && lines([.nan, .infinity]).isEmpty)
    }

    @Test("A row of nothing finite says that it is not available, the others are drawn")
    func nothing() {
        let picture = Self.plot([[.nan, -.infinity], [0.5], []]).picture(summary: "")
        #expect(picture.components(separatedBy: "not available").count == 3 && Self.bars(picture).count == 1)
        #expect(Self.plot([]).picture(summary: "").contains("viewBox=\"0 0 700 100\""), "room for one row at least")
    }

    @Test("Names are cut to the room they have, letter by letter, four at least")
    func names() throws {
        for name in ["short", "wwwwwwwwwwwwwwwwwwww", "generated → zoo by a way", "漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢"] {
            let picture = Self.plot([[0.5]], name: name).picture(summary: "")
            let shown = try #require(picture.firstMatch(of: /class="label s-zoo"[^>]*>([^<]*)</)).1
            #expect(TextWidth.of(String(shown), size: 12) <= 154)
            #expect(shown == name || shown.hasSuffix("…") && name.hasPrefix(shown.dropLast()))
            #expect((shown == name) == (TextWidth.of(name, size: 12) <= 154))
        }
    }

    @Test("The bars do not depend on the order of the values, and twice as many of each change nothing")
    func invariance() {
        let values = (0..<200).map { 0.5 + 0.5 * ReportFixture.wave($0, 0.3) }
        let picture = Self.bars(Self.plot([values], bins: 30).picture(summary: ""))[0]
        for other in [values.reversed(), values + values] {
            let again = Self.bars(Self.plot([Array(other)], bins: 30).picture(summary: ""))[0]
            #expect(again.map(\.left) == picture.map(\.left) && again.map(\.height) == picture.map(\.height))
        }
        #expect(picture.map(\.height).max() == 30)
    }
}
