import TestSupport
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite("Splits of random data sets")
struct DatasetSplitPropertyTests {
    private func loaded(labels: [Int32], classes: Int, official: Int? = nil) -> LoadedDataset {
        LoadedDataset(
            name: "d", sampleShape: [2], labels: labels, classNames: (0..<classes).map { "c\($0)" },
            officialTrainCount: official, sha256: "", files: [], usualPreparation: .identity,
            values: .floats((0..<2 * labels.count).map { Float($0) }))
    }

    private func random(_ choices: inout RandomChoices) -> (LoadedDataset, classes: Int) {
        let classes = Int.random(in: 1...4, using: &choices)
        let count = Int.random(in: 12...60, using: &choices)
        let labels = (0..<count).map { _ in Int32.random(in: 0..<Int32(classes), using: &choices) }
        return (loaded(labels: labels, classes: classes), classes)
    }

    @Test("Every class gives its rounded shares to test and validation, each row once, rising")
    func stratified() throws {
        var choices = RandomChoices(state: 31)
        for seed in 0..<60 as Range<UInt64> {
            let (data, classes) = random(&choices)
            let (validation, test) = (0.25, 0.125 * Double(Int.random(in: 0...3, using: &choices)))
            let parts = try data.indices(for: .stratified(validation: validation, test: test, seed: seed))
            #expect((parts.train + parts.validation + parts.test).sorted() == Array(0..<data.count))
            for rows in [parts.train, parts.validation, parts.test] { #expect(rows == rows.sorted()) }
            for label in 0..<Int32(classes) {
                let size = Double(data.labels.count { $0 == label })
                #expect(parts.test.count { data.labels[$0] == label } == Int((size * test).rounded()))
                #expect(parts.validation.count { data.labels[$0] == label } == Int((size * validation).rounded()))
            }
        }
    }

    @Test("The draw in one class does not depend on the others")
    func independence() throws {
        let rule = SplitRule.stratified(validation: 0.2, test: 0.3, seed: 9)
        let alone = try loaded(labels: [Int32](repeating: 0, count: 30), classes: 1).indices(for: rule)
        let both = try loaded(labels: [Int32](repeating: 0, count: 30) + [1, 1, 1, 1], classes: 2).indices(for: rule)
        #expect(both.train.filter { $0 < 30 } == alone.train && both.test.filter { $0 < 30 } == alone.test)
    }

    @Test("The official test part is whole, and validation rows are as many as asked for, of any seed")
    func official() throws {
        for seed in 0..<20 as Range<UInt64> {
            let data = loaded(labels: [Int32](repeating: 0, count: 25), classes: 1, official: 20)
            let parts = try data.indices(for: .official(validation: Int(seed), seed: seed))
            #expect(parts.test == Array(20..<25) && parts.validation.count == Int(seed))
            #expect((parts.train + parts.validation).sorted() == Array(0..<20) && parts.train == parts.train.sorted())
        }
    }

    @Test("More validation rows are the fewer ones and others")
    func nested() throws {
        let data = loaded(labels: [Int32](repeating: 0, count: 25), classes: 1, official: 20)
        var before: Set<Int> = []
        for count in 0..<20 {
            let now = Set(try data.indices(for: .official(validation: count, seed: 4)).validation)
            #expect(now.isSuperset(of: before) && now.count == count)
            before = now
        }
    }

    @Test("Parts hold their rows' raw values and labels")
    func parts() throws {
        var choices = RandomChoices(state: 33)
        let (data, classes) = random(&choices)
        let split = try data.split(
            data.indices(for: .stratified(validation: 0.25, test: 0.25, seed: 1)), preparation: .identity)
        for part in split.parts {
            #expect(part.featureCount == 2 && part.classCount == classes && part.sampleShape == [2])
            for place in 0..<part.count {
                let row = Int(part.inputs[2 * place]) / 2
                #expect(part.inputs[2 * place + 1] == Float(2 * row + 1) && part.labels[place] == data.labels[row])
            }
        }
        #expect(split.parts.reduce(0) { $0 + $1.count } == data.count)
    }

    @Test("Selecting rows of a part and selecting again compose; a row may stand twice")
    func selecting() throws {
        let whole = try loaded(labels: [0, 1, 2, 1], classes: 3).prepared(rows: [0, 1, 2, 3], .identity)
        let once = whole.select(rows: [3, 0, 3])
        #expect(once.inputs == [6, 7, 0, 1, 6, 7] && once.labels == [1, 0, 1] && once.count == 3)
        #expect(once.select(rows: [2, 1]).inputs == whole.select(rows: [3, 0]).inputs)
        #expect(whole.select(rows: []).count == 0)
    }

    @Test("Values that are missing are named by feature and row, and may be filled")
    func missing() throws {
        let data = LoadedDataset(
            name: "d", sampleShape: [2], labels: [0, 0], classNames: ["a"], officialTrainCount: nil, sha256: "",
            files: [], usualPreparation: .identity, values: .floats([1, 2, 3, .nan]))
        #expect(try data.prepared(rows: [0], Preparation(scale: 1)).inputs == [1, 2])
        let error = try requireDataError { _ = try data.prepared(rows: [0, 1], Preparation(scale: 1)) }
        #expect(error.kind == .configuration && error.found == "none for feature 1 of row 1")
        #expect(try data.prepared(rows: [1], Preparation(scale: 2, missing: 5)).inputs == [6, 10])
    }
}
