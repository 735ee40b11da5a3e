import ModelZoo
import Networks
import Testing
import TestSupport

@testable import Basics
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

    @Test("Validation is nil where there is none")
    func noValidation() throws {
        let dataset = Small.digits(.indices(train: [0], validation: [], test: [3, 4]))
        #expect(try data(Small.zoo(4, split: [0, 0, 2, 2], dataset: dataset)).validation == nil)
    }

    @Test("Too few networks on either side, or no test samples, are refused with the file")
    func refused() throws {
        func error(_ split: [Int64], _ data: ZooDataset.Split? = nil) throws -> DataError {
            try requireDataError { _ = try self.data(Small.zoo(4, split: split, dataset: Small.digits(data))) }
        }
        let noSamples = ZooDataset.Split.indices(train: [1], validation: [], test: [])
        for (error, expected) in [
            (try error([0, 0, 0, 2]), "2 fresh"), (try error([0, 2, 2, 2]), "at least 2 training"),
            (try error([0, 0, 2, 2], noSamples), "test samples"),
        ] {
            #expect(error.kind == .malformed && error.path == "zoo.h5" && error.expected.contains(expected), "\(error)")
        }
    }

    @Test("Networks of other inputs than the data's are refused")
    func widths() throws {
        let header = ZooHeader(architecture: .mlp(MLP.Config(widths: [5, 10])), dataset: Small.digits(nil))
        let zoo = Zoo(header: header, weights: Array(repeating: 0.5, count: 60 * 10))
        let error = try requireDataError { _ = try data(zoo) }
        #expect(error.expected.contains("64 inputs") && error.found.contains("5 inputs"))
    }
}
