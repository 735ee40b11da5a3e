import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite struct DatasetSplitTests {
    /// 90 rows of one feature, the row's number; class 0 has 60 rows, class 1 has 30, mixed.
    private func loaded(officialTrainCount: Int? = nil) -> LoadedDataset {
        LoadedDataset(
            name: "d", sampleShape: [1], labels: (0..<90).map { $0 % 3 == 0 ? 1 : 0 }, classNames: ["a", "b"],
            officialTrainCount: officialTrainCount, sha256: "", files: [], usualPreparation: .identity,
            values: .floats((0..<90).map(Float.init)))
    }

    private func problem(_ dataset: LoadedDataset, _ rule: SplitRule) -> DataError? {
        #expect(throws: DataError.self) { try dataset.indices(for: rule) }
    }

    @Test func stratifiedPartsCoverAllRowsOnceInProportion() throws {
        let dataset = loaded()
        let parts = try dataset.indices(for: .stratified(validation: 0.1, test: 0.2, seed: 5))
        #expect((parts.train + parts.validation + parts.test).sorted() == Array(0..<90))
        for (rows, sizes) in [(parts.train, [42, 21]), (parts.validation, [6, 3]), (parts.test, [12, 6])] {
            #expect(rows == rows.sorted())
            #expect((0...1).map { label in rows.count { dataset.labels[$0] == label } } == sizes)
        }
    }

    @Test func theSeedAloneDecides() throws {
        func parts(_ seed: UInt64) throws -> SplitIndices {
            try loaded().indices(for: .stratified(validation: 0.1, test: 0.2, seed: seed))
        }
        #expect(try parts(5) == parts(5))
        #expect(try parts(5) != parts(6))
        func official(_ seed: UInt64) throws -> SplitIndices {
            try loaded(officialTrainCount: 70).indices(for: .official(validation: 10, seed: seed))
        }
        #expect(try official(5) == official(5))
        #expect(try official(5) != official(6))
    }

    @Test func theOfficialTestPartStaysWhole() throws {
        let parts = try loaded(officialTrainCount: 70).indices(for: .official(validation: 10, seed: 1))
        #expect(parts.test == Array(70..<90))
        #expect(parts.validation.count == 10)
        #expect((parts.train + parts.validation).sorted() == Array(0..<70))
        let none = try loaded(officialTrainCount: 70).indices(for: .official(validation: 0, seed: 1))
        #expect(none.validation.isEmpty)
        #expect(none.train == Array(0..<70))
    }

    @Test func partsHoldTheirRowsPrepared() throws {
        let parts = SplitIndices(train: [3, 1], validation: [0], test: [89])
        let split = try loaded().split(parts, preparation: Preparation(scale: 2, shift: 1))
        #expect(split.train.inputs == [7, 3])
        #expect(split.train.labels == [1, 0])
        #expect(split.validation.inputs == [1])
        #expect(split.test.inputs == [179])
        #expect(split.test.classCount == 2)
    }

    @Test func rulesThatDoNotFitAreRefused() {
        #expect(problem(loaded(), .official(validation: 1, seed: 0))?.kind == .configuration)
        let official = loaded(officialTrainCount: 70)
        for count in [-1, 70, .max] {
            #expect(problem(official, .official(validation: count, seed: 0))?.kind == .configuration)
        }
        for (validation, test) in [(0.5, 0.5), (-0.1, 0.2), (0.1, -0.2), (.nan, 0.1), (0.1, .infinity)] {
            let rule = SplitRule.stratified(validation: validation, test: test, seed: 0)
            #expect(problem(loaded(), rule)?.kind == .configuration)
        }
        #expect(problem(loaded(), .stratified(validation: 0, test: 0.999, seed: 0))?.kind == .configuration)
    }

    @Test func listedRowsAreChecked() throws {
        let good = SplitIndices(train: [1], validation: [], test: [2])
        #expect(try loaded().indices(for: .listed(good)) == good)
        for bad in [
            SplitIndices(train: [90], validation: [], test: []), SplitIndices(train: [-1], validation: [], test: []),
            SplitIndices(train: [1, 1], validation: [], test: []), SplitIndices(train: [1], validation: [], test: [1]),
        ] {
            #expect(problem(loaded(), .listed(bad))?.kind == .malformed)
            #expect(throws: DataError.self) { try loaded().split(bad, preparation: .identity) }
        }
    }

    @Test func preparationsThatDoNotFitAreRefused() {
        for scale in [PerFeature.each([1, 2]), .each([]), .uniform(.nan), .each([.infinity])] {
            #expect(throws: DataError.self) { try loaded().prepared(rows: [0], Preparation(scale: scale)) }
        }
    }

    @Test func bytesOfSeveralFilesAreRowsOfOne() {
        let header: [UInt8] = [9, 9]
        let values = RawValues.bytes([(header + [1, 2, 3, 4])[2...], (header + [5, 6])[2...]])
        #expect(values.rows([2, 0, 1], width: 2) == [5, 6, 1, 2, 3, 4])
    }
}
