import Foundation
import Tensors
import Testing

@testable import ShiftDetection

@Suite struct TwoSampleTestTests {
    private func table(_ count: Int, shift: Double = 0, seed: UInt64) -> Tensor {
        MethodRows.draw(count, shift: shift, seed: seed).features ?? .zeros([count, 2])
    }

    @Test func everyMethodTellsTwoTablesApart() throws {
        #expect(TwoSampleTest.methods.map(\.kind) == ["ks", "chi-square", "mmd", "energy", "c2st"])
        let (first, second, other) = (table(60, seed: 1), table(30, seed: 2), table(30, shift: 2, seed: 3))
        for method in TwoSampleTest.methods {
            let same = try TwoSampleTest.run(method, first, second, permutations: 99)
            let different = try TwoSampleTest.run(method, first, other, permutations: 99)
            #expect(same.pValue > 0.05 && different.pValue == 0.01, "\(method.kind)")
            #expect(same.rows == [60, 30] && same.permutations.null.count == 99)
            #expect(try TwoSampleTest.run(method, first, second, permutations: 99) == same)
        }
    }

    @Test func aResultIsReadAsItWasWritten() throws {
        let test = try TwoSampleTest.run(
            TwoSampleTest.methods[2], table(9, seed: 1), table(5, seed: 2), permutations: 19)
        let again = try JSONDecoder().decode(TwoSampleTest.self, from: JSONEncoder().encode(test))
        #expect(again == test)
    }
}
