import Tensors

/// The nearest networks of each network of one population, found a strip of rows at a time: memory grows with the number of
/// networks and not with its square.
///
/// Distances are those of a ``DistanceMatrix`` of the same population, bit for bit; of each row the few nearest columns are
/// kept.
struct NearestSearch {
    /// N, the number of networks.
    let count: Int
    /// Columns kept a row.
    private let kept: Int
    /// The squared distances that are kept, [N, kept], nearest first.
    private var squares: [Double]
    /// Their columns, -1 where there is none.
    private var columns: [Int32]

    /// Measures the networks of one population in several forms and keeps for each the `keeping` others that are nearest in
    /// the least of them.
    init(leastOf forms: [Tensor], keeping: Int, sharing: any WorkSharing = OneProcess()) {
        self.init(count: forms[0].shape[0], keeping: keeping)
        let strips = DistanceMatrix.strips(of: count, areLow: !sharing.isAlone)
        // The first strip has most columns left and the last one fewest: two from both ends together cost the same.
        let found = sharing.parts(of: (strips.count + 1) / 2) { pairs in
            let own = Set(pairs.flatMap { [$0, strips.count - 1 - $0] }).sorted()
            var search = NearestSearch(count: count, keeping: keeping)
            DistanceMatrix.forEachStrip(own.map { strips[$0] }, of: forms) { search.update($0) }
            return search.entries
        }
        for (_, entries) in found { merge(entries) }
    }

    private init(count: Int, keeping: Int) {
        (self.count, kept) = (count, keeping)
        squares = [Double](repeating: .infinity, count: count * keeping)
        columns = [Int32](repeating: -1, count: count * keeping)
    }

    /// A column that is kept, and its squared distance; below 0 where there is none.
    private struct Entry: BitwiseCopyable {
        let column: Int32
        let square: Double
    }

    private var entries: [Entry] { zip(columns, squares).map { Entry(column: $0, square: $1) } }

    /// Takes the entries of a search of other strips: the nearest of both, the first of equals.
    private mutating func merge(_ others: [Entry]) {
        for row in 0..<count {
            let own = row * kept..<(row + 1) * kept
            keep(own.map { Entry(column: columns[$0], square: squares[$0]) } + others[own], for: row)
        }
    }

    private mutating func keep(_ entries: [Entry], for row: Int) {
        let all = entries.filter { $0.column >= 0 }.sorted { ($0.square, $0.column) < ($1.square, $1.column) }
        for (place, entry) in all.prefix(kept).enumerated() {
            (columns[row * kept + place], squares[row * kept + place]) = (entry.column, entry.square)
        }
    }

    /// Takes the distances of a strip: of its rows to all columns from the strip on, and of later columns to its rows.
    private mutating func update(_ strip: DistanceMatrix.Strip) {
        let (count, kept) = (count, kept)
        squares.withUnsafeMutableBufferPointer { squares in
            columns.withUnsafeMutableBufferPointer { columns in
                parallelFor(strip.rows.count) { item in
                    let row = strip.rows.lowerBound + item
                    var places = Places(squares, columns, row: row, kept: kept)
                    for column in strip.rows.lowerBound..<count where column != row {
                        places.insert(column, strip.squared(row, column))
                    }
                }
                parallelFor(count - strip.rows.upperBound) { item in
                    let column = strip.rows.upperBound + item
                    var places = Places(squares, columns, row: column, kept: kept)
                    for row in strip.rows { places.insert(row, strip.squared(row, column)) }
                }
            }
        }
    }

    /// The places of one row.
    private struct Places {
        private let squares: UnsafeMutableBufferPointer<Double>
        private let columns: UnsafeMutableBufferPointer<Int32>
        private let start: Int
        private let kept: Int

        init(
            _ squares: UnsafeMutableBufferPointer<Double>, _ columns: UnsafeMutableBufferPointer<Int32>, row: Int,
            kept: Int
        ) {
            (self.squares, self.columns, start, self.kept) = (squares, columns, row * kept, kept)
        }

