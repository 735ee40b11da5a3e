import TestSupport
import Testing

@testable import Basics

@Suite struct TableScannerTests {
    private func rows(_ text: String) throws -> [[String]] {
        var scanner = TableScanner(bytes: Array(text.utf8), path: "file")
        var (cells, rows): ([TableScanner.Cell], [[String]]) = ([], [])
        while try scanner.nextRow(into: &cells) { rows.append(cells.map(scanner.text)) }
        return rows
    }

    private func quoted(_ cell: String) -> String {
        "\"" + cell.unicodeScalars.map { $0 == "\"" ? "\"\"" : "\($0)" }.joined() + "\""
    }

    @Test func cutsRowsIntoCells() throws {
        #expect(try rows("a,b\nc,d") == [["a", "b"], ["c", "d"]])
        #expect(try rows("a") == [["a"]])
        #expect(try rows(",") == [["", ""]])
        #expect(try rows("a,\n,b\n") == [["a", ""], ["", "b"]])
        #expect(try rows("").isEmpty)
    }

    @Test func blankLinesAreSkippedWhereverTheyAre() throws {
        #expect(try rows("\n\r\n\na,b\n\n\r\r\nc,d\n\n") == [["a", "b"], ["c", "d"]])
    }

    @Test func blanksAroundBareCellsGoThoseInQuotesStay() throws {
        #expect(try rows(" a b\t, \t,\" c \"\n") == [["a b", "", " c "]])
    }

    @Test func quotesProtectCommasLineEndsAndQuotes() throws {
        #expect(try rows("\"a,b\",\"c\nd\",\"e\"\"f\",\"\",\"\"\"\"") == [["a,b", "c\nd", "e\"f", "", "\""]])
    }

    @Test func linesAreCountedThroughQuotedLineEndsAndBlankLines() throws {
        var scanner = TableScanner(bytes: Array("a\n\n\"b\r\n\nb\",c\r\nd\re\n".utf8), path: "file")
        var (cells, lines): ([TableScanner.Cell], [Int]) = ([], [])
        while try scanner.nextRow(into: &cells) { lines.append(scanner.rowLine) }
        #expect(lines == [1, 3, 6, 7])
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func quotedLineEndsCountAsTheOthersDo(lineEnd: String) throws {
        let text = ["\"a", "", "b\",c", "d,e"].joined(separator: lineEnd)
        var scanner = TableScanner(bytes: Array(text.utf8), path: "file")
        var (cells, lines): ([TableScanner.Cell], [Int]) = ([], [])
        while try scanner.nextRow(into: &cells) { lines.append(scanner.rowLine) }
        #expect(lines == [1, 4])
    }

    @Test func whateverIsWrittenWithQuotesIsReadBack() throws {
        var noise = DatasetNoise(seed: 3)
        let alphabet = Array("a1,\"\n\r \u{E9}") + ["\u{301}"]
        for _ in 0..<200 {
            let table = (0..<3).map { _ in
                (0..<4).map { _ in String((0..<noise.below(5)).map { _ in alphabet[noise.below(alphabet.count)] }) }
            }
            let text = table.map { $0.map(quoted).joined(separator: ",") }.joined(separator: "\r\n")
            #expect(try rows(text) == table)
        }
    }
}
