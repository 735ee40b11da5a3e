import Testing
import TestSupport

@testable import Tensors

@Suite("Symmetric eigenvalues")
struct LinearAlgebraTests {
    @Test("A = V' diag(values) V with orthonormal rows, largest first", arguments: [1, 2, 7, 60])
    func decomposition(_ n: Int) throws {
        let x = normalDoubles([n, n])
        let a = x + x.transposed()
        let eigen = try #require(SymmetricEigen(a))
        let v = eigen.vectors
        let scaled = v * Tensor(eigen.values, shape: [n, 1])
        #expect(relativeDifference(matmul(v, scaled, transposeA: true), a) < 1e-13)
        let identity = Tensor.oneHot((0..<n).map { Int32($0) }, classes: n, precision: .double)
        #expect(relativeDifference(matmul(v, v, transposeB: true), identity) < 1e-13)
        #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy { $0 >= $1 })
        for row in 0..<n {
            let vector = v.selected(axis: 0, row).doubles
            let largest = vector.max { abs($0) < abs($1) } ?? 0
            #expect(largest > 0, "the sign is fixed")
        }
    }

    @Test("the path graph's Laplacian has the eigenvalues 2 - 2 cos(pi k / n)")
    func closedForm() throws {
        let n = 12
        var a = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            a[i * n + i] = i == 0 || i == n - 1 ? 1 : 2
            if i > 0 { (a[i * n + i - 1], a[(i - 1) * n + i]) = (-1, -1) }
        }
        let eigen = try #require(SymmetricEigen(Tensor(a, shape: [n, n])))
        let angles = Tensor((0..<n).reversed().map { Double.pi * Double($0) / Double(n) }, shape: [n])
        #expect(relativeDifference(eigen.values, (2 - 2 * angles.cos()).doubles) < 1e-13)
    }

    @Test("numbers that are not finite have no decomposition; nothing has an empty one")
    func refusals() throws {
        #expect(SymmetricEigen(Tensor([1, .nan, .nan, 1] as [Double], shape: [2, 2])) == nil)
        #expect(SymmetricEigen(Tensor([.infinity] as [Double], shape: [1, 1])) == nil)
        #expect(try #require(SymmetricEigen(Tensor([Double](), shape: [0, 0]))).values.isEmpty)
    }
}
