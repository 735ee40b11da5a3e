import Foundation
import ModelZoo
import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
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

    private func zoo(_ dataset: ZooDataset?, _ facts: [String: ZooColumn] = [:]) -> Zoo {
        let weights = Initialization.pytorch.population(architecture.layout, seeds: Array(0..<20)).floats
        var columns = ZooColumns(count: 20)
        for (name, column) in facts { columns[name] = column }
        return Zoo(header: ZooHeader(architecture: architecture, dataset: dataset), weights: weights, columns: columns)
    }

    private let recorded = ZooDataset(
        name: "digits", scale: [0.0625],
        split: .indices(train: Array(0..<1000), validation: Array(1000..<1200), test: Array(1200..<1797)))

    @Test("a recorded division leaves no doubt")
    func recordedSplit() throws {
        let split = ZooColumn.integer((0..<20).map { $0 % 3 })
        #expect(try JudgingData(zoo(recorded, ["split": split]), path: "zoo", catalog: catalog).doubt == nil)
    }

    @Test("without a recorded division of the data the judging is doubtful, and says so")
    func noSplit() throws {
        let data = try JudgingData(zoo(ZooDataset(name: "digits", scale: [0.0625])), path: "zoo", catalog: catalog)
        #expect(data.doubt?.contains("may have seen") == true)
    }

    @Test("without a split of the networks 70, 10 and 20 % are drawn, the same every time")
    func drawnNetworks() throws {
        let data = try JudgingData(zoo(recorded), path: "zoo", catalog: catalog)
        let first = data.rows
        #expect(data.doubt == "the zoo records no split of its networks: one was drawn network by network")
        let second = try JudgingData(zoo(recorded), path: "zoo", catalog: catalog).rows
        #expect(first == second)
        #expect((first.train.count, first.validation.count, first.fresh.count) == (14, 2, 4))
        #expect((first.train + first.validation + first.fresh).sorted() == Array(0..<20))
    }

    @Test("without a split of the networks, checkpoints of a run are never judged against their own run")
    func drawnRuns() throws {
        let runs = (0..<20).map { "run \($0 % 10)" }
        let data = try JudgingData(zoo(recorded, ["run": .text(runs)]), path: "zoo", catalog: catalog)
        let parts = [data.rows.train, data.rows.validation, data.rows.fresh].map { rows in Set(rows.map { runs[$0] }) }
        #expect(parts.map(\.count) == [7, 1, 2] && parts.reduce(Set()) { $0.union($1) }.count == 10)
        #expect(data.doubt?.contains("one was drawn by run, of which there are 10") == true)
        // The same as `zoo split` writes.
        var columns = ZooColumns(count: 20)
        columns["run"] = .text(runs)
        let splits = SplitAssignment().splits(of: columns).splits
        #expect(data.rows.fresh == splits.indices.filter { splits[$0] == .test })
    }

    @Test("fresh networks that are equal to others are no yardstick: said, and never drawn so")
    func copies() throws {
        func doubled(_ split: [Int64]?) throws -> JudgingData {
            let plain = zoo(recorded, split.map { ["split": .integer($0)] } ?? [:])
            let weights = (0..<20).flatMap { plain.row($0 / 2 * 2) }
            return try JudgingData(
                Zoo(header: plain.header, weights: weights, columns: plain.columns), path: "zoo", catalog: catalog)
        }
        let split = try doubled((0..<20).map { $0 % 2 == 0 ? 0 : 2 })
        #expect(split.doubt?.contains("10 of the 10 fresh networks are equal to networks") == true)
        let judge = try Judge(split, reference: 0, id: RunID(arm: "main", seed: 0))
        let said = judge.yardstickDoubt(judge.judgeZoo(), isOneRun: false)
        #expect(said?.contains("no unit of distances") == true, "\(String(describing: said))")
        let drawn = try doubled(nil)
        #expect(drawn.doubt?.contains("equal") == false && drawn.rows.fresh.count == 4)
        #expect(drawn.rows.fresh.allSatisfy { drawn.rows.fresh.contains($0 ^ 1) })
    }

    @Test("checkpoints of the same runs among training and fresh networks are doubtful as a yardstick")
    func nearNetworks() throws {
        let plain = zoo(recorded, ["split": .integer((0..<20).map { $0 < 12 ? 0 : 2 })])
        func doubt(_ pick: (Int) -> Int) throws -> String? {
            let weights = (0..<20).flatMap { row in plain.row(pick(row)).map { $0 * (1 + 1e-3 * Float(row)) } }
            let data = try JudgingData(
                Zoo(header: plain.header, weights: weights, columns: plain.columns), path: "zoo", catalog: catalog)
            let judge = try Judge(data, reference: 0, id: RunID(arm: "main", seed: 0))
            #expect(judge.yardstickDoubt(judge.judgeZoo(), isOneRun: true) == nil)
            return judge.yardstickDoubt(judge.judgeZoo(), isOneRun: false)
        }
        #expect(try doubt { $0 } == nil)
        #expect(try doubt { $0 < 12 ? $0 / 2 * 2 : $0 }?.contains("12 of the 12 training networks") == true)
        #expect(try doubt { $0 < 16 ? $0 : $0 - 16 }?.contains("4 of the 8 fresh networks") == true)
    }

    @Test("too few runs to hold any out are refused, saying that the split was drawn by run")
    func fewRuns() throws {
        let runs = ZooColumn.text((0..<20).map { "run \($0 % 2)" })
        let error = try requireDataError {
            _ = try JudgingData(zoo(recorded, ["run": runs]), path: "zoo", catalog: catalog)
        }
        #expect(error.found.contains("20 and 0 of 20") && error.found.contains("drawn by run") && !error.hint.isEmpty)
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
