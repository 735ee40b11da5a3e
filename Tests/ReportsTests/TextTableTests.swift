import Testing

@testable import Reports

@Suite("Text tables")
struct TextTableTests {
    @Test("Columns are aligned, numbers to the right, without spaces at the ends")
    func layout() {
        var table = TextTable(["what", "n", "accuracy", "note"])
        table.append(["zoo", "100", "96.17 ± 0.27", ""])
        table.append(["generated", "9", "-", "short"])
        table.append(["fresh"])
        #expect(
            table.text == """
                what         n      accuracy  note
                ---------  ---  ------------  -----
                zoo        100  96.17 ± 0.27
                generated    9             -  short
                fresh

                """)
    }

    @Test("A table is as wide as the terminal, where that is known")
    func terminal() {
        #expect(TerminalWidth.columns(variable: nil, terminal: nil) == 80)
        #expect(TerminalWidth.columns(variable: nil, terminal: 132) == 132)
        #expect(TerminalWidth.columns(variable: "100", terminal: 132) == 100)
        #expect(TerminalWidth.columns(variable: "no", terminal: 132) == 132)
        #expect(TerminalWidth.columns(variable: "3", terminal: nil) == 40)
        var table = TextTable(["a"])
        table.append([String(repeating: "word ", count: 20)])
        #expect(table.text(width: 60).split(separator: "\n").allSatisfy { $0.count <= 60 })
        #expect(table.text(width: 200).split(separator: "\n").count == 3)
    }

    @Test("One word keeps a column to the left; cells beyond the head are dropped")
    func words() {
        var table = TextTable(["a"])
        table.append(["12", "dropped"])
        table.append(["many"])
        #expect(table.text == "a\n----\n12\nmany\n")
        #expect(TextTable(["a", "b"]).text == "a  b\n-  -\n")
    }

    @Test("Columns in which nothing stands are left out, but not all of an empty table")
    func blank() {
        var table = TextTable(["a", "nothing", "b"])
        table.append(["x", "–", "1"])
        table.append(["y", "", "2"])
        #expect(table.text == "a  b\n-  -\nx  1\ny  2\n")
    }

    @Test("A table that is too wide is folded between words, the widest column first")
    func folding() {
        let words = (0..<40).map { "word\($0)" }
        var table = TextTable(["name", "n", "what it says"])
        table.append(["short", "96.17 ± 0.27", words.joined(separator: " ")])
        table.append(["other", "1.5", "12 % of 3 ± 4"])
        let lines = table.text.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
        for word in words { #expect(table.text.contains(word)) }
        #expect(table.text.contains("96.17 ± 0.27") && table.text.contains("12 % of 3 ± 4"))
        #expect(lines.count > 5)
    }

    @Test("A word that is longer than the table is kept whole; control characters are replaced")
    func hostile() {
        var table = TextTable(["path", "state"])
        let path = String(repeating: "x", count: 100)
        table.append([path, "a"])
        #expect(table.text.contains(path))
        var plain = TextTable(["state"])
        plain.append(["a\u{1B}[2J\nb"])
        #expect(plain.text == "state\n-------\na\u{FFFD}[2J b\n")
    }
}
