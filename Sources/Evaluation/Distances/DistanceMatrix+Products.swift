import Tensors

extension DistanceMatrix {
    /// Rows of one panel, columns (weights) of one block.
    static let (panelRows, blockColumns) = (64, 1024)
    /// Squared distances below this share of the squared norms are recomputed without cancellation.
    private static let cancellation = 1e-6

    /// Panels of rows that are measured at a time.
    static let stripPanels = 4

    /// Squared distances [A * B] row by row: written, or lowering what is there. Within one population each pair is
    /// measured once.
    static func measure(
        _ a: Tensor, _ b: Tensor, into squares: inout [Double], isWithin: Bool, replacing: Bool
    ) {
        let (rows, columns, width) = (a.shape[0], b.shape[0], a.shape[1])
        let blocks = stride(from: 0, to: width, by: blockColumns).map { $0..<min(width, $0 + blockColumns) }
        let right = blocks.map { panels(b, $0) }
        let norms = squaredNorms(b)
        for start in stride(from: 0, to: rows, by: stripPanels * panelRows) {
            let strip = a.sliced(axis: 0, start..<min(rows, start + stripPanels * panelRows))
            let first = isWithin ? start : 0
            let rest = first == 0 ? right : right.map { $0.sliced(axis: 0, first / panelRows..<$0.shape[0]) }
            let products = products(strip, blocks, columns: columns - first) { rest[$0.lowerBound / blockColumns] }
                .doubles
            squares.withUnsafeMutableBufferPointer { squares in
                lower(
                    UnsafeMutableBufferPointer(rebasing: squares[start * columns..<(start + strip.shape[0]) * columns]),
                    from: first, to: products, strip, b, norms, replacing: replacing)
                guard isWithin else { return }
                parallelFor(columns - start - strip.shape[0]) { item in
                    let column = start + strip.shape[0] + item
                    for row in start..<(start + strip.shape[0]) {
                        squares[column * columns + row] = squares[row * columns + column]
                    }
                }
            }
        }
    }

    /// Squared distances of some rows of [N, D] to all from the first of them on, into [rows, N]; the rows begin a panel.
    static func measure(
        _ form: Tensor, _ rows: Range<Int>, _ norms: [Double], into squares: UnsafeMutableBufferPointer<Double>,
        replacing: Bool
    ) {
        let (count, width) = (form.shape[0], form.shape[1])
        let strip = form.sliced(axis: 0, rows)
        let rest = form.sliced(axis: 0, rows.lowerBound..<count)
        let blocks = stride(from: 0, to: width, by: blockColumns).map { $0..<min(width, $0 + blockColumns) }
        let products = products(strip, blocks, columns: count - rows.lowerBound) { panels(rest, $0) }.doubles
        lower(squares, from: rows.lowerBound, to: products, strip, form, norms, replacing: replacing)
    }

    /// |row|^2 of every row.
    static func squaredNorms(_ rows: Tensor) -> [Double] {
        rows.withFloats { values in (0..<rows.shape[0]).map { squaredNorm(values, $0, rows.shape[1]) } }
    }

    /// The squared distances of one strip of rows, from column `first` on, from their inner products.
    private static func lower(
        _ squares: UnsafeMutableBufferPointer<Double>, from first: Int, to products: [Double], _ strip: Tensor,
        _ b: Tensor,
        _ norms: [Double], replacing: Bool
    ) {
        let (columns, width) = (b.shape[0], b.shape[1])
        let across = (columns - first + panelRows - 1) / panelRows
        strip.withFloats { left in
            b.withFloats { right in
                parallelFor(strip.shape[0]) { row in
                    let norm = squaredNorm(left, row, width)
                    for column in first..<columns {
                        let panel = row / panelRows * across + (column - first) / panelRows
                        let place = (panel * panelRows + row % panelRows) * panelRows + (column - first) % panelRows
                        let scale = norm + norms[column]
                        var square = scale - 2 * products[place]
                        if square < cancellation * scale { square = direct(left, row, right, column, width) }
                        let entry = row * columns + column
                        squares[entry] = replacing ? square : min(squares[entry], square)
                    }
                }
            }
        }
    }

    /// Inner products [A panels, B panels, 64, 64] of a strip, rows beyond the last being zero.
    ///
    /// - right: the other population's panels of a block.
    private static func products(
        _ strip: Tensor, _ blocks: [Range<Int>], columns: Int, right: (Range<Int>) -> Tensor
    ) -> Tensor {
        var sum: Tensor?
        for block in blocks {
            let left = panels(strip, block)
            let product = matmul(
                left.reshaped([left.shape[0], 1, panelRows, block.count]), right(block), transposeB: true)
            sum = sum.map { $0 + product } ?? product
        }
        let acrossCount = (columns + panelRows - 1) / panelRows
        return sum ?? .zeros([panelCount(strip), acrossCount, panelRows, panelRows], precision: .double)
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
