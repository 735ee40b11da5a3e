import Tensors
import Testing

@testable import ShiftDetection

@Suite("The article on a model and two tables")
struct BringAModelAndTwoTablesTests {
    @Test("fifty reference rows beside twenty of which the model is less sure")
    func compared() throws {
        // article
        // The model's probabilities of two classes, one row a patient.
        func patients(_ sick: [Double]) -> ShiftRows {
            ShiftRows(features: nil, probabilities: Tensor(sick.flatMap { [1 - $0, $0] }, shape: [sick.count, 2]))
        }
        let reference = patients((0..<50).map { $0 % 2 == 0 ? 0.1 : 0.85 })
        let sample = patients((0..<20).map { 0.4 + 0.01 * Double($0) })

        let found = try EnergyMethod().test(
            sample, against: reference, model: ShiftModel(), permutations: 999, seed: 0)
        print(found.pValue)  // 0.001
        // end
        #expect(found.pValue <= 0.002, "\(found.pValue)")
        let same = patients((0..<20).map { $0 % 2 == 0 ? 0.1 : 0.85 })
        #expect(
            try EnergyMethod().test(same, against: reference, model: ShiftModel(), permutations: 199, seed: 0).pValue
                > 0.5)
    }
}
