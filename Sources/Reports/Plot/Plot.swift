/// A chart: a frame with two axes on which marks are laid; `picture` writes it as SVG.
///
/// Marks are drawn in the order in which they are added. Numbers without a place on the axes are left out.
struct Plot {
    let room: Room
    let height: Double
    let frame: Box
    let x: Axis
    let y: Axis
    var marks: [String] = []
    var labels: LabelPlacer

    /// A title along the x axis, on more lines than one where there is no room for it.
    private let xTitle: [String]

    /// Leaves room for tick labels and titles; `height` is that of a picture on a page whose title has one line.
    init(_ room: Room, height: Double, x: Axis, y: Axis) {
        var margins = room.margins
        let own = room.height(height), upright = own - margins.top - margins.bottom
        margins.left = max(margins.left, Self.roomForLabels(of: y, height: upright))
        let width = room.width - margins.left - margins.right
        self.room = room
        self.x = x
        self.y = y
        xTitle = TextWidth.lines(x.title, size: 13, within: width)
        self.height = own + Self.lineHeight * Double(max(0, xTitle.count - 1))
        frame = Box(x: margins.left, y: margins.top, width: width, height: upright)
        labels = LabelPlacer(frame: frame, farthest: room.labelReach)
    }

    private static let lineHeight = 16.0

    /// What the labels of an upright axis need between its title and the frame.
    private static func roomForLabels(of axis: Axis, height: Double) -> Double {
        let widths = upright(axis, height).map { TextWidth.of($0.label, size: 12) }
        return (widths.max() ?? 0) + 28
    }

    private static func upright(_ axis: Axis, _ height: Double) -> [(value: Double, label: String)] {
        axis.ticks(gap: min(0.5, 24 / height))
    }

    /// The room around the frame.
    struct Margins {
        var top = 14.0
        var right = 16.0
        var bottom = 48.0
        var left = 66.0
    }

    /// Where a pair of numbers lies in the picture; not finite where it has no place.
    func point(_ a: Double, _ b: Double) -> Point {
        Point(x: frame.x + x.place(a) * frame.width, y: frame.bottom - y.place(b) * frame.height)
    }

    /// As `point`, with numbers beyond the axes moved to the edge.
    func pointWithin(_ a: Double, _ b: Double) -> Point {
        let place = point(a, b)
        return Point(
            x: min(max(place.x, frame.x), frame.right), y: min(max(place.y, frame.y), frame.bottom))
    }

    /// The part of the frame between two numbers on each axis; nil for a whole axis.
    func region(x across: ClosedRange<Double>?, y upward: ClosedRange<Double>?) -> Box {
        let low = pointWithin(
            across?.lowerBound ?? x.range.lowerBound, upward?.lowerBound ?? y.range.lowerBound)
        let high = pointWithin(
            across?.upperBound ?? x.range.upperBound, upward?.upperBound ?? y.range.upperBound)
        return Box(x: low.x, y: high.y, width: high.x - low.x, height: low.y - high.y)
    }

    /// The finished picture: grid, marks, axes, labels.
    func picture(summary: String) -> String {
        let parts = [grid(), marks.joined(), border(), titles()]
        return SVG.picture(width: room.width, height: height, summary: summary, content: parts.joined())
    }

    private func border() -> String {
        SVG.rectangle(frame, styleClass: "frame")
    }

    private func grid() -> String {
        var lines = ""
        for tick in x.ticks(gap: min(0.5, 58 / frame.width)) {
            let place = point(tick.value, y.range.lowerBound).x
            lines += SVG.line(
                from: Point(x: place, y: frame.y), to: Point(x: place, y: frame.bottom), styleClass: "grid")
            lines += SVG.text(
                tick.label, at: Point(x: room.middle(of: tick.label, at: place), y: frame.bottom + 17),
                styleClass: "tick",
                anchor: "middle")
        }
        for tick in Self.upright(y, frame.height) {
            let place = point(x.range.lowerBound, tick.value).y
            lines += SVG.line(
                from: Point(x: frame.x, y: place), to: Point(x: frame.right, y: place), styleClass: "grid")
            lines += SVG.text(
                tick.label, at: Point(x: frame.x - 8, y: place + 4), styleClass: "tick", anchor: "end")
        }
        return lines
    }

    private func titles() -> String {
        let side = Point(x: 14, y: frame.y + frame.height / 2)
        let below = xTitle.enumerated().map { index, line in
            let y = frame.bottom + 38 + Self.lineHeight * Double(index)
            return SVG.text(
                line, at: Point(x: frame.x + frame.width / 2, y: y), styleClass: "axis-title", anchor: "middle")
        }
        return below.joined()
            + SVG.text(y.title, at: side, styleClass: "axis-title", anchor: "middle", turned: true)
    }
}

