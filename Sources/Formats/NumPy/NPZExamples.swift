import Basics
import ModelZoo

/// Labelled examples in a `.npz` file: an array of examples [n, ...] and one of n whole numbers, their labels.
///
/// The labels are the array called `labels`, `label`, `y` or `targets`; the examples the one called `images`, `inputs`,
/// `x` or `features`, or else the only other one.
package struct NPZExamples: Sendable {
    /// The examples' values, row after row.
    package let values: [Float]
    /// Shape of one example.
    package let shape: [Int]
    /// The labels as the file has them.
    package let labels: [Int64]

    private static let labelNames = ["labels", "label", "y", "targets"]
    private static let exampleNames = ["images", "inputs", "x", "X", "features"]

    /// Reads a file; throws `DataError` where it is not there, is no archive of arrays, or has not two that fit together.
    package init(path: String) throws {
        let archive = try ZipArchive(path: path)
        func refuse(_ expected: String) -> DataError {
            DataError(
                .malformed, path: path, expected: expected,
                found: archive.entries.prefix(12).map(\.name).joined(separator: ", "))
        }
        let names = archive.entries.map(\.name).filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
        guard let label = Self.labelNames.first(where: names.contains) else {
            throw refuse("an array of labels called \(Self.labelNames.joined(separator: ", "))")
        }
        let others = names.filter { $0 != label }
        guard let name = Self.exampleNames.first(where: others.contains) ?? (others.count == 1 ? others[0] : nil) else {
            throw refuse("an array of examples called \(Self.exampleNames.joined(separator: ", "))")
        }
        func array(_ name: String) throws -> NPYArray? {
            try archive["\(name).npy"].map { entry in
                try NPYArray(place: "\(path), \(entry.name)", bytes: try archive.read(entry))
            }
        }
        guard let examples = try array(name), let targets = try array(label), targets.shape.count == 1,
            examples.shape.count >= 2, examples.shape[0] == targets.shape[0]
        else { throw refuse("examples [n, ...] and n labels") }
        shape = Array(examples.shape.dropFirst())
        values = try examples.tensor(name).values.doubles().map { Float($0) }
        switch try targets.column() {
        case .integer(let labels): self.labels = labels
        case .unsigned(let labels): self.labels = labels.map { Int64(clamping: $0) }
        case .real, .text:
            throw DataError(
                .malformed, path: "\(path), \(label).npy", expected: "whole numbers, the examples' classes",
                found: "another kind of values")
        }
    }
}
