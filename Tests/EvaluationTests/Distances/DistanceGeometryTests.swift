import Tensors
import Testing
import TestSupport

@testable import Evaluation

@Suite("The geometry of distances")
struct DistanceGeometryTests {
    private static func rows(_ count: Int, _ width: Int, _ seed: UInt64) -> Tensor {
        normalDoubles([count, width], seed: seed).converted(to: .single)
    }

    @Test("unit vectors are sqrt 2 apart, and 1 from the origin")
    func units() {
        let units = Tensor.oneHot((0..<5).map { Int32($0) }, classes: 5, precision: .single)
        let within = DistanceMatrix(within: units)
        let outside = DistanceMatrix(from: .zeros([1, 5]), to: units)
        for i in 0..<5 {
            #expect(outside.squared(0, i) == 1)
            for j in 0..<5 { #expect(within.squared(i, j) == (i == j ? 0 : 2)) }
        }
        #expect(within.nearestToRows().allSatisfy { $0.distance == 2.0.squareRoot() })
        #expect(within.nearestToRows().map(\.index) == [1, 0, 0, 0, 0], "the first of equals")
    }

    @Test("the triangle inequality", arguments: 1...4 as ClosedRange<UInt64>)
    func triangle(_ seed: UInt64) {
        let matrix = DistanceMatrix(within: Self.rows(12, 6, seed))
        func d(_ i: Int, _ j: Int) -> Double { max(0, matrix.squared(i, j)).squareRoot() }
        var worst = 0.0
        for i in 0..<12 {
            for j in 0..<12 { for k in 0..<12 { worst = max(worst, d(i, k) - d(i, j) - d(j, k)) } }
        }
        #expect(worst < 1e-12)
    }

    @Test("moving and turning change no distance, widening all of them by its square")
    func motions() {
        let rows = Self.rows(9, 2, 1)
        // Quarter-turns and eighths are exact in single precision.
        let turned = Tensor.concatenate([rows.sliced(axis: 1, 1..<2) * -1, rows.sliced(axis: 1, 0..<1)], axis: 1)
        let (plain, quarter, wide) = (
            DistanceMatrix(within: rows), DistanceMatrix(within: turned), DistanceMatrix(within: rows * 8)
        )
        let moved = DistanceMatrix(within: rows + 2)
        for i in 0..<9 {
            for j in 0..<9 {
                let square = plain.squared(i, j)
                #expect(abs(quarter.squared(i, j) - square) < 1e-12 && abs(wide.squared(i, j) - 64 * square) < 1e-10)
                #expect(abs(moved.squared(i, j) - square) < 1e-4)
            }
        }
    }

    @Test("in orthogonal directions squares add up")
    func pythagoras() {
        let (a, b) = (Self.rows(4, 3, 1), Self.rows(4, 5, 2))
        let both = DistanceMatrix(within: .concatenate([a, b], axis: 1))
        let (one, other) = (DistanceMatrix(within: a), DistanceMatrix(within: b))
        for i in 0..<4 {
            for j in 0..<4 { #expect(abs(both.squared(i, j) - one.squared(i, j) - other.squared(i, j)) < 1e-12) }
        }
    }

    @Test("all pairs of n networks: the squares add up to 2 n times those about the mean")
    func variance() {
        let rows = Self.rows(15, 4, 3)
        let matrix = DistanceMatrix(within: rows)
        let total = (0..<15).reduce(0.0) { sum, i in (0..<15).reduce(sum) { $0 + matrix.squared(i, $1) } }
        let wide = rows.converted(to: .double)
        let about = (wide - wide.mean(axes: [0])).square().sum().scalar
        #expect(abs(total / (30 * about) - 1) < 1e-12)
    }

    @Test("more samples lie no farther from the zoo; each direction is its own")
    func directions() {
        let (zoo, samples) = (Self.rows(10, 3, 1), Self.rows(6, 3, 2))
        let all = NearestDistances(samples: samples, zoo: zoo)
        let few = NearestDistances(samples: samples.sliced(axis: 0, 0..<3), zoo: zoo)
        #expect(Array(all.sampleToZoo[..<3]) == few.sampleToZoo && all.zooToZoo == few.zooToZoo)
        #expect(zip(all.zooToSample, few.zooToSample).allSatisfy { $0.distance <= $1.distance })
        #expect(zip(all.sampleToSample, few.sampleToSample).allSatisfy { $0.distance <= $1.distance })
        let exchanged = NearestDistances(samples: zoo, zoo: samples)
        #expect(exchanged.sampleToZoo.map(\.index) == all.zooToSample.map(\.index))
        #expect(exchanged.zooToZoo == all.sampleToSample && exchanged.sampleToSample == all.zooToZoo)
    }
}
