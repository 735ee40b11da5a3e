import Basics
import Networks

extension ZooReader {
    /// Opens `/weights` and checks it against the layout.
    static func weights(in file: borrowing HDF5File, layout: ParameterLayout) throws -> HDF5Dataset {
        let dataset = try file.dataset("/weights")
        guard case .real = dataset.element, dataset.shape.count == 2 else {
            throw DataError(
                .malformed, path: dataset.place, expected: "real numbers [N, D]",
                found: "\(dataset.element) \(dataset.shape)")
        }
        guard dataset.shape[1] == layout.count else {
            throw DataError(
                .malformed, path: dataset.place, expected: "rows of the layout: \(layout.brief)",
                found: "D = \(dataset.shape[1])")
        }
        guard dataset.shape[0] > 0 else {
            throw DataError(.malformed, path: dataset.place, expected: "at least one network", found: "none")
        }
        return dataset
    }

    /// Opens a dataset where it is there; its shape must be as given (nil: any extent above 0).
    static func optional(
        _ name: String, in file: borrowing HDF5File, shape: [Int?], real: Bool = true
    ) throws -> HDF5Dataset? {
        guard try file.contains(name) else { return nil }
        let dataset = try file.dataset(name)
        let isReal = if case .real = dataset.element { true } else { false }
        let fits = dataset.shape.count == shape.count
            && zip(dataset.shape, shape).allSatisfy { $0 > 0 && $0 == ($1 ?? $0) }
        guard fits, isReal == real, dataset.element.isNumeric else {
            let extents = shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
            throw DataError(
                .malformed, path: dataset.place, expected: "\(real ? "real numbers" : "integers") [\(extents)]",
                found: "\(dataset.element) \(dataset.shape)", hint: "the extents follow from /weights and the layout")
        }
        return dataset
    }

    /// Reads every dataset of `/networks` as a column.
    static func columns(in file: borrowing HDF5File, count: Int) throws -> ZooColumns {
        var columns = ZooColumns(count: count)
        guard try file.contains("/networks") else { return columns }
        for name in try file.children(of: "/networks") {
            let path = "/networks/\(name)"
            guard try file.kind(of: path) == .dataset else { continue }
            let dataset = try file.dataset(path)
            guard dataset.shape == [count] else {
                throw DataError(
                    .malformed, path: dataset.place, expected: "one value for each of \(count) networks",
                    found: "\(dataset.shape)")
            }
            columns[name] = try column(dataset)
        }
        return columns
    }

    private static func column(_ dataset: borrowing HDF5Dataset) throws -> ZooColumn {
        let rows = 0..<dataset.shape[0]
        switch dataset.element {
        case .real: return .real(try dataset.read(rows: rows))
        case .integer(bytes: 8, signed: false): return .unsigned(try dataset.read(rows: rows))
        case .integer: return .integer(try dataset.read(rows: rows))
        case .fixedText, .variableText: return .text(try dataset.readText())
        case .other(let name):
            throw DataError(.malformed, path: dataset.place, expected: "numbers or text", found: name)
        }
    }

    /// Checks the columns whose values mean something to us.
    static func check(_ columns: ZooColumns, checkpoints: Int?, path: String) throws {
        let codes = Set(ZooSplit.allCases.map { Double($0.rawValue) })
        if let split = columns["split"] {
            let isWhole = switch split { case .integer, .unsigned: true; default: false }
            guard isWhole, split.numbers?.allSatisfy({ $0.isNaN || codes.contains($0) }) == true else {
                throw DataError(
                    .malformed, path: "\(path):/networks/split",
                    expected: "the integers 0 (train), 1 (validation), 2 (test)", found: "other values")
            }
        }
        guard let checkpoints, let selected = columns.numbers("selected") else { return }
        if let row = selected.firstIndex(where: { $0 < 0 || $0 >= Double(checkpoints) }) {
            throw DataError(
                .malformed, path: "\(path):/networks/selected", expected: "an index below \(checkpoints)",
                found: "\(selected[row]) for network \(row)")
        }
    }
}
