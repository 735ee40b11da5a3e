/// A framed figure or table with a heading and a line that helps to read it.
enum Card {
    /// The line in the place of a card that has nothing to show.
    static func absent(_ title: String) -> String {
        "<p class=\"absent\">\(Markup.escape(title)): not available</p>"
    }

    /// A figure; `picture` draws finished SVG for a room, or nil: then a line says so.
    ///
    /// It is drawn for every room up to the `widest`; the style sheet shows the widest that fits.
    static func figure(
        _ title: String, _ help: String, widest: Room = .page, legend: String = "", picture: (Room) -> String?
    ) -> String {
        let rooms = Room.allCases.filter { $0.width <= widest.width }
        let pictures = rooms.compactMap { room in
            picture(room).map { "<div class=\"room-\(room.rawValue)\">\($0)</div>" }
        }
        if pictures.isEmpty { return absent(title) }
        let key = legend.isEmpty ? "" : "<div class=\"legend\">\(legend)</div>"
        return "<figure class=\"card widest-\(widest.rawValue)\">\(heading(title, help))"
            + "\(pictures.joined())\(key)</figure>"
    }

    /// A section with a table or anything else; a line in its place where the content is nil.
    static func section(_ title: String, _ help: String, content: String?) -> String {
        content.map { "<section class=\"card\">\(heading(title, help))\($0)</section>" } ?? absent(title)
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

    /// A name behind the marker of its population, from which it is never parted; `name` is finished markup.
    static func named(_ style: SeriesStyle, _ name: String) -> String {
        "<span class=\"named\">\(swatch(style))<span>\(name)</span></span>"
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
        // No line ends between a number and its percent sign.
        let line = help.isEmpty ? "" : "<p class=\"help\">\(Markup.prose(help).replacing(" %", with: "&#160;%"))</p>"
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
        let head = columns.map { "<th scope=\"col\">\(Self.unbroken($0))</th>" }.joined()
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

    /// A column's name in which no line ends within "m = 1", or before a lone percent sign.
    private static func unbroken(_ column: String) -> String {
        Markup.escape(column).replacing(" = ", with: "&#160;=&#160;").replacing(", %", with: ",&#160;%")
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
