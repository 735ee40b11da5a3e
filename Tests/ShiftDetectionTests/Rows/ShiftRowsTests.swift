import Tensors
import Testing

@testable import ShiftDetection

@Suite struct ShiftRowsTests {
    private let rows = ShiftRows(
        features: Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2]),
        probabilities: Tensor([0.9, 0.1, 0.5, 0.5, 0.2, 0.8] as [Double], shape: [3, 2]),
        ensembles: [.trained: Tensor.zeros([4, 3, 2], precision: .double)])

    @Test func saysPredictionsAndConfidences() {
        #expect(rows.count == 3 && rows.classes == 2)
        #expect(rows.predictions == [0, 0, 1])
        #expect(zip(rows.confidences, [0.9, 0.5, 0.8]).allSatisfy { abs($0 - $1) < 1e-7 })
    }

    @Test func selectsAndJoinsEveryPart() {
        let both = rows.selecting([2, 0]).joined(with: rows)
        #expect(both.count == 5)
        #expect(both.features?.floats == [5, 6, 1, 2, 1, 2, 3, 4, 5, 6])
        #expect(both.ensembles[.trained]?.shape == [4, 5, 2])
        #expect(both.predictions == [1, 0, 0, 0, 1])
    }
}
