import CKernels

@testable import Tensors

/// A second implementation of the seam: plain loops over plain lists in double precision, slow and easy to check.
///
/// The derivative table is run on it and on the processor's backend; both must agree.
final class ReferenceBackend: Backend {
    static let shared = ReferenceBackend()

    let name = "plain loops"

    func allocate(bytes: Int) -> (block: UnsafeMutableRawPointer, sizeClass: Int) {
        (.allocate(byteCount: max(bytes, 1), alignment: 64), bytes)
    }

    func free(_ block: UnsafeMutableRawPointer, sizeClass: Int) { block.deallocate() }

    func upload(
        _ shape: Shape, _ precision: Precision, from body: (UnsafeMutableRawPointer) throws -> Void
    ) rethrows -> StridedArray {
        let result = StridedArray(uninitialized: shape, precision: precision, on: self)
        try body(result.storage.base)
        return result
    }

    func download<Result>(_ x: StridedArray, to body: (UnsafeRawPointer) throws -> Result) rethrows -> Result {
        let dense = copy(x)
        return try withExtendedLifetime(dense.storage) { try body(dense.storage.base) }
    }

    func map(_ op: ck_unary, _ x: consuming StridedArray) -> StridedArray {
        made(x.values.map(op.reference), x.shape, x)
    }

    func affine(_ x: consuming StridedArray, scale: Double, offset: Double) -> StridedArray {
        made(x.values.map { scale * $0 + offset }, x.shape, x)
    }

    func zip(_ op: ck_binary, _ a: consuming StridedArray, _ b: consuming StridedArray) -> StridedArray {
        made(Swift.zip(a.values, b.values).map(op.reference), a.shape, a)
    }

    func copy(_ x: StridedArray) -> StridedArray { made(x.values, x.shape, x) }

    func copy(_ x: StridedArray, into target: StridedArray) { target.write(x.values) }

    func fill(_ target: StridedArray, with value: Double) {
        target.write(Array(repeating: value, count: target.count))
    }

    func sum(_ x: StridedArray, axes: [Int]) -> StridedArray {
        let shape = x.shape.collapsing(axes)
        var sums = [Double](repeating: 0, count: shape.elementCount)
        for (place, value) in Swift.zip(x.places(in: shape), x.values) { sums[place] += value }
        return made(sums, shape, x)
    }

    func maxLast(_ x: StridedArray) -> StridedArray {
        made(x.rows.map { $0.reduce(-.infinity, Swift.max) }, x.shape.collapsing([x.shape.count - 1]), x)
    }

    func argmaxLast(_ x: StridedArray) -> [Int32] {
        x.rows.map { row in Int32(row.firstIndex(of: row.reduce(-.infinity, Swift.max)) ?? 0) }
    }

    func matmul(_ a: StridedArray, _ b: StridedArray, bias: StridedArray?) -> StridedArray {
        let (m, k, n) = (a.shape.lastTwo[0], a.shape.lastTwo[1], b.shape.lastTwo[1])
        var shape = a.shape
        shape[shape.count - 1] = n
        var result = bias?.broadcast(to: shape).values ?? Array(repeating: 0, count: shape.elementCount)
        let (left, right) = (a.values, b.values)
        for row in 0..<(n == 0 ? 0 : shape.elementCount / n) {
            for column in 0..<n {
                for inner in 0..<k {
                    result[row * n + column] += left[row * k + inner] * right[(row / m * k + inner) * n + column]
                }
            }
        }
        return made(result, shape, a)
    }

    func logSoftmax(_ x: StridedArray) -> StridedArray {
        let rows = x.rows.flatMap { row in
            let largest = row.reduce(-.infinity, Swift.max)
            let total = row.reduce(0) { $0 + ck_unary.exponential($1 - largest) }
            return row.map { $0 - largest - ck_unary.logarithm(total) }
        }
        return made(rows, x.shape, x)
    }

    func gather(_ x: StridedArray, axis: Int, indices: [Int32]) -> StridedArray {
        var shape = x.shape
        shape[axis] = indices.count
        let (outer, extent, inner) = x.shape.split(at: axis), values = x.values
        let result = (0..<outer).flatMap { block in
            indices.flatMap { index in (0..<inner).map { values[(block * extent + Int(index)) * inner + $0] } }
        }
        return made(result, shape, x)
    }

    func scatterAdd(_ x: StridedArray, axis: Int, indices: [Int32], count: Int) -> StridedArray {
        var shape = x.shape
        shape[axis] = count
        let (outer, extent, inner) = x.shape.split(at: axis), values = x.values
        var result = [Double](repeating: 0, count: shape.elementCount)
        for block in 0..<outer {
            for (row, index) in indices.enumerated() {
                let (from, to) = ((block * extent + row) * inner, (block * count + Int(index)) * inner)
                for place in 0..<inner { result[to + place] += values[from + place] }
            }
        }
        return made(result, shape, x)
    }

    /// A fresh array in the precision of another.
    func made(_ values: [Double], _ shape: Shape, _ like: StridedArray) -> StridedArray {
        let result = StridedArray(uninitialized: shape, precision: like.precision, on: self)
        result.write(values)
        return result
    }
}

extension StridedArray {
    /// Offsets of all elements in row-major order.
    private var offsets: [Int] {
        shape.indices.reduce([offset]) { found, axis in
            found.flatMap { start in (0..<shape[axis]).map { start + $0 * strides[axis] } }
        }
    }

    /// All elements in row-major order.
    var values: [Double] {
        switch precision {
        case .single: offsets.map { Double(storage.pointer($0, as: Float.self).pointee) }
        case .double: offsets.map { storage.pointer($0, as: Double.self).pointee }
        }
    }

    /// The elements of each row of the last axis.
    var rows: [[Double]] {
        let all = values, width = shape[shape.count - 1]
        return (0..<(width == 0 ? 0 : all.count / width)).map { Array(all[($0 * width)..<(($0 + 1) * width)]) }
    }

    /// Writes numbers in row-major order.
    func write(_ numbers: [Double]) {
        precondition(numbers.count == count, "write: \(numbers.count) numbers for \(shape)")
        for (place, number) in zip(offsets, numbers) {
            switch precision {
            case .single: storage.pointer(place, as: Float.self).pointee = Float(number)
            case .double: storage.pointer(place, as: Double.self).pointee = number
            }
        }
    }

    /// For each element, its place in an array of shape `target`, along whose axes of extent 1 all share a place.
    func places(in target: Shape) -> [Int] {
        let steps = target.contiguousStrides
        return viewed(
            shape: shape, strides: Shape(shape.indices.map { target[$0] == 1 ? 0 : steps[$0] }), offset: 0
        ).offsets
    }
}
