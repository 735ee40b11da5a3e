import Basics
import Networks

extension OpenZooFile {
    /// Opens `/weights` and checks it against the layout.
    static func weights(in file: borrowing HDF5File, layout: ParameterLayout) throws -> HDF5Dataset {
        let dataset = try file.dataset("/weights")
        guard case .real = dataset.element, dataset.shape.count == 2 else {
            throw DataError(
                .malformed, path: dataset.place, expected: "real numbers [N, D]",
                found: "\(dataset.element) \(dataset.shape)")
        }
        guard dataset.shape[1] == layout.count else {
            let isWhole = layout.bufferCount > 0 && dataset.shape[1] >= layout.count + layout.bufferCount
            throw DataError(
                .malformed, path: dataset.place, expected: "rows of the layout: \(layout.brief)",
                found: "D = \(dataset.shape[1])",
                hint: isWhole ? "running statistics go to /buffers, counters of batches nowhere" : "")
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
        let fits =
            dataset.shape.count == shape.count
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
        case .opaque, .other:
            throw DataError(
                .malformed, path: dataset.place, expected: "numbers or text", found: "\(dataset.element)")
        }
    }

    /// The columns with the split as whole numbers, where it is written as words or as other numbers; throws
    /// `.malformed` naming a value that is no split.
    static func settlingSplit(_ columns: ZooColumns, path: String) throws -> ZooColumns {
        guard let split = columns["split"] else { return columns }
        func refuse(_ found: String, _ row: Int) -> DataError {
            DataError(
                .malformed, path: "\(path):/networks/split",
                problem: "\(found) for network \(row) is not a split: 0 is train, 1 validation, 2 test",
                hint: "in h5py: del f[\"networks/split\"]; f[\"networks/split\"] = numpy.array([...], \"i8\")")
        }
        func code(_ number: Double, _ row: Int) throws -> Int64 {
            if number.isNaN { return -1 }
            guard let code = Int(exactly: number), code == -1 || ZooSplit(rawValue: code) != nil else {
                throw refuse(ZooInspection.number(number), row)
            }
            return Int64(code)
        }
        var codes: [Int64] = []
        switch split {
        case .integer, .unsigned:
            for (row, value) in (split.numbers ?? []).enumerated() { _ = try code(value, row) }
            return columns
        case .real(let values): codes = try values.enumerated().map { try code($1, $0) }
        case .text(let words):
            codes = try words.enumerated().map { row, word in
                if word.isEmpty { return -1 }
                if let split = ZooSplit(word: word) { return Int64(split.rawValue) }
                guard let number = Double(word) else { throw refuse("the text '\(word.printable(limit: 40))'", row) }
                return try code(number, row)
            }
        }
        var settled = columns
        settled["split"] = .integer(codes)
        return settled
    }

    /// Checks the columns whose values mean something to us.
    static func check(_ columns: ZooColumns, checkpoints: Int?, path: String) throws {
        guard let checkpoints, let selected = columns.numbers("selected") else { return }
        if let row = selected.firstIndex(where: { $0 < 0 || $0 >= Double(checkpoints) }) {
            throw DataError(
                .malformed, path: "\(path):/networks/selected", expected: "an index below \(checkpoints)",
                found: "\(selected[row]) for network \(row)")
        }
    }
}
