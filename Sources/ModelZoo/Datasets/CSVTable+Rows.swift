import Basics

extension CSVTable {
    /// Collects rows while a file is read.
    struct Rows {
        let label: Int
        let allowsMissing: Bool
        private(set) var features: [Float] = []
        /// For every row the number of its class, in the order in which the classes appeared.
        private(set) var labels: [Int32] = []
        private var names: [String] = []
        private var numbers: [ArraySlice<UInt8>: Int32] = [:]

        init(label: Int, allowsMissing: Bool) {
            self.label = label
            self.allowsMissing = allowsMissing
        }

        /// Adds one row; throws for a cell that is no number and for a missing class.
        mutating func append(_ cells: [CSVScanner.Cell], from scanner: CSVScanner) throws {
            for (column, cell) in cells.enumerated() {
                let text = scanner.bytes[cell.range]
                if column == label {
                    guard cell.isQuoted ? !text.isEmpty : !CSVNumber.isMissing(text) else {
                        throw scanner.problem(column: column, expected: "a class", found: "'\(scanner.text(cell))'")
                    }
                    labels.append(number(of: text, cell, scanner))
                } else if let value = CSVNumber.parse(text) {
                    features.append(value)
                } else {
                    guard CSVNumber.isMissing(text) else {
                        throw scanner.problem(
                            column: column, expected: "a finite number", found: "'\(scanner.text(cell))'")
                    }
                    guard allowsMissing else {
                        throw scanner.problem(
                            column: column, expected: "a finite number",
                            found: "the missing value '\(scanner.text(cell))'")
                    }
                    features.append(.nan)
                }
            }
        }

        private mutating func number(
            of text: ArraySlice<UInt8>, _ cell: CSVScanner.Cell, _ scanner: CSVScanner
        ) -> Int32 {
            if let known = numbers[text] { return known }
            let fresh = Int32(names.count)
            numbers[text] = fresh
            names.append(scanner.text(cell))
            return fresh
        }

        /// Labels and names with the classes in their lasting order; throws when the classes are fractions.
        func classes(path: String) throws -> (labels: [Int32], names: [String]) {
            let values = names.map { Double($0) }
            if let index = values.firstIndex(where: { $0.map { $0 != $0.rounded() } ?? false }),
                values.allSatisfy({ $0 != nil })
            {
                throw DataError(
                    .malformed, path: path, expected: "classes (whole numbers or words) in column \(label + 1)",
                    found: "'\(names[index])'", hint: "choose another label column")
            }
            let areNumbers = values.allSatisfy { $0 != nil }
            let order = names.indices.sorted { left, right in
                if areNumbers, let first = values[left], let second = values[right], first != second {
                    return first < second
                }
                return names[left].utf8.lexicographicallyPrecedes(names[right].utf8)
            }
            var place = [Int32](repeating: 0, count: names.count)
            for (new, old) in order.enumerated() { place[old] = Int32(new) }
            return (labels.map { place[Int($0)] }, order.map { names[$0] })
        }
    }
}
