import Basics

/// What the page of a judged sample shows, as plain data: whoever has a verdict fills it in.
public struct ShiftPicture: Sendable, Equatable {
    /// The sample's name.
    public var name: String
    /// The decision in a word.
    public var word: String
    /// The decision in a sentence.
    public var sentence: String
    /// Green, amber or red.
    public var light: Light
    /// Sentences below it.
    public var reasons: [String]
    /// What to do next.
    public var advice: [String]
    /// The sample's statistic.
    public var statistic: Double
    /// Those that it is compared with.
    public var null: [Double]
    /// What is compared.
    public var method: String
    /// Tables: a title, a line that helps to read it, the columns' names and the rows.
    public var tables: [Table]
    /// What a person should know about the files.
    public var notes: [String]

    /// How bad it is.
    public enum Light: String, Sendable, CaseIterable { case green, amber, red }

    /// A table of texts.
    public struct Table: Sendable, Equatable {
        /// Its heading.
        public var title: String
        /// How to read it.
        public var help: String
        /// The columns' names.
        public var columns: [String]
        /// The rows' cells.
        public var rows: [[String]]

        /// A table of texts.
        public init(title: String, help: String, columns: [String], rows: [[String]]) {
            (self.title, self.help, self.columns, self.rows) = (title, help, columns, rows)
        }
    }

    /// A page without tables, advice or notes.
    public init(
        name: String, word: String, sentence: String, light: Light, reasons: [String] = [], statistic: Double = .nan,
        null: [Double] = [], method: String = ""
    ) {
        (self.name, self.word, self.sentence, self.light) = (name, word, sentence, light)
        (self.reasons, self.statistic, self.null, self.method) = (reasons, statistic, null, method)
        (advice, tables, notes) = ([], [], [])
    }
}

/// Writes the page of a judged sample as one HTML file that needs nothing else.
public struct ShiftPage {
    private let picture: ShiftPicture

    /// Takes what is to be shown.
    public init(_ picture: ShiftPicture) { self.picture = picture }

    /// The page; the same input gives the same text.
    public func html() -> String {
        let tables = picture.tables.map { shown in
            var table = HTMLTable(shown.columns)
            for row in shown.rows { table.rows.append((row.map { HTMLTable.Cell(words: $0) }, "")) }
            return Card.section(shown.title, shown.help, table: table)
        }
        return HTMLReport.page(
            picture.name,
            [HTMLReport.header(picture.name, "Is this batch harmful to the model?"), banner, null] + tables
                + [list("What to do next", picture.advice), list("How the files were read", picture.notes)])
    }

    private var banner: String {
        let sign =
            switch picture.light {
            case .green: "✓"
            case .amber: "≈"
            case .red: "✕"
            }
        let reasons = picture.reasons.map { "<li>\(Markup.escape($0))</li>" }.joined()
        return "<section class=\"verdict \(picture.light.rawValue)\" aria-label=\"Verdict\">"
            + "<h2 class=\"word\"><span class=\"sign\" aria-hidden=\"true\">\(sign)</span>\(Markup.escape(picture.word))</h2>"
            + "<p class=\"sentence\">\(Markup.escape(picture.sentence))</p>"
            + (reasons.isEmpty ? "" : "<ul>\(reasons)</ul>") + "</section>"
    }

    private var null: String {
        Card.figure(
            "The sample's statistic against its null",
            "Above: the statistic (\(picture.method)) of samples that chance alone has drawn. Below: that of this sample. "
                + "The further right of all above it stands, the less it looks like chance.",
            picture: drawn)
    }

    private func drawn(_ room: Room) -> String? {
        guard picture.null.contains(where: \.isFinite), picture.statistic.isFinite else { return nil }
        let ridges = [
            RidgePlot.Ridge(
                name: "by chance", style: SeriesStyle(family: .zoo), values: picture.null,
                note: "\(NumberText.count(picture.null.count)) samples"),
            RidgePlot.Ridge(
                name: "this sample", style: SeriesStyle(family: .generated), values: [picture.statistic],
                note: NumberText.significant(picture.statistic)),
        ]
        let axis = Axis(title: "statistic", covering: picture.null + [picture.statistic], margin: 0.04)
        return RidgePlot(ridges: ridges, axis: axis, rowHeight: 72, room: room).picture(
            summary: "The statistic of this sample beside those of samples by chance")
    }

    private func list(_ title: String, _ lines: [String]) -> String {
        guard !lines.isEmpty else { return "" }
        let items = lines.map { "<li>\(Markup.escape($0))</li>" }.joined()
        return Card.section(title, "", content: "<ul>\(items)</ul>")
    }
}
