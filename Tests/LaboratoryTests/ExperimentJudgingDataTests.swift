import ModelZoo
import Networks
import Testing

@testable import Laboratory

@Suite("Populations to be judged")
struct ExperimentJudgingDataTests {
    private func data(_ zoo: Zoo) throws -> JudgingData {
        try JudgingData(zoo, path: "zoo.h5", catalog: Small.catalog)
    }

    @Test("The zoo's own split and the data's own rows are used")
    func own() throws {
        let dataset = Small.digits(.indices(train: [0, 1], validation: [2], test: [3, 4, 5]))
        let data = try data(Small.zoo(6, split: [0, 2, 0, 1, 2, 0], dataset: dataset))
        #expect(data.rows.train == [0, 2, 5] && data.rows.validation == [3] && data.rows.fresh == [1, 4])
        #expect(data.test.inputs.shape == [3, 64] && data.test.labels.count == 3 && data.classCount == 10)
        #expect(data.validation?.labels.count == 1)
        #expect(data.test.inputs.floats.allSatisfy { (0...1).contains($0) })
    }

    @Test("Without a split 70, 10 and 20 per cent, the same each time; every network once")
    func divided() throws {
        let zoo = Small.zoo(40, dataset: Small.digits(nil))
        let (first, second) = (try data(zoo).rows, try data(zoo).rows)
        #expect(first == second)
        #expect(first.train.count == 28 && first.validation.count == 4 && first.fresh.count == 8)
        #expect((first.train + first.validation + first.fresh).sorted() == Array(0..<40))
        #expect(first.fresh != Array(0..<8))
    }

    @Test("Validation is nil where there is none")
    func noValidation() throws {
        let dataset = Small.digits(.indices(train: [0], validation: [], test: [3, 4]))
        #expect(try data(Small.zoo(4, split: [0, 0, 2, 2], dataset: dataset)).validation == nil)
    }

    @Test("What cannot be judged is refused, with the file", arguments: [
        (Small.zoo(4, split: [0, 0, 2, 2]), "`dataset`"),
        (Small.zoo(4, split: [0, 0, 0, 2], dataset: Small.digits(nil)), "at least 2 training and 2 held-out"),
        (Small.zoo(4, split: [0, 2, 2, 2], dataset: Small.digits(nil)), "at least 2 training and 2 held-out"),
        (Small.zoo(4, split: [0, 0, 2, 2], dataset: Small.digits(.indices(train: [1], validation: [], test: []))), "test samples"),
        (Small.zoo(4, split: [0, 0, 2, 2], dataset: Small.digits(.official)), "official test part"),
    ])
    func refused(_ zoo: Zoo, _ expected: String) throws {
        let error = try dataError { _ = try data(zoo) }
        #expect(error.kind == .malformed && error.path == "zoo.h5" && error.expected.contains(expected), "\(error)")
    }

    @Test("Networks of other inputs than the data's are refused")
    func widths() throws {
        let header = ZooHeader(architecture: .mlp(MLP.Config(widths: [5, 10])), dataset: Small.digits(nil))
        let zoo = Zoo(header: header, weights: Array(repeating: 0.5, count: 60 * 10))
        let error = try dataError { _ = try data(zoo) }
        #expect(error.expected.contains("64 inputs") && error.found.contains("5 inputs"))
    }
}
