import Basics
import ModelZoo

/// The small-CNN zoo's `layout.csv`: which columns of a row are which TensorFlow variable.
struct RowLayout: Sendable {
    private struct Part: Sendable {
        let name: String
        let shape: [Int]
        let range: Range<Int>
    }

    private let parts: [Part]
    private static let columns = ["varname", "start_idx", "end_idx", "shape"]

    /// Reads the table; throws `.malformed` where the parts are not consecutive or do not fill `width` columns.
    init(path: String, width: Int) throws {
        var table = try TableReader(contentsOf: path)
        guard let places = table.places(of: Self.columns) else {
            throw DataError(
                .malformed, path: path, expected: "the columns \(Self.columns.joined(separator: ", "))",
                found: table.names.prefix(20).joined(separator: ", "))
        }
        var parts: [Part] = []
        var next = 0
        while try table.nextRow() {
            let cells = table.texts
            let (name, shape) = (cells[places[0]], Self.shape(cells[places[3]]))
            guard let start = Int(cells[places[1]]), let end = Int(cells[places[2]]), start == next, end >= start,
                end <= width, let shape, ForeignTensor.count(of: shape) == end - start
            else {
                throw table.problem(
                    column: 0,
                    expected: "a shape and its columns from \(next), at most to \(width)",
                    found: "\(name) \(cells[places[3]]) from \(cells[places[1]]) to \(cells[places[2]])")
            }
            parts.append(Part(name: name, shape: shape, range: start..<end))
            next = end
        }
        guard next == width, width > 0 else {
            throw DataError(.malformed, path: path, expected: "parts that fill \(width) columns", found: "\(next)")
        }
        self.parts = parts
    }

    /// A row's tensors, in our order of axes.
    func tensors(_ row: [Float]) -> [ForeignTensor] {
        var axes = TensorFlowAxes()
        return parts.map { part in
            axes.convert(
                ForeignTensor(
                    name: part.name, shape: part.shape, values: ForeignValues(floats: Array(row[part.range]))))
        }
    }

    /// The extents of `(3, 3, 1, 16)` or `[16]`.
    private static func shape(_ text: String) -> [Int]? {
        guard let open = text.first, let close = text.last, "([".contains(open), ")]".contains(close) else {
            return nil
        }
        let parts = text.dropFirst().dropLast().split(separator: ",").map { $0.filter { $0 != " " } }
        let extents = parts.filter { !$0.isEmpty }.map { Int($0) }
        return extents.contains(nil) ? nil : extents.compactMap { $0 }
    }
}
