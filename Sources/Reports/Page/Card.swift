/// A framed figure or table with a heading and a line that helps to read it.
enum Card {
    /// What stands where there is nothing to show.
    static let absent = "<p class=\"absent\">not available</p>"

    /// A figure; `picture` is finished SVG or nil.
    static func figure(_ title: String, _ help: String, picture: String?, legend: String = "") -> String {
        let key = picture == nil || legend.isEmpty ? "" : "<div class=\"legend\">\(legend)</div>"
        return "<figure class=\"card\">\(heading(title, help))\(picture ?? absent)\(key)</figure>"
    }

    /// A section with a table or anything else; nil content is shown as not available.
    static func section(_ title: String, _ help: String, content: String?) -> String {
        "<section class=\"card\">\(heading(title, help))\(content ?? absent)</section>"
    }

    /// Legend entries for populations.
    static func legend(_ styles: [SeriesStyle]) -> String {
        styles.map { style in "<span>\(swatch(style))\(Markup.escape(style.name))</span>" }.joined()
    }

    /// Legend entries for lines.
    static func legend(lines: [(styleClass: String, name: String)]) -> String {
        lines.map { line in
            let stroke = SVG.line(
                from: Point(x: 1, y: 7), to: Point(x: 21, y: 7), styleClass: line.styleClass)
            return "<span>\(icon(stroke, width: 22))\(Markup.escape(line.name))</span>"
        }.joined()
    }

    /// The marker of a population as a small picture.
    static func swatch(_ style: SeriesStyle) -> String {
        let data = Marker.path(style.marker, at: Point(x: 7, y: 7), radius: 5)
        let styleClass = (Marker.isOpen(style.marker) ? "open " : "mark ") + style.colourClass
        return icon(SVG.element("path", [("class", styleClass), ("d", data)]), width: 14)
    }

    private static func icon(_ content: String, width: Double) -> String {
        SVG.element(
            "svg",
            [
                ("class", "icon"), ("width", SVG.number(width)), ("height", "14"),
                ("viewBox", "0 0 \(SVG.number(width)) 14"), ("aria-hidden", "true"),
            ], content: content)
    }

    private static func heading(_ title: String, _ help: String) -> String {
        let line = help.isEmpty ? "" : "<p class=\"help\">\(Markup.escape(help))</p>"
        return "<h3>\(Markup.escape(title))</h3>\(line)"
    }
}
