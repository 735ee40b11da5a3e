import Evaluation
import Testing

@testable import Reports

struct PlotSVGTests {
    @Test(
        "numbers are short, rounded to a tenth and never without a value",
        arguments: [
            (0, "0"), (-0.04, "0"), (1.25, "1.3"), (-2.5, "-2.5"), (100, "100"), (.nan, "0"), (.infinity, "0"),
            (1e300, "1000000"), (-1e300, "-1000000"),
        ])
    func numbers(value: Double, text: String) {
        #expect(SVG.number(value) == text)
    }

    @Test("text and attributes are escaped, control characters replaced")
    func escaping() {
        #expect(Markup.escape("<a href=\"x\">&'</a>") == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;&lt;/a&gt;")
        #expect(Markup.escape("a\u{0}b\u{1B}[31m\u{FFFE}") == "a\u{FFFD}b\u{FFFD}[31m\u{FFFD}")
        #expect(Markup.escape("äß→\n\t😀") == "äß→\n\t😀")
        let element = SVG.element("text", [("class", "\"><script>")])
        #expect(element == "<text class=\"&quot;&gt;&lt;script&gt;\"/>")
        #expect(SVG.text("<b>", at: Point(x: 1, y: 2), styleClass: "t").contains(">&lt;b&gt;</text>"))
    }

    @Test("points beyond the axes are moved to the edge, those without a place are not drawn")
    func placing() {
        var plot = Plot(
            .page, height: 100, x: Axis(title: "x", range: 0...1),
            y: Axis(title: "y", scale: .logarithmic, range: 0.1...1))
        #expect(plot.point(0, 0.1) == Point(x: plot.frame.x, y: plot.frame.bottom))
        #expect(plot.pointWithin(7, 9) == Point(x: plot.frame.right, y: plot.frame.y))
        plot.addCloud([(.nan, 0.5), (0.5, -1)], style: SeriesStyle(.zoo), radius: 3)
        plot.addDust([(.nan, 0.5)], style: SeriesStyle(.baseline(.noise(sigma: 1))))
        plot.addMarker(at: 0.5, 0, style: SeriesStyle(.zoo), radius: 3, title: "")
        plot.addWhisker(at: .nan, from: 0.1, to: 1, style: SeriesStyle(.zoo))
        plot.addLabel("text", at: .infinity, .nan, style: SeriesStyle(.zoo))
        #expect(plot.marks.isEmpty)
    }

    @Test("lines break where a number has no place")
    func broken() {
        var plot = Plot(
            .page, height: 100, x: Axis(title: "", range: 0...4), y: Axis(title: "", range: 0...1))
        plot.addLine([(0, 0), (1, 1), (2, .nan), (3, 0), (4, 1)], styleClass: "line")
        let paths = plot.marks.joined().split(separator: "<path").count
        #expect(paths == 2)
    }

    @Test("regions are cut to the frame and vanish without area")
    func regions() {
        var plot = Plot(
            .column, height: 200, x: Axis(title: "", range: 0...1), y: Axis(title: "", range: 0...1))
        #expect(plot.region(x: -5...9, y: nil) == plot.frame)
        plot.addRegion(x: 2...3, y: nil, styleClass: "zone")
        #expect(plot.marks.isEmpty)
        plot.addRegion(x: 0...0.5, y: nil, styleClass: "zone", name: "left")
        #expect(plot.marks.count == 2)
        #expect(plot.labels.taken.count == 1)
    }

