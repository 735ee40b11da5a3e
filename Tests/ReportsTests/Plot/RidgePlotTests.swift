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
        return RidgePlot(ridges: ridges, axis: Axis(title: "x", range: 0...1), rowHeight: 44, bins: bins)
    }

    @Test("A bar for each bin with values, as high as its share of the tallest, at its place")
    func heights() throws {
        let plot = Self.plot([[0.1, 0.1, 0.1, 0.1, 0.6, 0.6], [0.9]])
        let picture = plot.picture(summary: ""), bin = plot.frame.width / 4
        let rows = Self.bars(picture)
        #expect(rows.count == 2)
        let places = { (bins: [Double]) in bins.compactMap { Double(SVG.number(plot.frame.x + $0 * bin)) } }
        #expect(rows[0].map(\.left) == places([0, 2]) && rows[0].map(\.height) == [30, 15])
        #expect(rows[1].map(\.left) == places([3]) && rows[1].map(\.height) == [30])
        #expect(picture.contains("viewBox=\"0 0 1080 144\""), "two rows of 44, 8 above and 48 below")
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
        let frame = Self.plot([[0]]).frame
        let at = { SVG.number(frame.x + $0 * frame.width) }
        #expect(lines([0.25, 0.75, .nan]) == [at(0.5)])
        #expect(lines([0, 0.5]) == [at(0.25)] && lines([5, 7]) == [at(1)])
        #expect(lines([]).isEmpty && lines([.nan, .infinity]).isEmpty)
    }

    @Test("A row of nothing finite says that it is not available, the others are drawn")
    func nothing() {
        let picture = Self.plot([[.nan, -.infinity], [0.5], []]).picture(summary: "")
        #expect(picture.components(separatedBy: "not available").count == 3 && Self.bars(picture).count == 1)
        #expect(Self.plot([]).picture(summary: "").contains("viewBox=\"0 0 1080 100\""), "room for one row at least")
    }

    @Test("Names have the room they need, up to a third of the picture; longer ones lose their end")
    func names() throws {
        for name in ["short", "generated → zoo by a way", String(repeating: "w", count: 60), "漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢"] {
            let plot = Self.plot([[0.5]], name: name)
            let shown = try #require(plot.picture(summary: "").firstMatch(of: /class="label s-zoo"[^>]*>([^<]*)</)).1
            let width = TextWidth.of(String(shown), size: 12)
            #expect(width <= plot.frame.x - 12 && plot.frame.x <= 360)
            #expect(shown == name || shown.hasSuffix("…") && name.hasPrefix(shown.dropLast()) && width > 300)
        }
    }

    @Test("On a telephone's width name and note stand above the bars, which have the whole width")
    func phone() throws {
        var plot = Self.plot([[0.5], [0.25]], name: "average of 64 aligned, repaired")
        plot.room = .phone
        let picture = plot.picture(summary: "")
        let texts = picture.matches(of: /<text class="(?:label s-zoo|tick)" x="([0-9.]+)" y="([0-9.]+)"[^>]*>([^<]*)</)
        let name = try #require(texts.first { $0.3.hasPrefix("average") })
        #expect(name.3 == "average of 64 aligned, repaired" && Double(name.1) == plot.frame.x)
        #expect(plot.frame.x == 18 && plot.frame.right == 316)
        #expect(picture.contains("viewBox=\"0 0 334 180\""), "two rows of 44 and 18")
        #expect(Self.bars(picture).count == 2)
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
