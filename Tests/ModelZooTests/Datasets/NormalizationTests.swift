import Testing

@testable import ModelZoo

@Suite("mean and std, as torchvision says them")
struct NormalizationTests {
    @Test("(x / unit - mean) / std is a scale and a shift, one number or a list")
    func forms() throws {
        let one = try #require(
            Normalization(mean: 0.1307, deviation: 0.3081).preparation(unit: .unitByte))
        let raw: [Float] = [0, 17, 128, 255]
        let expected = raw.map { Float((Double($0) / 255 - 0.1307) / 0.3081) }
        #expect(zip(one.apply(to: raw, featureCount: 4), expected).allSatisfy { abs($0 - $1) < 1e-6 })
        let two = try #require(Normalization(mean: .each([1, 2]), deviation: 4).preparation(unit: 1))
        #expect(two.apply(to: [1, 2, 5, 10], featureCount: 2) == [0, 0, 1, 2])
        #expect(Normalization(mean: .each([1, 2]), deviation: .each([1, 2, 3])).preparation(unit: 1) == nil)
        #expect(Normalization(mean: 0, deviation: 0).preparation(unit: 1) == nil)
        #expect(Normalization(mean: 0, deviation: .uniform(.nan)).preparation(unit: 1) == nil)
    }

    @Test("Three values are one a channel of square images, and nothing else")
    func channels() throws {
        let form = try #require(
            Normalization(mean: .each([0, 1, 2]), deviation: 1).preparation(unit: 1))
        let inputs = form.apply(to: [Float](repeating: 5, count: 192), featureCount: 192)
        #expect(inputs == [5, 4, 3].flatMap { [Float](repeating: $0, count: 64) })
        #expect(PerFeature.each([1, 2, 3]).problem(featureCount: 192) == nil)
        for features in [9, 12, 191, 195, 4] {
            #expect(PerFeature.each([1, 2, 3]).problem(featureCount: features) != nil)
        }
        #expect(PerFeature.each([1, 2]).problem(featureCount: 192) != nil)
    }

    @Test(
        "A preparation in words",
        arguments: [
            (Preparation.identity, "raw values x"), (.sixteenths, "x / 16"), (.unitBytes, "x / 255"),
            (.standardizedMNIST, "(x / 255 - 0.1307) / 0.3081"),
            (.standardizedBytes(mean: 0.5, deviation: 0.5), "(x / 255 - 0.5) / 0.5"),
            (Preparation(scale: 2, shift: -1.5), "x * 2 - 1.5"), (Preparation(scale: 0.5, shift: 1), "x / 2 + 1"),
            (Preparation(scale: .each([1, 2]), shift: .each([0, 1])), "x * scale + shift, with both of each feature"),
            (Preparation(scale: 1, missing: 4), "raw values x; missing values become 4"),
        ])
    func words(_ preparation: Preparation, _ text: String) { #expect(preparation.inWords == text) }
}
