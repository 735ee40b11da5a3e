import Foundation
import ModelZoo
import Networks
import Tensors
import Testing

@testable import Laboratory

/// What networks are judged on, and what is said where that is doubtful.
@Suite struct JudgingDataTests {
    private let architecture = Architecture.mlp(MLP.Config(widths: [64, 8, 10]))
    private let catalog: DatasetCatalog

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        catalog = DatasetCatalog(folders: [root.appendingPathComponent("Datasets").path])
    }

    private func zoo(_ dataset: ZooDataset?, splits: [Int64]? = nil, count: Int = 20) -> Zoo {
        let seeds = (0..<count).map { UInt64($0) }
        let weights = Initialization.pytorch.population(architecture.layout, seeds: seeds).floats
        var columns = ZooColumns(count: count)
        if let splits { columns["split"] = .integer(splits) }
        return Zoo(header: ZooHeader(architecture: architecture, dataset: dataset), weights: weights, columns: columns)
    }

    private let recorded = ZooDataset(
        name: "digits", scale: [0.0625],
        split: .indices(train: Array(0..<1000), validation: Array(1000..<1200), test: Array(1200..<1797)))

    @Test("a recorded division is used and leaves no doubt")
    func recordedSplit() throws {
        let splits: [Int64] = (0..<20).map { $0 < 12 ? 0 : $0 < 15 ? 1 : 2 }
        let data = try JudgingData(zoo(recorded, splits: splits), path: "zoo", catalog: catalog)
        #expect(data.doubt == nil)
        #expect(data.test.labels.count == 597 && data.validation?.labels.count == 200)
        #expect(data.rows.train == Array(0..<12) && data.rows.validation == [12, 13, 14])
        #expect(data.rows.fresh == Array(15..<20))
    }

    @Test("without a recorded division of the data the judging is doubtful, and says so")
    func noSplit() throws {
        let data = try JudgingData(zoo(ZooDataset(name: "digits", scale: [0.0625])), path: "zoo", catalog: catalog)
        #expect(data.doubt?.contains("may have seen") == true)
    }

    @Test("without a split of the networks 70, 10 and 20 % are drawn, the same every time")
    func drawnNetworks() throws {
        let first = try JudgingData(zoo(recorded), path: "zoo", catalog: catalog).rows
        let second = try JudgingData(zoo(recorded), path: "zoo", catalog: catalog).rows
        #expect(first == second)
        #expect((first.train.count, first.validation.count, first.fresh.count) == (14, 2, 4))
        #expect((first.train + first.validation + first.fresh).sorted() == Array(0..<20))
    }

    @Test("what cannot be judged is refused, naming the file")
    func refusals() {
        func kind(_ zoo: Zoo) -> DataError.Kind? {
            do {
                _ = try JudgingData(zoo, path: "zoo", catalog: catalog)
                return nil
            } catch {
                return (error as? DataError)?.kind
            }
        }
        #expect(kind(zoo(nil)) == .malformed)
        #expect(kind(zoo(ZooDataset(name: "nowhere"))) == .missing)
        #expect(kind(zoo(recorded, splits: Array(repeating: 0, count: 20))) == .malformed)
        #expect(kind(zoo(ZooDataset(name: "digits", split: .official))) == .malformed)
        let other = ZooDataset(name: "digits", sha256: String(repeating: "0", count: 64), split: recorded.split)
        #expect(kind(zoo(other)) == .malformed)
    }
}
