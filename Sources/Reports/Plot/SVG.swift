import Foundation

/// Writes SVG text: every attribute is escaped, every number finite and rounded to a tenth.
enum SVG {
    /// An attribute; numbers go through `number`.
    typealias Attributes = [(name: String, value: String)]

    /// A coordinate with at most one decimal; what is not finite becomes 0 (charts filter such points before).
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let limited = Swift.min(Swift.max(value, -1e6), 1e6)
        let tenths = Int((limited * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let size = Swift.abs(tenths)
        return size % 10 == 0 ? "\(sign)\(size / 10)" : "\(sign)\(size / 10).\(size % 10)"
    }

    /// An element with already written content.
    static func element(_ name: String, _ attributes: Attributes, content: String = "") -> String {
        var text = "<\(name)"
        for attribute in attributes { text += " \(attribute.name)=\"\(Markup.escape(attribute.value))\"" }
        return content.isEmpty ? text + "/>" : text + ">\(content)</\(name)>"
    }

    /// A group of a style class.
    static func group(_ styleClass: String, _ content: String) -> String {
        content.isEmpty ? "" : element("g", [("class", styleClass)], content: content)
    }

    /// A straight line.
    static func line(from a: Point, to b: Point, styleClass: String) -> String {
        element(
            "line",
            [
                ("class", styleClass), ("x1", number(a.x)), ("y1", number(a.y)), ("x2", number(b.x)),
                ("y2", number(b.y)),
            ])
    }

    /// A rectangle; negative sizes become 0.
    static func rectangle(_ box: Box, styleClass: String, radius: Double = 0, title: String? = nil) -> String {
        var attributes: Attributes = [
            ("class", styleClass), ("x", number(box.x)), ("y", number(box.y)),
            ("width", number(Swift.max(0, box.width))), ("height", number(Swift.max(0, box.height))),
        ]
        if radius > 0 { attributes.append(("rx", number(radius))) }
        return element("rect", attributes, content: tooltip(title))
    }

    /// An open line through points; empty for fewer than two.
    static func polyline(_ points: [Point], styleClass: String) -> String {
        guard points.count > 1 else { return "" }
        let data = points.map { "\(number($0.x)) \(number($0.y))" }.joined(separator: "L")
        return element("path", [("class", styleClass), ("d", "M" + data)])
    }

    /// One line of text; `anchor` is start, middle or end.
    static func text(
        _ content: String, at point: Point, styleClass: String, anchor: String = "start", turned: Bool = false
    ) -> String {
        var attributes: Attributes = [
            ("class", styleClass), ("x", number(point.x)), ("y", number(point.y)),
        ]
        if anchor != "start" { attributes.append(("text-anchor", anchor)) }
        if turned {
            attributes.append(("transform", "rotate(-90 \(number(point.x)) \(number(point.y)))"))
        }
        return element("text", attributes, content: Markup.escape(content))
    }

    /// The content of a tooltip, or nothing.
    static func tooltip(_ title: String?) -> String {
        title.map { "<title>\(Markup.escape($0))</title>" } ?? ""
    }

    /// The whole picture; `summary` is read to those who cannot see it.
    static func picture(width: Double, height: Double, summary: String, content: String) -> String {
        element(
            "svg",
            [
                ("xmlns", "http://www.w3.org/2000/svg"),
                ("viewBox", "0 0 \(number(width)) \(number(height))"), ("role", "img"),
                ("aria-label", summary),
            ], content: content)
    }
}

/// Escapes text for HTML, SVG and XML, content and attributes alike.
enum Markup {
    /// Escapes the five characters with a meaning and replaces those that XML forbids.
    static func escape(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
            default: result.unicodeScalars.append(isForbidden(scalar) ? "\u{FFFD}" : scalar)
            }
        }
        return result
    }

    /// Escapes a sentence in which `names of files and commands` stand between backticks, for a page.
    static func prose(_ text: String) -> String {
        let parts = escape(text).split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count > 1, parts.count % 2 == 1 else { return parts.joined(separator: "`") }
        return parts.enumerated().map { $0 % 2 == 1 ? "<code>\($1)</code>" : String($1) }.joined()
    }

    /// Whether XML 1.0 has no place for the scalar, or a browser would not show it as it is.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0xFFFE
            || scalar.value == 0xFFFF
    }
}

/// Draws the markers of series.
enum Marker {
    /// Whether the marker is made of strokes and has no inside.
    static func isOpen(_ shape: SeriesStyle.Marker) -> Bool {
        shape == .cross || shape == .plus
    }

    /// An element for a path made by `path`.
    static func element(_ data: String) -> String { "<path d=\"\(data)\"/>" }

    /// The path of a marker that looks about as large as a circle of the radius.
    static func path(_ shape: SeriesStyle.Marker, at centre: Point, radius: Double) -> String {
        switch shape {
        case .circle: circle(centre, radius)
        case .square: polygon(centre, [(-1, -1), (1, -1), (1, 1), (-1, 1)], radius * 0.88)
        case .diamond: polygon(centre, [(0, -1), (1, 0), (0, 1), (-1, 0)], radius * 1.25)
        case .triangle: polygon(centre, [(0, -1), (0.95, 0.7), (-0.95, 0.7)], radius * 1.2)
        case .star: polygon(centre, starCorners, radius * 1.35)
        case .cross: strokes(centre, [(-1, -1, 1, 1), (-1, 1, 1, -1)], radius * 0.8)
        case .plus: strokes(centre, [(-1, 0, 1, 0), (0, -1, 0, 1)], radius)
        }
    }

    private static let starCorners: [(Double, Double)] = [
        (0, -1), (0.28, -0.28), (1, 0), (0.28, 0.28), (0, 1), (-0.28, 0.28), (-1, 0), (-0.28, -0.28),
    ]

    private static func circle(_ centre: Point, _ radius: Double) -> String {
        let r = SVG.number(radius)
        let across = SVG.number(2 * radius)
        return "M\(SVG.number(centre.x - radius)) \(SVG.number(centre.y))a\(r) \(r) 0 1 0 \(across) 0"
            + "a\(r) \(r) 0 1 0 -\(across) 0z"
    }

    private static func polygon(
        _ centre: Point, _ corners: [(Double, Double)], _ size: Double
    ) -> String {
        let points = corners.map { corner in
            "\(SVG.number(centre.x + corner.0 * size)) \(SVG.number(centre.y + corner.1 * size))"
        }
        return "M" + points.joined(separator: "L") + "z"
    }

    private static func strokes(
        _ centre: Point, _ lines: [(Double, Double, Double, Double)], _ size: Double
    ) -> String {
        lines.map { line in
            let start = "\(SVG.number(centre.x + line.0 * size)) \(SVG.number(centre.y + line.1 * size))"
            let end = "\(SVG.number(centre.x + line.2 * size)) \(SVG.number(centre.y + line.3 * size))"
            return "M\(start)L\(end)"
        }.joined()
    }
}
