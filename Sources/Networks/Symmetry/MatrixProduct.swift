import Tensors

/// A single-precision product `C[m, n] += A[m, k] B[n, k]^T` of dense row-major matrices.
public struct MatrixProduct: Sendable {
    /// Adds the product to `accumulate`.
    public typealias Body =
        @Sendable (
            _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ m: Int, _ k: Int, _ n: Int,
            _ accumulate: UnsafeMutablePointer<Float>
        ) -> Void

    private let body: Body

    /// Wraps an implementation, such as a BLAS library's; it must give the same bytes for the same operands.
    public init(_ body: @escaping Body) { self.body = body }

    /// Adds `A B^T` to `accumulate`.
    func callAsFunction(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ m: Int, _ k: Int, _ n: Int,
        _ accumulate: UnsafeMutablePointer<Float>
    ) {
        if m > 0 && k > 0 && n > 0 { body(a, b, m, k, n, accumulate) }
    }

    /// A portable implementation: panels of both operands are packed, tiles of 4 x 8 are summed in registers.
    public static let plain = MatrixProduct { a, b, m, k, n, accumulate in
        let depth = 256
        withScratch((n + 7) / 8 * 8 * depth + 4 * depth) { scratch in
            let left = scratch + (n + 7) / 8 * 8 * depth
            for start in stride(from: 0, to: k, by: depth) {
                let length = min(depth, k - start)
                pack(b + start, rows: n, k, length, width: 8, into: scratch)
                for top in stride(from: 0, to: m, by: 4) {
                    pack(a + top * k + start, rows: min(4, m - top), k, length, width: 4, into: left)
                    for side in stride(from: 0, to: n, by: 8) {
                        tile(
                            left, scratch + side * length, length, accumulate + top * n + side, n,
                            rows: min(4, m - top), columns: min(8, n - side))
                    }
                }
            }
        }
    }

    private static func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
        let scratch = UnsafeMutablePointer<Float>.allocate(capacity: count)
        defer { scratch.deallocate() }
        body(scratch)
    }

    /// Copies `rows` rows of `length` values in panels of `width` rows, transposed, missing rows as zeros.
    private static func pack(
        _ source: UnsafePointer<Float>, rows: Int, _ stride: Int, _ length: Int, width: Int,
        into target: UnsafeMutablePointer<Float>
    ) {
        for panel in 0..<(rows + width - 1) / width {
            let out = target + panel * width * length
            for lane in 0..<width {
                let row = panel * width + lane
                for index in 0..<length { out[index * width + lane] = row < rows ? source[row * stride + index] : 0 }
            }
        }
    }

    /// Adds one tile: the sum over `length` of outer products of 4 packed left and 8 packed right values.
    @inline(__always)
    private static func tile(
        _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ length: Int,
        _ target: UnsafeMutablePointer<Float>, _ stride: Int, rows: Int, columns: Int
    ) {
        var sums = (SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>())
        let raw = UnsafeRawPointer(right)
        for index in 0..<length {
            let values = raw.loadUnaligned(fromByteOffset: index * 32, as: SIMD8<Float>.self)
            let scalars = left + index * 4
            sums.0 += scalars[0] * values
            sums.1 += scalars[1] * values
            sums.2 += scalars[2] * values
            sums.3 += scalars[3] * values
        }
        let all = [sums.0, sums.1, sums.2, sums.3]
        for row in 0..<rows {
            for column in 0..<columns { target[row * stride + column] += all[row][column] }
        }
    }
}

extension MatrixProduct {
    /// The product by OpenBLAS on the engine's threads: same bytes for the same operands.
    public static let blas = MatrixProduct { a, b, m, k, n, accumulate in
        accumulateProduct(a, b, m: m, k: k, n: n, into: accumulate)
    }
}
