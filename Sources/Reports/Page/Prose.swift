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
