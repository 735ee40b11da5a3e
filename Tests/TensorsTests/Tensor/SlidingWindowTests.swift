import Testing
import TestSupport

@testable import Tensors

@Suite("Sliding windows")
struct SlidingWindowTests {
    static let windows: [SlidingWindow] = [
        SlidingWindow(kernel: [1, 1]), SlidingWindow(kernel: [3, 2]), SlidingWindow(kernel: [2, 2], stride: [2, 3]),
        SlidingWindow(kernel: [3, 3], padding: [1, 1]), SlidingWindow(kernel: [2, 4], padding: [3, 4]),
        SlidingWindow(kernel: [2, 3], stride: [1, 2], padding: [2, 0], dilation: [3, 2]),
        SlidingWindow(kernel: [6, 7]), SlidingWindow(kernel: [1, 1], stride: [9, 9], padding: [5, 5]),
        SlidingWindow(kernel: [8, 9], stride: [3, 1], padding: [4, 4], dilation: [1, 1]),
    ]

    @Test("columns of a 2 x 2 window, by hand")
    func closedForm() {
        let x = Tensor((1...6).map { Double($0) }, shape: [1, 2, 3])
        let columns = x.unfolded(SlidingWindow(kernel: [2, 2]))
        #expect(columns.shape == [4, 2] && columns.doubles == [1, 2, 2, 3, 4, 5, 5, 6])
        #expect(columns.folded(SlidingWindow(kernel: [2, 2]), to: [2, 3]).doubles == [1, 4, 3, 4, 10, 6])
        let padded = x.unfolded(SlidingWindow(kernel: [1, 2], stride: [1, 2], padding: [0, 1]))
        #expect(padded.shape == [2, 4] && padded.doubles == [0, 2, 0, 5, 1, 3, 4, 6])
    }

    @Test("unfold and fold are each other's transposes", arguments: windows, [Precision.single, .double])
    func transposes(_ window: SlidingWindow, _ precision: Precision) {
        let x = normalDoubles([2, 3, 6, 7]).converted(to: precision)
        let columns = x.unfolded(window)
        let y = normalDoubles(columns.shape, seed: 2).converted(to: precision)
        let (left, right) = ((columns * y).sum().scalar, (x * y.folded(window, to: [6, 7])).sum().scalar)
        let scale = (columns * y).abs().sum().scalar + 1
        #expect(abs(left - right) < (precision == .single ? 1e-5 : 1e-14) * scale)
    }

    @Test("both agree with plain loops, on views too", arguments: windows)
    func loops(_ window: SlidingWindow) {
        let x = normalDoubles([7, 6, 4, 2]).permuted([3, 2, 1, 0]).sliced(axis: 1, 1..<4)
        let columns = x.unfolded(window)
        let plain = x.moved(to: ReferenceBackend.shared).unfolded(window)
        #expect(columns.shape == plain.shape && columns.bits == plain.bits)
        let sums = columns.folded(window, to: [6, 7])
        let plainSums = columns.moved(to: ReferenceBackend.shared).folded(window, to: [6, 7])
        #expect(sums.shape == x.shape && relativeDifference(sums, plainSums) < 1e-15)
    }

    @Test("a convolution is a product with the columns")
    func convolution() {
        let x = normalDoubles([2, 3, 5, 6]), weight = normalDoubles([4, 3, 2, 3], seed: 2)
        let window = SlidingWindow(kernel: [2, 3], padding: [1, 0])
        let y = matmul(weight.reshaped([4, 18]), x.unfolded(window)).reshaped([2, 4, 6, 4])
        let padded = x.padded(axis: 2, before: 1, after: 1)
        let patch = padded.sliced(axis: 0, 1..<2).sliced(axis: 2, 4..<6).sliced(axis: 3, 2..<5)
        let wanted = (patch * weight.sliced(axis: 0, 3..<4)).sum().scalar
        #expect(abs(y.doubles[((1 * 4 + 3) * 6 + 4) * 4 + 2] - wanted) < 1e-13)
    }

    @Test("numbers of places")
    func places() {
        #expect(SlidingWindow(kernel: [3, 3]).places(in: [2, 9]) == [0, 7], "does not fit")
        #expect(SlidingWindow(kernel: [3, 3], stride: [2, 2], padding: [1, 1]).places(in: [7, 8]) == [4, 4])
        #expect(SlidingWindow(kernel: [2, 2], dilation: [3, 1]).places(in: [4, 4]) == [1, 3])
    }
}
