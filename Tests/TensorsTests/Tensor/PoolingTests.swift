import Testing
import TestSupport

@testable import Tensors

@Suite("Pooling")
struct PoolingTests {
    @Test("sliding windows stay inside and leave out what does not fit")
    func slidingWindows() {
        let windows = PoolingWindows(extent: 7, size: 3, stride: 2, padding: 1)
        #expect(windows.starts == [0, 1, 3, 5] && windows.ends == [2, 4, 6, 7])
        let gaps = PoolingWindows(extent: 6, size: 3, stride: 2, padding: 1, step: 2)
        #expect(gaps.starts == [1, 1] && gaps.ends == [4, 6] && gaps.step == 2)
        #expect(PoolingWindows(extent: 5, size: 2, stride: 2, padding: 0).arePairs)
        #expect(!PoolingWindows(extent: 5, size: 2, stride: 1, padding: 0).arePairs)
    }

    @Test("adaptive windows cover the axis", arguments: [(1, 1), (2, 5), (3, 7), (5, 3), (4, 4), (7, 100)])
    func adaptiveWindows(count: Int, extent: Int) {
        let windows = PoolingWindows(adaptive: count, extent: extent)
        let covered = Set(zip(windows.starts, windows.ends).flatMap { Array($0..<$1) })
        #expect(windows.count == count && covered == Set(0..<Int32(extent)))
        #expect(zip(windows.starts, windows.ends).allSatisfy { $0 < $1 })
    }

    @Test("pairs take the vectorised path to the same places", arguments: [2, 3, 8, 16, 17, 24, 33, 64, 70])
    func pairs(width: Int) {
        for (height, precision) in [(2, Precision.single), (5, .double), (6, .single)] {
            var stream = RandomStream(seed: 3, purpose: "pool")
            // Few different numbers, so that windows have equals.
            let values = (0..<(3 * height * width)).map { _ in Double(stream.integer(below: 4)) }
            let x = Tensor(values, shape: [3, height, width], precision: precision)
            let rows = PoolingWindows(extent: height, size: 2, stride: 2, padding: 0)
            let columns = PoolingWindows(extent: width, size: 2, stride: 2, padding: 0)
            let (found, places) = x.backend.maxPool(x.array, rows: rows, columns: columns, findsPlaces: true)
            let (wanted, wantedPlaces) = Self.plain(x, rows, columns)
            #expect(Tensor(found).doubles == wanted && places?.indices == wantedPlaces, "\(height) x \(width)")
            let (alone, none) = x.backend.maxPool(x.array, rows: rows, columns: columns, findsPlaces: false)
            #expect(Tensor(alone).doubles == wanted && none == nil, "\(height) x \(width)")
        }
    }

    @Test("general windows", arguments: [(3, 1, 1, 1), (3, 2, 1, 2), (2, 3, 0, 1), (1, 1, 0, 1), (4, 4, 2, 1)])
    func general(size: Int, stride: Int, padding: Int, step: Int) {
        let x = normalDoubles([2, 9, 11]).scaled(by: 2)
        let rows = PoolingWindows(extent: 9, size: size, stride: stride, padding: padding, step: step)
        let columns = PoolingWindows(extent: 11, size: size, stride: stride, padding: padding, step: step)
        let (found, places) = x.backend.maxPool(x.array, rows: rows, columns: columns, findsPlaces: true)
        let (wanted, wantedPlaces) = Self.plain(x, rows, columns)
        #expect(Tensor(found).doubles == wanted && places?.indices == wantedPlaces)
        let (alone, none) = x.backend.maxPool(x.array, rows: rows, columns: columns, findsPlaces: false)
        #expect(Tensor(alone).doubles == wanted && none == nil)
    }

    /// The largest of each window and its place, the first of equals.
    private static func plain(
        _ x: Tensor, _ rows: PoolingWindows, _ columns: PoolingWindows
    ) -> (values: [Double], places: [Int32]) {
        let (values, area) = (x.doubles, rows.extent * columns.extent)
        var found: [Double] = [], places: [Int32] = []
        for plane in 0..<(x.count / area) {
            for (top, bottom) in zip(rows.starts, rows.ends) {
                for (left, right) in zip(columns.starts, columns.ends) {
                    let window = stride(from: top, to: bottom, by: rows.step).flatMap { y in
                        stride(from: left, to: right, by: columns.step).map { y * Int32(columns.extent) + $0 }
                    }
                    let best = window.reduce(window[0]) {
                        values[plane * area + Int($1)] > values[plane * area + Int($0)] ? $1 : $0
                    }
                    found.append(values[plane * area + Int(best)])
                    places.append(best)
                }
            }
        }
        return (found, places)
    }

    @Test("NaN is the largest, and the derivative goes there")
    func notANumber() {
        for pooling in [Pooling(size: 2), Pooling(size: 2, stride: 1)] {
            let x = Tensor([Float]([1, .nan, 3, 4]), shape: [1, 2, 2])
            let (value, pull) = pullback(at: x) { $0.maxPooled(pooling) }
            #expect(value.scalar.isNaN)
            #expect(pull(.ones([1, 1, 1])).floats == [0, 1, 0, 0])
        }
    }

    @Test("the derivative goes to the first of equals; minus infinity has a place too")
    func equals() {
        let x = Tensor([Float](repeating: -.infinity, count: 16), shape: [1, 4, 4])
        let (value, pull) = pullback(at: x) { $0.maxPooled(Pooling(size: 2)) }
        #expect(value.floats.allSatisfy { $0 == -.infinity })
        #expect(pull(.ones([1, 2, 2])).floats == [1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0])
    }

    @Test("the mean of all windows' means is the mean where windows lie side by side")
    func averages() {
        let x = normalDoubles([3, 2, 6, 8])
        let means = x.averagePooled(Pooling(size: HeightWidth(3, 2)))
        #expect(abs(means.mean().scalar - x.mean().scalar) < 1e-15)
        #expect(relativeDifference(x.averagePooled(to: 1).reshaped([3, 2]), x.mean(axes: [2, 3])) < 1e-14)
        #expect(relativeDifference(x.averagePooled(to: HeightWidth(6, 8)), x) < 1e-15)
    }

    @Test("take and put are each other's transpose, with repeated places")
    func transposes() {
        let places = Places([3, 3, 1, 0, 2, 4], shape: [2, 3], on: CPUBackend.shared)
        let x = normalDoubles([2, 5]), g = normalDoubles([2, 3], index: 1)
        let (left, right) = ((x.taking(places) * g).sum(), (x * g.putting(places, count: 5)).sum())
        #expect(abs(left.scalar - right.scalar) < 1e-15)
        let equal = Places([1, 1, 0], shape: [1, 3], on: CPUBackend.shared)
        let twice = Tensor([Float]([1, 2, 3]), shape: [1, 3]).putting(equal, count: 2)
        #expect(twice.floats == [3, 3])
    }
}
