/// The frame of a chart with a row a thing: names at the left and notes at the right, or both above each row where the
/// picture is narrow.
struct RowFrame {
    let frame: Box
    private let room: Room
    private let rowHeight: Double
    private let noteWidth: Double

    /// Takes as much room for names and notes as they need, names up to a third of a page; there is always room for 240.
    init(_ room: Room, height: Double, names: [String], notes: [String]) {
        self.room = room
        let widest = { (texts: [String]) in texts.map { TextWidth.of($0, size: 12) }.max() ?? 0 }
        noteWidth = widest(notes) + 14
        rowHeight = height + (room == .phone ? Self.lineHeight : 0)
        let left = room == .phone ? 18 : min(max(240, room.width / 3), widest(names) + 18)
        let right = room == .phone ? 18 : noteWidth
        frame = Box(
            x: left, y: 8, width: room.width - left - right, height: rowHeight * Double(max(1, names.count)))
    }

    private static let lineHeight = 18.0

    /// Where the drawing of a row begins, below its name where that stands above.
    func top(of row: Int) -> Double {
        frame.y + Double(row) * rowHeight + (room == .phone ? Self.lineHeight : 0)
    }

    /// Name and note of a row; `baseline` is that of text beside the row.
    func labels(
        _ name: String, _ note: String, at row: Int, baseline: Double, styleClass: String,
        shortened: (String, Double) -> String = { TextWidth.shortened($0, size: 12, within: $1) }
    ) -> String {
        let isAbove = room == .phone
        let y = isAbove ? top(of: row) - 4 : baseline
        // Notes are figures, which are narrower than the cautious estimate takes text to be.
        let room = isAbove ? frame.width - 0.9 * TextWidth.of(note, size: 12) : frame.x - 16
        return SVG.text(
            shortened(name, room), at: Point(x: isAbove ? frame.x : frame.x - 12, y: y),
            styleClass: "label \(styleClass)", anchor: isAbove ? "start" : "end")
            + SVG.text(
                note, at: Point(x: isAbove ? frame.right : frame.right + 12, y: y), styleClass: "tick",
                anchor: isAbove ? "end" : "start")
    }

    /// The finished picture: the content and the axis' title below it.
    func picture(_ axis: Axis, _ content: String, summary: String) -> String {
        let lines = TextWidth.lines(axis.title, size: 13, within: frame.width)
        let title = lines.enumerated().map { index, line in
            SVG.text(
                line, at: Point(x: frame.x + frame.width / 2, y: frame.bottom + 38 + 16 * Double(index)),
                styleClass: "axis-title", anchor: "middle")
        }
        return SVG.picture(
            width: room.width, height: frame.bottom + 48 + 16 * Double(max(0, lines.count - 1)), summary: summary,
            content: content + title.joined())
    }
}
