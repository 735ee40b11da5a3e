import Tensors

extension DistanceMatrix {
    /// Rows of one panel, columns (weights) of one block.
    private static let (panelRows, blockColumns) = (64, 1024)
    /// Squared distances below this share of the squared norms are recomputed without cancellation.
    private static let cancellation = 1e-6

    /// All squared distances, [A * B] row by row.
    static func squares(_ a: Tensor, _ b: Tensor) -> [Double] {
        let products = products(a, b).doubles
        let (rows, columns, width) = (a.shape[0], b.shape[0], a.shape[1])
        let across = (columns + panelRows - 1) / panelRows
        var result = [Double](repeating: 0, count: rows * columns)
        a.withFloats { left in
            b.withFloats { right in
                let norms = (0..<columns).map { squaredNorm(right, $0, width) }
                result.withUnsafeMutableBufferPointer { result in
                    parallelFor(rows) { row in
                        let norm = squaredNorm(left, row, width)
                        for column in 0..<columns {
                            let panel = row / panelRows * across + column / panelRows
                            let place = (panel * panelRows + row % panelRows) * panelRows + column % panelRows
                            let scale = norm + norms[column]
                            let square = scale - 2 * products[place]
                            result[row * columns + column] =
                                square < cancellation * scale ? direct(left, row, right, column, width) : square
                        }
                    }
                }
            }
        }
        return result
    }

    /// Inner products [A panels, B panels, 64, 64], rows beyond the last being zero.
    private static func products(_ a: Tensor, _ b: Tensor) -> Tensor {
        var sum: Tensor?
        for start in stride(from: 0, to: a.shape[1], by: blockColumns) {
            let block = start..<min(a.shape[1], start + blockColumns)
            let (left, right) = (panels(a, block), panels(b, block))
            let product = matmul(
                left.reshaped([left.shape[0], 1, panelRows, block.count]), right, transposeB: true)
            sum = sum.map { $0 + product } ?? product
        }
        return sum ?? .zeros(
            [panelCount(a), panelCount(b), panelRows, panelRows], precision: .double)
    }

    /// Columns `block` of all rows in double precision, [panels, 64, block].
    private static func panels(_ rows: Tensor, _ block: Range<Int>) -> Tensor {
        let count = panelCount(rows)
        return rows.sliced(axis: 1, block).converted(to: .double)
            .padded(axis: 0, before: 0, after: count * panelRows - rows.shape[0])
            .reshaped([count, panelRows, block.count])
    }

    private static func panelCount(_ rows: Tensor) -> Int { (rows.shape[0] + panelRows - 1) / panelRows }

    private static func squaredNorm(_ rows: UnsafeBufferPointer<Float>, _ row: Int, _ width: Int) -> Double {
        var sum = 0.0
        for column in 0..<width {
            let value = Double(rows[row * width + column])
            sum += value * value
        }
        return sum
    }

    private static func direct(
        _ a: UnsafeBufferPointer<Float>, _ row: Int, _ b: UnsafeBufferPointer<Float>, _ column: Int, _ width: Int
    ) -> Double {
        var sum = 0.0
        for index in 0..<width {
            let difference = Double(a[row * width + index]) - Double(b[column * width + index])
            sum += difference * difference
        }
        return sum
    }
}