extension Plot {
    /// Draws single networks of one series, small and see-through; many are thinned evenly.
    ///
    /// Rings leave their inside free, so that other marks show within.
    mutating func addCloud(
        _ points: [(x: Double, y: Double)], style: SeriesStyle, radius: Double, rings: Bool = false
    ) {
        let places = Subsample.evenly(points, most: room.mostPoints.cloud).map { pointWithin($0.x, $0.y) }
            .filter(\.isFinite)
        let drawn = places.map { Marker.path(style.marker, at: $0, radius: radius) }
        guard !drawn.isEmpty else { return }
        marks.append(SVG.group("\(rings ? "ring" : "cloud") \(style.colourClass)", drawn.map(Marker.element).joined()))
        labels.scatter(places)
    }

    /// Draws the many networks of a baseline as one path of dots, which costs little text.
    mutating func addDust(_ points: [(x: Double, y: Double)], style: SeriesStyle) {
        let places = Subsample.evenly(points, most: room.mostPoints.dust).map { pointWithin($0.x, $0.y) }.filter(
            \.isFinite)
        guard !places.isEmpty else { return }
        let data = places.map { "M\(SVG.number($0.x)) \(SVG.number($0.y))h0" }.joined()
        marks.append(SVG.element("path", [("class", "dust \(style.colourClass)"), ("d", data)]))
    }

    /// Draws a large marker, with a tooltip; nothing where the point has no place.
    mutating func addMarker(at x: Double, _ y: Double, style: SeriesStyle, radius: Double, title: String) {
        let place = pointWithin(x, y)
        guard place.isFinite else { return }
        let data = Marker.path(style.marker, at: place, radius: radius)
        let line = Marker.isOpen(style.marker) ? "open" : "mark"
        marks.append(
            SVG.element(
                "path", [("class", "\(line) \(style.colourClass)"), ("d", data)], content: SVG.tooltip(title)))
        labels.occupy(
            Box(x: place.x - radius - 1, y: place.y - radius - 1, width: 2 * radius + 2, height: 2 * radius + 2))
    }

    /// Draws a vertical bar from one number to another, for a standard deviation.
    mutating func addWhisker(at x: Double, from low: Double, to high: Double, style: SeriesStyle) {
        let bottom = pointWithin(x, low)
        let top = pointWithin(x, high)
        guard bottom.isFinite, top.isFinite else { return }
        marks.append(SVG.line(from: bottom, to: top, styleClass: "whisker \(style.colourClass)"))
    }

    /// Draws a line through points in order; breaks where one has no place.
    mutating func addLine(_ points: [(x: Double, y: Double)], styleClass: String) {
        var piece: [Point] = []
        for pair in points {
            let place = pointWithin(pair.x, pair.y)
            if place.isFinite {
                piece.append(place)
            } else {
                marks.append(SVG.polyline(piece, styleClass: styleClass))
                piece = []
            }
        }
        marks.append(SVG.polyline(piece, styleClass: styleClass))
        if points.count <= 60 { labels.avoid(lineThrough: points.map { pointWithin($0.x, $0.y) }) }
    }

    /// Shades a part of the frame and may name it in its top left or bottom left corner.
    mutating func addRegion(
        x across: ClosedRange<Double>?, y upward: ClosedRange<Double>?, styleClass: String, name: String = "",
        atBottom: Bool = false
    ) {
        let box = region(x: across, y: upward)
        guard box.width > 0, box.height > 0 else { return }
        marks.append(SVG.rectangle(box, styleClass: styleClass))
        let length = TextWidth.of(name, size: 12)
        guard !name.isEmpty, length < box.width + 40, box.height > 18 else { return }
        // A name that is longer than its region ends with the frame.
        let place = Point(x: min(box.x + 8, frame.right - length - 6), y: atBottom ? box.bottom - 9 : box.y + 17)
        marks.append(SVG.text(name, at: place, styleClass: "region-name"))
        labels.occupy(Box(x: place.x, y: place.y - 12, width: length, height: 16))
    }

    /// Writes a label near a point where it covers nothing else; leaves it out if there is no room.
    mutating func addLabel(_ text: String, at x: Double, _ y: Double, style: SeriesStyle, strong: Bool = false) {
        let target = pointWithin(x, y)
        guard target.isFinite, let spot = labels.place(text, near: target, size: strong ? 14 : 12, isBold: strong)
        else {
            return
        }
        if spot.distance > 26 {
            let end = spot.nearestEdge(to: target)
            marks.append(SVG.line(from: target, to: end, styleClass: "leader \(style.colourClass)"))
        }
        let styleClass = (strong ? "label strong " : "label ") + style.colourClass
        marks.append(SVG.text(text, at: spot.baseline, styleClass: styleClass))
    }
}

/// Thins long lists, the same way every time.
enum Subsample {
    /// At most `most` elements, evenly spread over the list, first and last included.
    static func evenly<Element>(_ list: [Element], most: Int) -> [Element] {
        guard list.count > most, most > 0 else { return most > 0 ? list : [] }
        guard most > 1 else { return [list[0]] }
        return (0..<most).map { list[$0 * (list.count - 1) / (most - 1)] }
    }
}
