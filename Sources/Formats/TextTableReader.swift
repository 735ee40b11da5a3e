import ModelZoo
import Basics

/// Reads a CSV file with a header row by row, every cell as text; gzipped or not.
struct TextTableReader {
    /// The columns' names.
    let names: [String]
    private let path: String
    private var scanner: CSVScanner
    private var cells: [CSVScanner.Cell] = []

    /// Reads the file and its header; throws `.missing`, `.inputOutput`, or `.malformed`.
    init(path: String) throws {
        var scanner = CSVScanner(bytes: try Gzip.decompress(contentsOf: path), path: path)
        var cells: [CSVScanner.Cell] = []
        guard try scanner.nextRow(into: &cells) else {
            throw DataError(.malformed, path: path, expected: "a CSV file with a header", found: "nothing")
        }
        names = cells.map(scanner.text)
        self.path = path
        self.scanner = scanner
    }

    /// The places of named columns, or nil where one is not there.
    func places(of wanted: [String]) -> [Int]? {
        let places = wanted.compactMap { names.firstIndex(of: $0) }
        return places.count == wanted.count ? places : nil
    }

    /// The next row's cells, or nil at the end; throws `.malformed` where there are more or fewer than columns.
    mutating func nextRow() throws -> [String]? {
        guard try scanner.nextRow(into: &cells) else { return nil }
        guard cells.count == names.count else {
            throw problem(expected: "\(names.count) columns", found: "\(cells.count)")
        }
        return cells.map(scanner.text)
    }

    /// A complaint about the row read last.
    func problem(expected: String, found: String) -> DataError {
        scanner.problem(column: 0, expected: expected, found: found)
    }
}
