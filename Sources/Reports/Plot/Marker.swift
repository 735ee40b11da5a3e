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
