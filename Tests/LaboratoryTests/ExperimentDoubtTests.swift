import Foundation
import ModelZoo
import Networks
import Tensors
import Testing

@testable import Laboratory

/// What networks are judged on, and what is said where that is doubtful.
@Suite struct ExperimentDoubtTests {
    private let architecture = Architecture.mlp(MLP.Config(widths: [64, 8, 10]))
    private let catalog: DatasetCatalog

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        catalog = DatasetCatalog(folders: [root.appendingPathComponent("Datasets").path])
    }

    private func zoo(_ dataset: ZooDataset?) -> Zoo {
        let weights = Initialization.pytorch.population(architecture.layout, seeds: Array(0..<20)).floats
        return Zoo(header: ZooHeader(architecture: architecture, dataset: dataset), weights: weights)
    }

    private let recorded = ZooDataset(
        name: "digits", scale: [0.0625],
        split: .indices(train: Array(0..<1000), validation: Array(1000..<1200), test: Array(1200..<1797)))

    @Test("a recorded division leaves no doubt")
    func recordedSplit() throws {
        #expect(try JudgingData(zoo(recorded), path: "zoo", catalog: catalog).doubt == nil)
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
        let other = ZooDataset(name: "digits", sha256: String(repeating: "0", count: 64), split: recorded.split)
        #expect(kind(zoo(other)) == .malformed)
    }
}
