import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Data sets as zoo files record them")
struct RecordedDatasetTests {
    /// Runs the body with a catalogue of one data set with three training and two official test rows.
    private func withOfficial<Result>(_ body: (DatasetCatalog) throws -> Result) throws -> Result {
        try DatasetFolder.with { folder in
            let files: [(String, [UInt8])] = [
                ("train-images-idx3-ubyte", DatasetBytes.idx(8, [3, 2, 2], (0..<12).map { UInt8($0) })),
                ("train-labels-idx1-ubyte", DatasetBytes.idx(8, [3], [0, 1, 0])),
                ("t10k-images-idx3-ubyte", DatasetBytes.idx(8, [2, 2, 2], [UInt8](90..<98))),
                ("t10k-labels-idx1-ubyte", DatasetBytes.idx(8, [2], [1, 0])),
            ]
            for (name, bytes) in files { try folder.write(bytes, to: "tiny/\(name)") }
            return try body(DatasetCatalog(folders: [folder.path], known: [DatasetCatalogTests.tiny]))
        }
    }

    @Test("The official division, said or not: its test rows, and all others to train on", arguments: [true, false])
    func official(isSaid: Bool) throws {
        try withOfficial { catalog in
            let recorded = ZooDataset(name: "tiny", scale: [2], shift: [1], split: isSaid ? .official : nil)
            let split = try catalog.load(recorded)
            #expect(split.train.labels == [0, 1, 0] && split.validation.count == 0 && split.test.labels == [1, 0])
            #expect(split.test.inputs == (90..<98).map { Float(2 * $0 + 1) })
            #expect(try recorded.doubt(in: catalog) == nil)
        }
    }

    @Test("Judging is doubtful only where neither the file nor the data divides the rows")
    func doubt() throws {
        let catalog = TrainingSamples.catalog
        let undivided = ZooDataset(name: "digits", scale: [0.0625])
        #expect(try undivided.doubt(in: catalog)?.contains("which rows of digits") == true)
        let divided = ZooDataset(name: "digits", split: .indices(train: [0], validation: [], test: [1]))
        #expect(try divided.doubt(in: catalog) == nil)
    }

    @Test("Undivided rows are divided as a recipe divides them")
    func drawn() throws {
        let own = try TrainingSamples.catalog.load(ZooDataset(name: "digits", scale: [0.0625]))
        let recipe = try ZooRecipe().data(from: TrainingSamples.catalog).split
        #expect(own.train.labels == recipe.train.labels && own.test.inputs == recipe.test.inputs)
    }

    @Test("Data with another digest, and rows or factors that it has not, are bad data of the zoo")
    func otherData() {
        let rows = ZooDataset.Split.indices(train: [0], validation: [], test: [99_999])
        for (dataset, says) in [
            (ZooDataset(name: "digits", sha256: "00"), "SHA-256 00"),
            (ZooDataset(name: "digits", split: rows), "99999"),
            (ZooDataset(name: "digits", scale: [1, 2]), "2 values"),
            (ZooDataset(name: "digits", shift: [.infinity]), "inf"),
        ] {
            let error = dataError { _ = try TrainingSamples.catalog.load(dataset) }
            #expect(error?.kind == .malformed && error?.description.contains(says) == true, "\(says)")
        }
    }
}
