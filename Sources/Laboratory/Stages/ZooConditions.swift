import Basics
import Foundation
import Generation
import ModelZoo

extension ExperimentConfig {
    /// What a zoo's columns say of the networks at `rows`: one condition a network, nil for an unconditional generator.
    ///
    /// A label is a column's text, or its whole number as text; a number is a real or whole number. What is missing in a
    /// network's row is not told. `supports` has the support sets of a zoo of tasks.
    func asked(_ zoo: Zoo, at rows: [Int], supports: TaskSupports? = nil) throws -> [Condition]? {
        guard !description.conditions.isEmpty else { return nil }
        let labels = try description.conditions.label.column.map { try zoo.columns.labels($0) }
        let numbers = try description.conditions.number.columns.map { (name: $0, values: try zoo.columns.known($0)) }
        return try rows.map { row in
            let known = numbers.compactMap { column in
                column.values[row].isFinite ? (column.name, column.values[row]) : nil
            }
            return Condition(
                label: labels?[row], numbers: Dictionary(uniqueKeysWithValues: known),
                support: try supports?.pool(ofNetwork: row))
        }
    }

    /// The conditions of a run's training and validation networks, looked at and checked.
    func told(_ population: ZooPopulation, supports: TaskSupports? = nil) throws -> ToldConditions? {
        let rows = population.rows
        return try description.told(
            asked(population.zoo, at: rows.train, supports: supports), of: rows.train.count,
            rows.validation.isEmpty ? nil : asked(population.zoo, at: rows.validation, supports: supports),
            of: rows.validation.isEmpty ? nil : rows.validation.count)
    }
}

extension ZooColumns {
    /// A column of labels; nil where a network has none.
    fileprivate func labels(_ name: String) throws -> [String?] {
        switch self[name] {
        case .text(let values): return values.map { $0.isEmpty ? nil : $0 }
        case .integer(let values): return values.map { $0 == -1 ? nil : "\($0)" }
        case .unsigned(let values): return values.map { "\($0)" }
        case .real:
            throw DataError(
                .configuration, path: "conditions.label.column", expected: "a column of texts or whole numbers",
                found: "\(name), which holds real numbers", hint: "conditions.number takes those")
        case nil: throw missing(name, "conditions.label.column")
        }
    }

    /// A column of numbers, NaN where a network has none.
    fileprivate func known(_ name: String) throws -> [Double] {
        if let numbers = numbers(name) { return numbers }
        guard self[name] == nil else {
            throw DataError(
                .configuration, path: "conditions.number.columns", expected: "columns of numbers",
                found: "\(name), which holds texts", hint: "conditions.label takes those")
        }
        throw missing(name, "conditions.number.columns")
    }

    private func missing(_ name: String, _ key: String) -> DataError {
        DataError(
            .configuration, path: key, expected: "a column of the zoo's networks", found: name,
            hint: Nearest.hint(Nearest.match(name, among: names), of: names))
    }
}
