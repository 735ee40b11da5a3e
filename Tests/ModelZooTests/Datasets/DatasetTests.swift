import Foundation
import Testing

@testable import ModelZoo

@Suite struct DatasetTests {
    @Test func selectionKeepsInputsWithTheirLabels() {
        let all = Dataset(
            name: "d", inputs: [0, 1, 10, 11, 20, 21], sampleShape: [2], labels: [0, 1, 2], classCount: 3)
        let some = all.select(rows: [2, 0, 2])
        #expect(some.inputs == [20, 21, 0, 1, 20, 21])
        #expect(some.labels == [2, 0, 2])
        #expect((some.count, some.featureCount, some.classCount, some.name) == (3, 2, 3, "d"))
        #expect(all.select(rows: []).count == 0)
    }

    @Test func preparationIsScaleThenShift() {
        let raw: [Float] = [0, 255, 51, 102]
        #expect(Preparation.unitBytes.apply(to: raw, featureCount: 2) == [0, 1, 0.2, 0.4])
        #expect(Preparation.identity.apply(to: raw, featureCount: 2) == raw)
        let each = Preparation(scale: .each([1, 2]), shift: .each([0, -10]))
        #expect(each.apply(to: raw, featureCount: 2) == [0, 500, 51, 194])
        for (input, byte) in zip(Preparation.standardizedMNIST.apply(to: raw, featureCount: 1), raw) {
            #expect(abs(Double(input) - (Double(byte) / 255 - 0.1307) / 0.3081) < 1e-6)
        }
    }

    @Test func preparationIsANumberOrAListInJSON() throws {
        let text = #"{"scale":0.0625,"shift":[1,2.5]}"#
        let read = try JSONDecoder().decode(Preparation.self, from: Data(text.utf8))
        #expect(read == Preparation(scale: 0.0625, shift: .each([1, 2.5])))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(read), as: UTF8.self) == text)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Preparation.self, from: Data(#"{"scale":"x","shift":0}"#.utf8))
        }
    }
}
