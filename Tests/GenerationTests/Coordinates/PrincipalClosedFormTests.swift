import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Principal components in closed form")
struct PrincipalClosedFormTests {
    private static func fit(_ rows: Tensor, _ count: Int) throws -> PrincipalCoordinates {
        try #require(PrincipalCoordinates(fitting: rows.converted(to: .single), components: count))
    }

    @Test("two networks: their difference is the component, half its square the variance", arguments: [1, 2, 6])
    func two(_ width: Int) throws {
        let rows = normalDoubles([2, width], seed: UInt64(width))
        let difference = rows.selected(axis: 0, 1) - rows.selected(axis: 0, 0)
        let square = difference.square().sum().scalar
        let pca = try Self.fit(rows, 5)
        #expect(pca.dimension == 1 && abs(pca.variances[0] / (square / 2) - 1) < 1e-5)
        let along = (pca.components.converted(to: .double).reshaped([width]) * difference).sum().scalar
        #expect(abs(along * along / square - 1) < 1e-5 && abs(pca.capturedVariance - 1) < 1e-12)
        let codes = pca.encode(rows.converted(to: .single)).doubles
        #expect(abs(codes[0] + codes[1]) < 1e-5 && abs(abs(codes[0]) - square.squareRoot() / 2) < 1e-5)
    }

    @Test("networks on a line have one component: their places on it", arguments: [3, 9])
    func line(_ count: Int) throws {
        let direction = Tensor([0.6, 0, -0.8] as [Double], shape: [1, 3])
        let places = Tensor((0..<count).map { Double($0 * $0) }, shape: [count, 1])
        let pca = try Self.fit(matmul(places, direction) + 4, 2)
        #expect(pca.dimension == 1)
        let moments = Moments(places.doubles)
        #expect(abs(pca.variances[0] / moments.variance - 1) < 1e-5)
        let codes = pca.encode((matmul(places, direction) + 4).converted(to: .single)).doubles
        let sign = codes[count - 1] > 0 ? 1.0 : -1
        #expect(relativeDifference(codes.map { $0 * sign }, places.doubles.map { $0 - moments.mean }) < 1e-5)
    }

    @Test("a cross of arms a and b, through the scatter matrix: variances 2 a^2 / 3 and 2 b^2 / 3")
    func cross() throws {
        let (a, b) = (3.0, 0.5)
        let pca = try Self.fit(Tensor([a, 0, -a, 0, 0, b, 0, -b], shape: [4, 2]) + 1, 2)
        #expect(relativeDifference(pca.variances, [2 * a * a / 3, 2 * b * b / 3]) < 1e-6)
        #expect(relativeDifference(pca.components.abs().doubles, [1, 0, 0, 1]) < 1e-6)
        let first = try Self.fit(Tensor([a, 0, -a, 0, 0, b, 0, -b], shape: [4, 2]), 1)
        #expect(abs(first.capturedVariance - a * a / (a * a + b * b)) < 1e-6)
    }

    @Test("moving the networks moves the mean alone, widening them the variances by the square")
    func moved() throws {
        let rows = normalDoubles([7, 10])
        let (plain, moved, wide) = try (Self.fit(rows, 4), Self.fit(rows + 2, 4), Self.fit(rows * 8, 4))
        #expect(relativeDifference(moved.variances, plain.variances) < 1e-5)
        #expect(relativeDifference(moved.mean, plain.mean + 2) < 1e-6)
        #expect(relativeDifference(wide.variances, plain.variances.map { $0 * 64 }) < 1e-5)
        #expect(abs(wide.capturedVariance - plain.capturedVariance) < 1e-6)
    }

    @Test("turning the networks turns the components, and no variance", arguments: [0.3, 2.0])
    func turned(_ angle: Double) throws {
        let (c, s) = (Tensor([angle], shape: [1]).cos().scalar, Tensor([angle], shape: [1]).sin().scalar)
        let turn = Tensor([c, s, 0, -s, c, 0, 0, 0, 1] as [Double], shape: [3, 3])
        for count in [3, 20] {
            let rows = normalDoubles([count, 3], seed: 4) * Tensor([3, 1, 0.2] as [Double], shape: [3])
            let (plain, turned) = try (Self.fit(rows, 2), Self.fit(matmul(rows, turn), 2))
            #expect(relativeDifference(plain.variances, turned.variances) < 1e-4)
            let expected = matmul(plain.components.converted(to: .double), turn)
            let products = matmul(turned.components.converted(to: .double), expected, transposeB: true)
            #expect(relativeDifference(products.abs().doubles, [1, 0, 0, 1]) < 1e-3)
        }
    }

    @Test("fewer components are the first of more")
    func prefix() throws {
        let rows = normalDoubles([9, 30])
        let (few, many) = try (Self.fit(rows, 3), Self.fit(rows, 8))
        #expect(few.variances == Array(many.variances[..<3]) && few.capturedVariance < many.capturedVariance)
        #expect(relativeDifference(few.components, many.components.sliced(axis: 0, 0..<3)) < 1e-6)
        #expect(abs(many.capturedVariance - 1) < 1e-9)
    }
}
