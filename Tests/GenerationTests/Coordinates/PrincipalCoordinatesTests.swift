import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Principal coordinates")
struct PrincipalCoordinatesTests {
    private static func rows(_ n: Int, _ d: Int, seed: UInt64 = 1) -> Tensor {
        var stream = RandomStream(seed: seed, purpose: "rows")
        // Weights have a mean, and columns of different size.
        return stream.normal([n, d]) * (stream.uniform([1, d]) + 0.1) + stream.normal([1, d])
    }

    /// The widest crosses the blocks of 4,096 columns in which sums are taken.
    @Test("N - 1 components lose nothing on the training rows", arguments: [(2, 3), (20, 7), (20, 700), (12, 9001)])
    func lossless(_ n: Int, _ d: Int) throws {
        let rows = Self.rows(n, d)
        let pca = try #require(PrincipalCoordinates(fitting: rows, components: n - 1))
        #expect(pca.dimension == min(n - 1, d) && pca.parameterCount == d)
        #expect(relativeDifference(pca.decode(pca.encode(rows)), rows) < 1e-5)
        #expect(abs(pca.capturedVariance - 1) < 1e-9)
        let identity = Tensor.oneHot((0..<pca.dimension).map { Int32($0) }, classes: pca.dimension)
        #expect(relativeDifference(matmul(pca.components, pca.components, transposeB: true), identity) < 1e-5)
    }

    /// Columns of zeros change nothing but the way: with more columns than rows the Gram matrix is decomposed.
    @Test("more rows than columns: the same components as through the Gram matrix", arguments: [(8, 7), (40, 6)])
    func throughTheScatterMatrix(_ n: Int, _ d: Int) throws {
        let rows = Self.rows(n, d, seed: 4)
        let direct = try #require(PrincipalCoordinates(fitting: rows, components: n - 1))
        let wide = rows.padded(axis: 1, before: 0, after: n)
        let gram = try #require(PrincipalCoordinates(fitting: wide, components: n - 1))
        #expect(direct.dimension == min(d, n - 1) && gram.dimension == direct.dimension)
        #expect(relativeDifference(direct.variances, gram.variances) < 1e-6)
        #expect(abs(direct.capturedVariance - gram.capturedVariance) < 1e-9)
        #expect(relativeDifference(direct.components, gram.components.sliced(axis: 1, 0..<d)) < 1e-4)
        let few = try #require(PrincipalCoordinates(fitting: rows, components: 2))
        #expect(few.components.floats == direct.components.sliced(axis: 0, 0..<2).floats)
    }

    @Test("more rows than columns that do not vary, or are not finite: nil")
    func noVariance() {
        #expect(PrincipalCoordinates(fitting: .zeros([9, 3]) + 2, components: 2) == nil)
        var values = Self.rows(9, 3).floats
        values[4] = .nan
        #expect(PrincipalCoordinates(fitting: Tensor(values, shape: [9, 3]), components: 2) == nil)
    }

    @Test("codes are centred, uncorrelated, and carry the stated variances")
    func codes() throws {
        let n = 30
        let rows = Self.rows(n, 400)
        let pca = try #require(PrincipalCoordinates(fitting: rows, components: 10))
        let codes = pca.encode(rows).converted(to: .double)
        let scale = pca.variances[0].squareRoot()
        #expect(codes.mean(axes: [0]).doubles.allSatisfy { abs($0) < 1e-5 * scale })
        let covariance = matmul(codes, codes, transposeA: true) / Double(n - 1)
        let diagonal =
            Tensor.oneHot((0..<10).map { Int32($0) }, classes: 10, precision: .double)
            * Tensor(pca.variances, shape: [10])
        #expect(relativeDifference(covariance, diagonal) < 1e-5)
        #expect(zip(pca.variances, pca.variances.dropFirst()).allSatisfy { $0 >= $1 })
        let total = (rows - rows.mean(axes: [0])).converted(to: .double).square().sum().scalar / Double(n - 1)
        #expect(abs(pca.capturedVariance - pca.variances.reduce(0, +) / total) < 1e-6, "of the total")
    }