    @Test("series keep their colour and differ in it")
    func series() {
        let kinds: [PopulationKind] = [
            .zoo, .fresh, .generated, .reconstructed(of: .zoo), .baseline(.noise(sigma: 0.01)),
            .baseline(.average(of: 2)), .baseline(.gaussianFull), .baseline(.nearestZoo),
        ]
        #expect(Set(kinds.map { SeriesStyle($0).colourClass }).count == kinds.count)
        #expect(SeriesStyle(kinds[4]) == SeriesStyle(.baseline(.noise(sigma: 0.3))))
        #expect(SeriesStyle(kinds[6]) == SeriesStyle(.baseline(.gaussianDiagonal)))
        for kind in kinds { #expect(ReportStyle.sheet.contains(".\(SeriesStyle(kind).colourClass)")) }
        for index in 0..<20 { #expect(ReportStyle.sheet.contains(".\(SeriesStyle(line: index).colourClass)")) }
        #expect(Set((0..<5).map { "\(SeriesStyle(arm: $0).marker)" }).count == 5)
    }

    @Test("every marker is a path around its centre")
    func markers() {
        for shape in [SeriesStyle.Marker.circle, .square, .diamond, .triangle, .cross, .plus, .star] {
            let data = Marker.path(shape, at: Point(x: 100, y: 50), radius: 4)
            #expect(data.hasPrefix("M"))
            #expect(data.hasSuffix("z") == !Marker.isOpen(shape))
        }
    }
}

@Suite("Pictures for every width")
struct RoomTests {
    private static let title = "distance to the nearest zoo network (0 = copy, 1 = as far as a fresh network)"

    private func plot(_ room: Room) -> Plot {
        Plot(room, height: 540, x: Axis(title: Self.title, range: 0...1), y: Axis(title: "y", range: 0...1))
    }

    @Test("a title that is too long for its picture is set on more lines, below each other", arguments: Room.allCases)
    func titles(_ room: Room) {
        let plot = plot(room), picture = plot.picture(summary: "")
        let lines = picture.matches(of: /class="axis-title" x="([0-9.]+)" y="([0-9.]+)"[^>]*>([^<]*)</).dropLast()
        #expect(lines.map { String($0.3) }.joined(separator: " ") == Self.title)
        #expect((lines.count > 1) == (room != .page))
        for line in lines {
            #expect(TextWidth.of(String(line.3), size: 13) <= plot.frame.width)
            #expect((Double(line.2) ?? .infinity) < plot.height)
        }
    }

    @Test("a figure is drawn for every room up to its widest, and says that nothing is there")
    func figures() {
        let wide = Card.figure("t", "see `zoo verify`") { plot($0).picture(summary: "s") }
        #expect(wide.matches(of: #/viewBox="0 0 ([0-9]+) /#).map { String($0.1) } == ["1080", "530", "334"])
        #expect(wide.contains("see <code>zoo verify</code>"))
        let half = Card.figure("t", "", widest: .column) { plot($0).picture(summary: "s") }
        #expect(half.matches(of: #/viewBox="0 0 ([0-9]+) /#).count == 2 && half.contains("widest-column"))
        let none = Card.figure("t", "", legend: "key") { _ in nil }
        #expect(none == Card.absent("t") && none.contains("t: not available"))
    }

    @Test("the labels of the upright axis stand between its title and the frame", arguments: Room.allCases)
    func uprightLabels(_ room: Room) throws {
        let x = Axis(title: "x", range: 0...1), y = Axis(title: "y", range: 0.96571...0.96602, label: .percent)
        let plot = Plot(room, height: 400, x: x, y: y)
        let picture = plot.picture(summary: "s")
        let labels = picture.matches(of: #/<text[^>]*text-anchor="end"[^>]*>([^<]*)</#).map { String($0.1) }
        #expect(labels.contains { $0.count > 6 })
        for label in labels { #expect(plot.frame.x - 8 - TextWidth.of(label, size: 12) >= 20 - 1e-9) }
        #expect(plot.frame.right <= room.width)
        let short = Plot(room, height: 400, x: x, y: Axis(title: "y", range: 0...1, label: .none))
        #expect(short.frame.x == room.margins.left)
    }

    @Test("a name is never parted from its marker")
    func named() {
        let name = Card.named(SeriesStyle(.zoo), "a <b>b</b>")
        #expect(
            name.hasPrefix("<span class=\"named\"><svg class=\"icon\"")
                && name.hasSuffix("<span>a <b>b</b></span></span>"))
    }

    @Test("words are kept whole where a line ends; a word too wide stands alone")
    func wrapped() {
        #expect(TextWidth.lines("a bb ccc", size: 10, within: 1000) == ["a bb ccc"])
        #expect(TextWidth.lines("a bb ccc", size: 10, within: 1) == ["a", "bb", "ccc"])
        #expect(TextWidth.lines("", size: 10, within: 10).isEmpty)
    }

    @Test("an odd number of backticks is text")
    func backticks() {
        #expect(Markup.prose("a `b` <c>") == "a <code>b</code> &lt;c&gt;" && Markup.prose("a ` b") == "a ` b")
    }
}
