import Basics
import Foundation
import Tensors

/// The classes of the model in use, in the order of its outputs, and the columns that hold its probabilities.
public struct ModelClasses: Codable, Sendable, Equatable {
    /// The names of the classes; numbers in their shortest form, so that 1 and 1.0 are one class.
    public let names: [String]
    /// The columns with a probability a class, in the classes' order; one alone holds that of the second of two classes;
    /// none where a model computes them.
    public let columns: [String]

    /// Names classes whose probabilities a model computes.
    public init(names: [String]) { (self.names, columns) = (names, []) }

    /// Finds out which class each output of a network is about: as declared, else as its file names them, else as labels that
    /// are numbers stand in their order; words are in no order of their own.
    ///
    /// Throws `DataError` (configuration) where that is not known, or labels are of other classes.
    public init(outputs: Int, named: [String]?, declared: [String], labels: [String]) throws {
        let known = declared.isEmpty ? (named ?? []) : declared
        let places = (0..<outputs).map { "output_\($0)" }
        let found =
            known.isEmpty && labels.allSatisfy { Double($0).map { $0 >= 0 && $0 < Double(outputs) } ?? false }
            ? (0..<outputs).map(String.init) : known
        let parsed = try ModelClasses(columns: places, declared: found, labels: labels)
        self.init(names: parsed.names)
    }

    /// Finds out which class each column of probabilities is about.
    ///
    /// - declared: the classes in the columns' order, where a person says so; it always wins.
    /// - labels: the classes that occur in a label column; none where there is no such column.
    ///
    /// Otherwise what columns' names do not share names their class (`proba_no`, `proba_yes`), where labels say the same
    /// or are not there; else labels that are numbers stand in their numerical order. Labels that are words are never
    /// put in alphabetical order: that the first column is about the first word is a guess that can swap the classes.
    ///
    /// Throws `DataError` (configuration) where that is not known.
    public init(columns: [String], declared: [String], labels: [String]) throws {
        let (labels, declared) = (Set(labels.map(Self.canonical)), declared.map(Self.canonical))
        let count = max(2, columns.count)
        let option = columns.first == "output_0" ? "--model" : "--predictions \(columns.joined(separator: ","))"
        if !declared.isEmpty {
            guard declared.count == count, Set(declared).count == count else {
                throw DataError(
                    .configuration, path: "--classes",
                    expected: "\(count) different classes, one for each column of \(option)",
                    found: declared.joined(separator: ","))
            }
            names = declared
        } else {
            let own = Self.endings(columns).map(Self.canonical)
            let numbers = labels.compactMap { name in Double(name).map { (name, $0) } }.sorted { $0.1 < $1.1 }.map(\.0)
            if columns.count > 1, Set(own).count == count, !own.contains(""), labels.isSubset(of: own) {
                names = own
            } else if labels.count == count, numbers.count == count {
                names = numbers
            } else if labels.isEmpty {
                names = (0..<count).map(String.init)
            } else {
                let found = labels.sorted().prefix(6).joined(separator: ", ")
                guard labels.count <= count else {
                    throw DataError(
                        .configuration, path: option,
                        problem:
                            "the labels are of \(labels.count) classes (\(found.printable())), and \(count) are given",
                        hint: "give one for each class, or correct the labels")
                }
                throw DataError(
                    .configuration, path: option,
                    problem: "it is not known which class each column is about; the labels are \(found.printable())",
                    hint: "name the \(count) classes in the columns' order with --classes"
                        + (labels.count == count
                            ? ", such as --classes " + labels.sorted().joined(separator: ",").printable() : ""))
            }
        }
        if let other = labels.subtracting(names).sorted().first {
            throw DataError(
                .malformed, path: option,
                problem:
                    "a label is '\(other.printable())', which is none of the classes \(names.joined(separator: ", "))",
                hint: "name the classes in the columns' order with --classes, or correct the labels")
        }
        self.columns = columns
    }

    /// A class as it is compared: numbers in their shortest form.
    public static func canonical(_ text: String) -> String {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        guard let number = TableNumber.parseDouble(ArraySlice(trimmed.utf8)) else { return trimmed }
        return Tree.number(number).text()
    }

    /// What names do not share at their beginning and end.
    private static func endings(_ names: [String]) -> [String] {
        let characters = names.map(Array.init)
        guard let first = characters.first else { return [] }
        let limit = characters.map(\.count).min() ?? 0
        var start = (0..<limit).first { place in characters.contains { $0[place] != first[place] } } ?? limit
        // class_10 and class_11 differ in 10 and 11, not in 0 and 1.
        while start > 0, first[start - 1].isNumber { start -= 1 }
        return characters.map { String($0[start...]) }
    }

    /// The class of each label, in the order of the outputs; nil for one that is none of the classes.
    public func places(_ labels: [String]) -> [Int32?] {
        let known = Dictionary(names.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
        return labels.map { known[Self.canonical($0)] }
    }

    /// How far the probabilities of a row may be from summing to 1: they were rounded when they were written.
    public static let tolerance = 0.02

    /// The probabilities [n, C] in a table, in double precision, each row summing to 1.
    ///
    /// Throws `DataError` (malformed), which names row and column, for a value that is none, and rows that do not sum to 1.
    public func probabilities(_ table: Table, path: String) throws -> Tensor {
        let read = try columns.map { name in
            guard let column = table[name] else {
                throw DataError(
                    .malformed, path: path,
                    problem: "there is no column '\(name.printable())' with predicted probabilities",
                    hint: Nearest.match(name, among: table.columns.map(\.name)).map {
                        "is it '\($0.printable(limit: 40))'?"
                    }
                        ?? "columns are matched by name; there are \(TableEncoding.list(table.columns.map(\.name)))")
            }
            return column.numbers
        }
        var values: [Double] = []
        for row in 0..<table.rowCount {
            let own = read.map { $0[row] }
            for (name, value) in zip(columns, own) where !(value >= -1e-6 && value <= 1 + 1e-6) {
                throw DataError(
                    .malformed, path: "\(path), row \(row + 1), column '\(name.printable())'",
                    expected: "a probability from 0 to 1", found: value.isNaN ? "a missing value" : "\(value)")
            }
            let all = (own.count == 1 ? [1 - own[0], own[0]] : own).map { min(max($0, 0), 1) }
            let sum = all.reduce(0, +)
            guard abs(sum - 1) <= Self.tolerance else {
                throw DataError(
                    .malformed, path: "\(path), row \(row + 1)",
                    problem: "the probabilities \(columns.joined(separator: ", ").printable()) sum to "
                        + "\(NumberText.fixed(sum, digits: 3)), not to 1",
                    hint: "--predictions takes a column for every class")
            }
            // In single precision, as the reference's are kept: equal values must stay equal.
            values += all.map { Double(Float($0 / sum)) }
        }
        return Tensor(values, shape: [table.rowCount, names.count])
    }
}
