import Tensors

/// Rows [N, D] that are read a block at a time, so that there may be more of them than memory holds.
public protocol RowSource {
    /// N.
    var count: Int { get }
    /// D.
    var width: Int { get }
    /// The rows of a range, row after row; the same ones each time.
    func rows(_ range: Range<Int>) throws -> [Float]
}

/// Rows that are in memory already.
public struct TensorRows: RowSource {
    private let tensor: Tensor

    /// Takes rows [N, D].
    public init(_ tensor: Tensor) {
        precondition(tensor.rank == 2, "TensorRows: shape \(tensor.shape)")
        self.tensor = tensor
    }

    /// N.
    public var count: Int { tensor.shape[0] }
    /// D.
    public var width: Int { tensor.shape[1] }
    /// The rows of a range.
    public func rows(_ range: Range<Int>) -> [Float] { tensor.sliced(axis: 0, range).floats }
}

/// A few rows, of which products take centred parts in double precision.
struct RowTile {
    /// Rows of a tile. Fixed: products are summed tile by tile, so that no result depends on how much memory there is.
    static let height = 32

    /// Index of the first row.
    let first: Int
    /// Rows that there are: `height`, but fewer in the last tile.
    let count: Int
    private let values: [Float]
    private let width: Int

    /// Reads tile `index`.
    init(_ source: some RowSource, tile index: Int) throws {
        first = index * Self.height
        count = min(Self.height, source.count - first)
        width = source.width
        values = try source.rows(first..<first + count)
        precondition(values.count == count * width, "RowSource: \(values.count) numbers for \(count) rows of \(width)")
    }

    /// Number of tiles that cover all rows.
    static func tiles(_ count: Int) -> Int { (count + height - 1) / height }

    /// Columns `block` of x - mean, rounded to single precision as elsewhere, as doubles [height, block]; rows beyond
    /// the last are 0.
    func centred(_ block: Range<Int>, _ mean: [Float]) -> Tensor {
        let length = block.count
        let part = [Double](unsafeUninitializedCapacity: Self.height * length) { target, filled in
            target.initialize(repeating: 0)
            values.withUnsafeBufferPointer { values in
                mean.withUnsafeBufferPointer { mean in
                    for row in 0..<count {
                        let (from, to) = (row * width + block.lowerBound, row * length)
                        for column in 0..<length {
                            target[to + column] = Double(values[from + column] - mean[block.lowerBound + column])
                        }
                    }
                }
            }
            filled = Self.height * length
        }
        return Tensor(part, shape: [Self.height, length])
    }

    /// Adds the rows to sums [D].
    func add(to sums: inout [Double]) {
        values.withUnsafeBufferPointer { values in
            sums.withUnsafeMutableBufferPointer { sums in
                for row in 0..<count {
                    for column in 0..<width { sums[column] += Double(values[row * width + column]) }
                }
            }
        }
    }
}