    /// X = sum_j s_j u_j e_j' with u_j(i) = sqrt(2/N) cos(2 pi j i / N): orthonormal columns of mean zero.
    @Test(
        "captured variance of known singular values 4, 3, 2, 1",
        arguments: [(1, 16.0 / 30), (2, 25.0 / 30), (3, 29.0 / 30), (9, 1)])
    func closedForm(_ count: Int, _ share: Double) throws {
        let n = 12
        let d = 20
        let angles = Tensor(
            (0..<n).flatMap { i in (1...4).map { Double($0 * i) * 2 * .pi / Double(n) } }, shape: [n, 4])
        let u = angles.cos() * (2 / Double(n)).squareRoot()
        let x = (u * Tensor([4, 3, 2, 1] as [Double], shape: [4])).padded(axis: 1, before: 5, after: d - 9)
        let pca = try #require(PrincipalCoordinates(fitting: (x + 0.5).converted(to: .single), components: count))
        #expect(pca.dimension == min(count, 4), "no more than the rows span")
        #expect(abs(pca.capturedVariance - share) < 1e-6)
        let expected = [16.0, 9, 4, 1].prefix(count).map { $0 / Double(n - 1) }
        #expect(relativeDifference(pca.variances, expected) < 1e-6)
        for index in 0..<pca.dimension {
            let component = pca.components.selected(axis: 0, index).doubles
            #expect(abs(abs(component[5 + index]) - 1) < 1e-6)
        }
    }

    /// numpy.linalg.svd of the centred rows; signs so that the left vector's largest entry is positive.
    @Test("equals NumPy's singular value decomposition")
    func numpy() throws {
        let rows = Tensor(
            [2, 0, -1, 3, 5, 1, 4, 0, -2, 1, -3, 2, 2, 0, 4, 0, 1, 5, 1, -1, 4, -2, 3, 2, 0, 1, 1, -4, 6, 2] as [Float],
            shape: [6, 5])
        let pca = try #require(PrincipalCoordinates(fitting: rows, components: 5))
        #expect(relativeDifference(pca.variances, Self.variances) < 1e-6)
        #expect(relativeDifference(pca.components.doubles, Self.components.flatMap { $0 }) < 1e-5)
    }

    private static let variances: [Double] = [15.505785608, 9.936873588, 4.002452494, 2.814088126, 0.107466851]
    private static let components: [[Double]] = [
        [0.143274931, -0.093358779, -0.743095663, 0.563864913, 0.317209125],
        [0.577048112, -0.540695586, 0.284152318, 0.364232356, -0.401566945],
        [0.473922804, 0.437141677, -0.442475246, -0.335719046, -0.525178740],
        [0.542045901, -0.227736289, 0.007586798, -0.515904980, 0.622982276],
        [0.357870352, 0.675259771, 0.413792694, 0.412947847, 0.272401788],
    ]

    @Test("a row outside the training rows is projected: what is lost is orthogonal to the components")
    func projection() throws {
        let pca = try #require(PrincipalCoordinates(fitting: Self.rows(10, 60), components: 5))
        let fresh = Self.rows(4, 60, seed: 2)
        let lost = fresh - pca.decode(pca.encode(fresh))
        #expect(lost.abs().mean().scalar > 0.1)
        #expect(matmul(lost, pca.components, transposeB: true).doubles.allSatisfy { abs($0) < 1e-4 })
        #expect(pca.encode(pca.mean.reshaped([1, 60])).doubles.allSatisfy { $0 == 0 })
    }

    @Test("rows without variance, or with numbers that are not finite, have no components")
    func refusals() {
        #expect(PrincipalCoordinates(fitting: .full([5, 8], 0.3), components: 4) == nil)
        var values = Self.rows(5, 8).floats
        values[17] = .nan
        #expect(PrincipalCoordinates(fitting: Tensor(values, shape: [5, 8]), components: 4) == nil)
    }

    @Test("repeated rows span fewer dimensions")
    func repeatedRows() throws {
        let rows = Self.rows(4, 50).gathered(axis: 0, [0, 1, 2, 3, 3, 2, 1, 0])
        let pca = try #require(PrincipalCoordinates(fitting: rows, components: 7))
        #expect(pca.dimension == 3 && relativeDifference(pca.decode(pca.encode(rows)), rows) < 1e-5)
    }

    @Test("raw coordinates are the weights")
    func raw() {
        let raw = RawCoordinates(parameterCount: 8)
        let rows = Self.rows(3, 8)
        #expect(raw.dimension == 8 && raw.encode(rows).bits == rows.bits && raw.decode(rows).bits == rows.bits)
    }
}
