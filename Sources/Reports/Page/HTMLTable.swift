/// Writes tables: first column text, the others numbers set to the right.
struct HTMLTable {
    /// One cell; `html` is finished markup.
    struct Cell {
        let html: String

        /// A cell with plain text.
        init(_ text: String) { html = Markup.escape(text) }

        /// A cell with finished markup.
        init(html: String) { self.html = html }
    }

    let columns: [String]
    var rows: [(cells: [Cell], styleClass: String)] = []

    /// Starts a table with these column names.
    init(_ columns: [String]) {
        self.columns = columns
    }

    /// Adds a row of plain texts.
    mutating func add(_ texts: [String]) {
        rows.append((texts.map { Cell($0) }, ""))
    }

    /// The table's HTML, or nil without rows.
    func html() -> String? {
        guard !rows.isEmpty else { return nil }
        let head = columns.map { "<th scope=\"col\">\(Markup.escape($0))</th>" }.joined()
        let body = rows.map { row in
            let cells = row.cells.enumerated().map { index, cell in
                index == 0 ? "<th scope=\"row\">\(cell.html)</th>" : "<td>\(cell.html)</td>"
            }
            let styleClass = row.styleClass.isEmpty ? "" : " class=\"\(row.styleClass)\""
            return "<tr\(styleClass)>\(cells.joined())</tr>"
        }
        return "<div class=\"scroll\"><table><thead><tr>\(head)</tr></thead><tbody>"
            + "\(body.joined())</tbody></table></div>"
    }

    /// A card of names and texts.
    static func facts(_ title: String, _ facts: [ReportInput.Fact]) -> String {
        let list = facts.map { fact in
            "<div><dt>\(Markup.escape(fact.name))</dt><dd>\(Markup.escape(fact.value))</dd></div>"
        }.joined()
        return Card.section(title, "", content: facts.isEmpty ? nil : "<dl>\(list)</dl>")
    }
}
