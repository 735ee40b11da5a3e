/// A point in a picture: x to the right, y down.
struct Point: Sendable, Equatable {
    var x: Double
    var y: Double

    /// Whether both numbers are finite.
    var isFinite: Bool { x.isFinite && y.isFinite }
}

/// A rectangle in a picture.
struct Box: Sendable, Equatable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    var right: Double { x + width }
    var bottom: Double { y + height }

    /// Whether two boxes share more than an edge.
    func overlaps(_ other: Box) -> Bool {
        x < other.right && other.x < right && y < other.bottom && other.y < bottom
    }

    /// Whether `other` lies within.
    func contains(_ other: Box) -> Bool {
        other.x >= x && other.right <= right && other.y >= y && other.bottom <= bottom
    }

    /// Whether the point lies within.
    func contains(_ point: Point) -> Bool {
        point.x >= x && point.x <= right && point.y >= y && point.y <= bottom
    }
}

/// A cautious estimate of how wide text is, without a font at hand.
enum TextWidth {
    /// The width of `text` set in a sans-serif of `size` pixels.
    static func of(_ text: String, size: Double) -> Double {
        var width = 0.0
        for character in text {
            switch character {
            case "i", "l", "j", "t", "f", "I", ".", ",", ":", ";", "|", "'", " ", "(", ")": width += 0.4
            case "m", "w", "M", "W", "%": width += 0.93
            case let capital where capital.isUppercase: width += 0.72
            case let wide where !wide.isASCII && wide.isLetter: width += 0.95
            default: width += 0.62
            }
        }
        return width * size
    }

    /// The text on as few lines as fit within `width`; a word that is wider than that has a line of its own.
    static func lines(_ text: String, size: Double, within width: Double) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, of("\(last) \(word)", size: size) <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// The text, or as much of its beginning as fits within `width` and an ellipsis.
    static func shortened(_ text: String, size: Double, within width: Double) -> String {
        var result = text
        while of(result, size: size) > width, result.count > 4 {
            result = String(result.dropLast(result.hasSuffix("…") ? 2 : 1)) + "…"
        }
        return result
    }
}