        /// Puts a column where it belongs, behind others as near; a distance that is not finite has no place. Columns come
        /// in their order.
        mutating func insert(_ column: Int, _ square: Double) {
            guard square.isFinite, square < squares[start + kept - 1] else { return }
            var place = start + kept - 1
            while place > start, square < squares[place - 1] {
                (squares[place], columns[place]) = (squares[place - 1], columns[place - 1])
                place -= 1
            }
            (squares[place], columns[place]) = (square, Int32(column))
        }
    }

    /// The networks nearest to one, nearest first, the first of equals; at most as many as are kept.
    func nearest(to row: Int) -> [Int] {
        columns[row * kept..<(row + 1) * kept].filter { $0 >= 0 }.map(Int.init)
    }

    /// The squared distance of a network from its nearest other one; infinite without any.
    func least(of row: Int) -> Double { squares[row * kept] }

    /// Lowers single distances to what was found to be attained, both ways.
    mutating func lower(at found: [(row: Int, column: Int, square: Double)]) {
        for (row, column, square) in found {
            lower(row, column, square)
            lower(column, row, square)
        }
    }

    private mutating func lower(_ row: Int, _ column: Int, _ square: Double) {
        guard square.isFinite else { return }
        var all = (row * kept..<(row + 1) * kept).map { Entry(column: columns[$0], square: squares[$0]) }
        if let place = all.firstIndex(where: { $0.column == Int32(column) }) {
            all[place] = Entry(column: Int32(column), square: min(all[place].square, square))
        } else {
            all.append(Entry(column: Int32(column), square: square))
        }
        keep(all, for: row)
    }

    /// For each network its nearest other one.
    func neighbours() -> [Neighbour] {
        (0..<count).map { row in
            let column = columns[row * kept]
            return column < 0
                ? Neighbour(index: nil, distance: .nan)
                : Neighbour(index: Int(column), distance: max(0, squares[row * kept]).squareRoot())
        }
    }
}

extension DistanceMatrix {
    /// Squared distances of a strip of rows to all columns from the first of its rows on.
    struct Strip {
        /// The rows of the strip.
        let rows: Range<Int>
        fileprivate let squares: UnsafeMutableBufferPointer<Double>
        fileprivate let columnCount: Int

        /// The squared distance of a row of the strip from a column that is not before the strip: measured the way round
        /// in which a matrix of the whole population has it.
        func squared(_ row: Int, _ column: Int) -> Double {
            let isMirrored = column / measuredRows < row / measuredRows
            let (row, column) = isMirrored ? (column, row) : (row, column)
            return squares[(row - rows.lowerBound) * columnCount + column]
        }
    }

    /// Rows that are measured at a time against all later ones, both ways among themselves.
    private static let measuredRows = stripPanels * panelRows
    /// Rows of a strip: the other side's panels are converted again for every strip, which costs little beside its products.
    private static let stripRows = 4 * measuredRows

    /// The strips of `count` rows: high ones, or low ones, of which several processes have enough.
    static func strips(of count: Int, areLow: Bool) -> [Range<Int>] {
        let height = areLow ? measuredRows : stripRows
        return stride(from: 0, to: count, by: height).map { $0..<min(count, $0 + height) }
    }

    /// Hands out the distances among the rows of one population, the least over its forms [N, D], a strip after the other.
    static func forEachStrip(of forms: [Tensor], _ body: (Strip) -> Void) {
        forEachStrip(strips(of: forms[0].shape[0], areLow: false), of: forms, body)
    }

    /// The same for some strips.
    static func forEachStrip(_ strips: [Range<Int>], of forms: [Tensor], _ body: (Strip) -> Void) {
        let forms = forms.map(\.detached)
        let count = forms[0].shape[0]
        guard let height = strips.map(\.count).max() else { return }
        let norms = forms.map { squaredNorms($0) }
        var squares = [Double](repeating: .infinity, count: height * count)
        for rows in strips {
            squares.withUnsafeMutableBufferPointer { squares in
                for (index, form) in forms.enumerated() {
                    measure(form, rows, norms[index], into: squares, replacing: index == 0)
                }
                body(Strip(rows: rows, squares: squares, columnCount: count))
            }
        }
    }
}
