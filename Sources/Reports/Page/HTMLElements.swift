/// A framed figure or table with a heading and a line that helps to read it.
enum Card {
    /// What stands where there is nothing to show.
    static let absent = "<p class=\"absent\">not available</p>"

    /// A figure; `picture` draws finished SVG for a room, or nil.
    ///
    /// It is drawn for every room up to the `widest`; the style sheet shows the widest that fits.
    static func figure(
        _ title: String, _ help: String, widest: Room = .page, legend: String = "", picture: (Room) -> String?
    ) -> String {
        let rooms = Room.allCases.filter { $0.width <= widest.width }
        let pictures = rooms.compactMap { room in
            picture(room).map { "<div class=\"room-\(room.rawValue)\">\($0)</div>" }
        }
        let key = pictures.isEmpty || legend.isEmpty ? "" : "<div class=\"legend\">\(legend)</div>"
        return "<figure class=\"card widest-\(widest.rawValue)\">\(heading(title, help))"
            + "\(pictures.isEmpty ? absent : pictures.joined())\(key)</figure>"
    }

    /// A section with a table or anything else; nil content is shown as not available.
    static func section(_ title: String, _ help: String, content: String?) -> String {
        "<section class=\"card\">\(heading(title, help))\(content ?? absent)</section>"
    }

    /// A section with a table, whose name it has where the table scrolls; not available without rows.
    static func section(_ title: String, _ help: String, table: HTMLTable) -> String {
        section(title, help, content: table.html(named: title))
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
        let line = help.isEmpty ? "" : "<p class=\"help\">\(Markup.prose(help))</p>"
        return "<h3>\(Markup.escape(title))</h3>\(line)"
    }
}

/// Writes tables: first column text, the others numbers set to the right.
struct HTMLTable {
    /// One cell; `html` is finished markup.
    struct Cell {
        let html: String

        /// A cell with plain text.
        init(_ text: String) { html = Markup.escape(text) }

        /// A cell with words, which may be folded.
        init(words text: String) { html = "<span class=\"words\">\(Markup.escape(text))</span>" }

        /// A cell with finished markup.
        init(html: String) { self.html = html }
    }

    let columns: [String]
    /// Whether cells are sentences: such a table becomes cards where it is narrow, others scroll sideways.
    var isProse = false
    var rows: [(cells: [Cell], styleClass: String)] = []

    /// Starts a table with these column names.
    init(_ columns: [String], isProse: Bool = false) {
        self.columns = columns
        self.isProse = isProse
    }

    /// Adds a row of plain texts.
    mutating func add(_ texts: [String]) {
        rows.append((texts.map { Cell($0) }, ""))
    }

    /// The table's HTML, or nil without rows; `name` is told to who hears the page.
    func html(named name: String = "Table") -> String? {
        guard !rows.isEmpty else { return nil }
        let head = columns.map { "<th scope=\"col\">\(Markup.escape($0))</th>" }.joined()
        let body = rows.map { row in
            let cells = row.cells.enumerated().map { index, cell in
                index == 0 ? "<th scope=\"row\">\(cell.html)</th>" : "<td\(label(index))>\(cell.html)</td>"
            }
            let styleClass = row.styleClass.isEmpty ? "" : " class=\"\(row.styleClass)\""
            return "<tr\(styleClass)>\(cells.joined())</tr>"
        }
        let kind = isProse ? "<div><table class=\"cards\">" : Self.scroll(name) + "<table>"
        return "\(kind)<thead><tr>\(head)</tr></thead><tbody>"
            + "\(body.joined())</tbody></table></div>"
    }

    /// What a wide table scrolls in: reached by the keyboard, and named for who hears the page.
    static func scroll(_ name: String) -> String {
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(Markup.escape(name)), scrolls sideways\">"
    }

    /// Names the cell where its column's head is not seen.
    private func label(_ column: Int) -> String {
        isProse && columns.indices.contains(column) ? " data-label=\"\(Markup.escape(columns[column]))\"" : ""
    }

    /// A card of names and texts.
    static func facts(_ title: String, _ facts: [ReportInput.Fact]) -> String {
        let list = facts.map { fact in
            "<div><dt>\(Markup.escape(fact.name))</dt><dd>\(Markup.escape(fact.value))</dd></div>"
        }.joined()
        return Card.section(title, "", content: facts.isEmpty ? nil : "<dl>\(list)</dl>")
    }
}

/// Sets plain text as paragraphs.
enum Prose {
    /// An empty line ends a paragraph; a line that starts with `#` is a heading and stands out.
    static func paragraphs(_ text: String) -> String {
        var result = ""
        var lines: [String] = []
        func finish() {
            if !lines.isEmpty { result += "<p class=\"prose\">\(lines.joined(separator: " "))</p>" }
            lines = []
        }
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let words = line.drop { $0 == " " || $0 == "\t" }
            if words.isEmpty {
                finish()
            } else if words.hasPrefix("#") {
                finish()
                let heading = words.drop { $0 == "#" || $0 == " " }
                result += "<p class=\"prose\"><strong>\(Markup.escape(String(heading)))</strong></p>"
            } else {
                lines.append(Markup.escape(String(words)))
            }
        }
        finish()
        return result
    }
}
