import Basics
import Foundation
import ModelZoo
import ShiftDetection

/// Reads the tables of shift detection: which columns are features, the label, predicted probabilities, nobody's business.
struct ShiftTables {
    /// The column with the right class.
    var label: String?
    /// Columns with the model's probabilities.
    var predictions: [String] = []
    /// Columns that are left out.
    var ignored: [String] = []
    /// Codes for missing values of single columns.
    var missing: [String: Set<String>] = [:]
    /// The kinds of columns that are known already.
    var kinds: [String: Table.Kind] = [:]

    /// Columns that are no features.
    var others: Set<String> { Set(ignored + predictions + [label].compactMap { $0 }) }

    /// Reads a table with its columns' kinds; the label column and those left out are texts.
    func read(_ path: String) throws -> Table { try read(Gzip.decompress(contentsOf: path), path: path) }

    /// The same from bytes; `path` is for messages.
    func read(_ bytes: [UInt8], path: String) throws -> Table {
        var kinds = kinds
        for name in predictions { kinds[name] = .number }
        for name in ignored { kinds[name] = .category }
        if let label { kinds[label] = .category }
        let options = Table.Options(
            dialect: TableDialect(separator: .detected), kinds: kinds, missing: missing)
        let table = try Table(bytes: bytes, path: path, options: options)
        try TableEncoding.refuseTwins(table, among: Set(predictions + [label].compactMap { $0 }), path)
        return table
    }

    /// Throws `DataError` (configuration) where an option names a column that none of the tables has.
    func check(columnsOf tables: [Table]) throws {
        let there = tables.flatMap { $0.columns.map(\.name) }
        let named =
            ignored.map { ("--ignore", $0) } + missing.keys.sorted().map { ("--missing", $0) }
            + [label].compactMap { $0 }.map { ("--label", $0) } + predictions.map { ("--predictions", $0) }
        for (option, name) in named where !there.contains(name) {
            throw DataError(
                .configuration, path: "\(option) \(name.printable())", problem: "there is no such column",
                hint: Nearest.hint(
                    Nearest.match(name, among: there), of: Array(there.prefix(there.count / tables.count))))
        }
    }

    /// The labels of a table's rows as texts, nil where one is missing; nil where the table has no such column.
    func labels(_ table: Table) -> [String?]? {
        guard let label, let column = table[label], case .categories(let codes, let names) = column.values else {
            return nil
        }
        return codes.map { $0 < 0 ? nil : names[Int($0)] }
    }

    /// The codes of `--missing chol=0,bp=-9`. Throws `DataError` (configuration).
    static func codes(_ texts: [String]) throws -> [String: Set<String>] {
        var codes: [String: Set<String>] = [:]
        for text in texts.flatMap({ $0.split(separator: ",") }) {
            guard let equals = text.lastIndex(of: "="), equals > text.startIndex else {
                throw DataError(
                    .configuration, path: "--missing", expected: "a column and its code, such as chol=0",
                    found: String(text).printable())
            }
            codes[String(text[..<equals]), default: []].insert(String(text[text.index(after: equals)...]))
        }
        return codes
    }
}
