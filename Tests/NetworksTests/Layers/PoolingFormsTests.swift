import Tensors
import Testing
import TestSupport

@testable import Networks

/// Pools of images of which the results are known without computing them.
@Suite("Pools in closed form")
struct PoolingFormsTests {
    /// x(i, j) = 10 i + j, as one image of one channel.
    private static func ramp(_ height: Int, _ width: Int) -> Tensor {
        table(height, width) { Double(10 * $0 + $1) }
    }

    private static func table(_ height: Int, _ width: Int, _ value: (Int, Int) -> Double) -> Tensor {
        let values = (0..<height).flatMap { row in (0..<width).map { value(row, $0) } }
        return Tensor(values, shape: [1, 1, height, width], precision: .double)
    }

    private static func line(_ values: [Double]) -> Tensor {
        Tensor(values, shape: [1, values.count], precision: .double)
    }

    @Test("On a slope the largest element is the window's last one, the mean lies in its middle")
    func slopes() {
        let x = Self.ramp(4, 6)
        #expect(MaxPool2d(2)(x).doubles == Self.table(2, 3) { Double(10 * (2 * $0 + 1) + 2 * $1 + 1) }.doubles)
        let means = Self.table(2, 3) { 10 * (2 * Double($0) + 0.5) + 2 * Double($1) + 0.5 }
        #expect(relativeDifference(AveragePool2d(2)(x), means) < 1e-14)
        let wide = Self.table(2, 4) { Double(10 * ($0 + 2) + $1 + 2) }
        #expect(MaxPool2d(3, stride: 1)(x).doubles == wide.doubles)
        #expect(MaxPool2d(2, stride: 1, dilation: 2)(x).doubles == wide.doubles, "the same corners")
        let flat = AveragePool2d(HeightWidth(1, 3), stride: HeightWidth(1, 1))(x)
        #expect(relativeDifference(flat, Self.table(4, 4) { Double(10 * $0 + $1 + 1) }) < 1e-14)
    }

    @Test("Padding is zeros for a mean that counts it, and nothing for other means and for the largest element")
    func padding() {
        let ones = Tensor.ones([1, 1, 4, 4], precision: .double)
        let covered: [Double] = [2, 3, 3, 2]
        let shares = Self.table(4, 4) { covered[$0] * covered[$1] / 9 }
        #expect(relativeDifference(AveragePool2d(3, stride: 1, padding: 1)(ones), shares) < 1e-14)
        let plain = AveragePool2d(3, stride: 1, padding: 1, countingPadding: false)(ones)
        #expect(relativeDifference(plain, ones) < 1e-14)
        #expect(MaxPool2d(3, stride: 1, padding: 1)(-ones).doubles == (-ones).doubles)
    }

    @Test("Sequences: windows side by side, with gaps, over the ends")
    func sequences() {
        let x = Self.line((0..<7).map(Double.init))
        #expect(MaxPool1d(3, stride: 2, padding: 1)(x).doubles == [1, 3, 5, 6])
        #expect(MaxPool1d(2)(x).doubles == [1, 3, 5], "the seventh fills no window")
        #expect(MaxPool1d(3, stride: 1, dilation: 2)(-x).doubles == [0, -1, -2])
        let counted = AveragePool1d(3, stride: 2, padding: 1)(x).doubles
        #expect(relativeDifference(counted, [1.0 / 3, 2, 4, 11.0 / 3]) < 1e-14)
        let other = AveragePool1d(3, stride: 2, padding: 1, countingPadding: false)(x).doubles
        #expect(relativeDifference(other, [0.5, 2, 4, 5.5]) < 1e-14)
    }

    @Test("So many windows as are asked for cover everything, overlapping where they do not come out even")
    func adaptive() {
        let x = Self.line([0, 1, 2, 3, 4])
        #expect(AdaptiveMaxPool1d(3)(x).doubles == [1, 3, 4])
        #expect(relativeDifference(AdaptiveAveragePool1d(3)(x).doubles, [0.5, 2, 3.5]) < 1e-14)
        let image = normalDoubles([2, 3, 5, 4])
        #expect(AdaptiveMaxPool2d(HeightWidth(5, 4))(image).doubles == image.doubles)
        #expect(relativeDifference(AdaptiveAveragePool2d(HeightWidth(5, 4))(image), image) < 1e-14)
        let all = AdaptiveAveragePool2d(1)(image)
        let values = image.doubles
        let means = (0..<6).map { place in values[(20 * place)..<(20 * place + 20)].reduce(0, +) / 20 }
        #expect(all.shape == [2, 3, 1, 1] && relativeDifference(all.doubles, means) < 1e-13)
        let tops = (0..<6).map { place in values[(20 * place)..<(20 * place + 20)].max() ?? 0 }
        #expect(AdaptiveMaxPool2d(1)(image).doubles == tops)
        #expect(
            AdaptiveMaxPool2d(HeightWidth(2, 2))(image).doubles
                == MaxPool2d(HeightWidth(3, 2), stride: 2)(image).doubles
        )
    }

    @Test("Means are linear, the largest element follows what rises; no mean is above it")
    func properties() {
        let (x, y) = (normalDoubles([2, 2, 6, 6]), normalDoubles([2, 2, 6, 6], seed: 2))
        let (largest, mean) = (MaxPool2d(3, stride: 2, padding: 1), AveragePool2d(3, stride: 2, padding: 1))
        #expect(relativeDifference(mean(x * 2 + y), mean(x) * 2 + mean(y)) < 1e-13)
        #expect(relativeDifference(largest(x * 2 + 3), largest(x) * 2 + 3) < 1e-13)
        #expect(relativeDifference(largest(x.tanh()), largest(x).tanh()) < 1e-13)
        let plain = AveragePool2d(3, stride: 2, padding: 1, countingPadding: false)
        #expect(zip(plain(x).doubles, largest(x).doubles).allSatisfy { $0 <= $1 })
        let slope = gradient(at: x) { MaxPool2d(2)($0).sum() }.gradient.doubles
        #expect(slope.filter { $0 == 1 }.count == 36 && slope.filter { $0 == 0 }.count == 108)
        let even = gradient(at: x) { AveragePool2d(2)($0).sum() }.gradient.doubles
        #expect(even.allSatisfy { abs($0 - 0.25) < 1e-14 })
    }
}
