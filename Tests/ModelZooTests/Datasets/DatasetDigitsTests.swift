import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite struct DatasetDigitsTests {
    private let catalog = DatasetCatalog(folders: [DatasetBytes.checkout + "/Datasets"])

    @Test func theCommittedFileIsTheOneThatIsDescribed() throws {
        let packed = try RegularFile(path: DatasetBytes.checkout + "/Datasets/digits/digits.csv.gz")
        var bytes = [UInt8](repeating: 0, count: packed.count)
        #expect(try bytes.withUnsafeMutableBytes { try packed.read(into: $0, at: 0) } == 57_523)
        let sum = bytes.withUnsafeBytes { SHA256.digest(of: $0) }
        let expected = "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"
        #expect(SHA256.hex(sum) == expected)
    }

    @Test func digitsAreComplete() throws {
        let digits = try catalog.load("digits")
        #expect((digits.count, digits.featureCount, digits.classCount) == (1_797, 64, 10))
        #expect(digits.sampleShape == [8, 8])
        #expect(digits.classNames == (0...9).map(String.init))
        let sizes = (0...9).map { label in digits.labels.count { $0 == label } }
        #expect(sizes == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
        let values = digits.rawInputs(rows: 0..<digits.count)
        #expect(values.min() == 0 && values.max() == 16)
        #expect(values.allSatisfy { $0 == $0.rounded() })
        #expect(Array(values[..<8]) == [0, 0, 5, 13, 9, 1, 0, 0])
        #expect(catalog.listing().first { $0.name == "digits" }?.state == .verified)
    }

    @Test func preparedDigitsLieBetweenZeroAndOne() throws {
        let digits = try catalog.load("digits")
        let parts = try digits.indices(for: .stratified(validation: 0.15, test: 0.2, seed: 1))
        let split = try digits.split(parts, preparation: digits.usualPreparation)
        #expect(split.train.count + split.validation.count + split.test.count == 1_797)
        #expect(split.train.inputs.max() == 1 && split.train.inputs.min() == 0)
        let raw = digits.rawInputs(rows: parts.test)
        #expect(zip(raw, split.test.inputs).allSatisfy { $0 / 16 == $1 })
        #expect(split.test.labels == parts.test.map { digits.labels[$0] })
    }
}
