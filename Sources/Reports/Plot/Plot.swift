/// A chart: a frame with two axes on which marks are laid; `picture` writes it as SVG.
///
/// Marks are drawn in the order in which they are added. Numbers without a place on the axes are left out.
struct Plot {
    let width: Double
    let height: Double
    let frame: Box
    let x: Axis
    let y: Axis
    var marks: [String] = []
    var labels: LabelPlacer

    /// Leaves `margins` for tick labels and titles.
    init(width: Double, height: Double, x: Axis, y: Axis, margins: Margins = Margins()) {
        self.width = width
        self.height = height
        self.x = x
        self.y = y
        frame = Box(
            x: margins.left, y: margins.top, width: width - margins.left - margins.right,
            height: height - margins.top - margins.bottom)
        labels = LabelPlacer(frame: frame)
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
        return SVG.picture(width: width, height: height, summary: summary, content: parts.joined())
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
                tick.label, at: Point(x: place, y: frame.bottom + 17), styleClass: "tick", anchor: "middle")
        }
        for tick in y.ticks(gap: min(0.5, 24 / frame.height)) {
            let place = point(x.range.lowerBound, tick.value).y
            lines += SVG.line(
                from: Point(x: frame.x, y: place), to: Point(x: frame.right, y: place), styleClass: "grid")
            lines += SVG.text(
                tick.label, at: Point(x: frame.x - 8, y: place + 4), styleClass: "tick", anchor: "end")
        }
        return lines
    }

    private func titles() -> String {
        let middle = Point(x: frame.x + frame.width / 2, y: frame.bottom + 38)
        let side = Point(x: 14, y: frame.y + frame.height / 2)
        return SVG.text(x.title, at: middle, styleClass: "axis-title", anchor: "middle")
            + SVG.text(y.title, at: side, styleClass: "axis-title", anchor: "middle", turned: true)
    }
}
