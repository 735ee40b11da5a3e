import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Grids of zoo training")
struct ZooGridTests {
    private func arm(_ recipe: ZooRecipe, _ facts: KeyValuePairs<String, ZooColumn>) -> ZooTraining.Arm {
        var columns = ZooColumns(count: 1)
        for (name, column) in facts { columns[name] = column }
        return .init(recipe: recipe, facts: columns)
    }

    @Test("Combinations of one architecture share a file; each network is the one that its own recipe trains")
    func columns() throws {
        try TrainingSamples.with { _, recipe in
            var arms: [ZooTraining.Arm] = [], single: [Float] = []
            for rate in [0.01, 0.03] {
                for scheme in [Initialization.heNormal, .zooUniform] {
                    var own = recipe
                    (own.training.rate, own.initialization) = (rate, scheme)
                    arms.append(arm(own, ["rate": .real([rate]), "initialization": .text([scheme.rawValue])]))
                    single += try TrainingSamples.zoo(own).weights
                }
            }
            let training = try ZooTraining(arms: arms, catalog: TrainingSamples.catalog)
            #expect(!training.isFolder && training.count == 28)
            let zoo = try training.train { _, _ in }.zoo()
            #expect(zoo.weights == single)
            #expect(zoo.columns.numbers("rate") == (0..<28).map { $0 < 14 ? 0.01 : 0.03 })
            let schemes = (0..<28).map { $0 / 7 % 2 == 0 ? "he-normal" : "zoo-uniform" }
            #expect(zoo.columns["initialization"] == .text(schemes))
            #expect(zoo.columns["seed"] == .unsigned((0..<28).map { UInt64($0 % 7) }))
            #expect(zoo.rows(in: .validation) == [4, 11, 18, 25])
        }
    }

    @Test("Trajectories of different lengths share a file, absent checkpoints behind the others")
    func lengths() throws {
        try TrainingSamples.with({ $0.checkpoints.every = 1 }) { _, recipe in
            let arms = [2, 4].map { epochs in
                var own = recipe
                own.training.epochs = epochs
                return arm(own, ["epochs": .integer([Int64(epochs)])])
            }
            let trained = try ZooTraining(arms: arms, catalog: TrainingSamples.catalog).train { _, _ in }
            let trajectory = try #require(try trained.zoo().trajectory)
            #expect(trajectory.checkpoints == 5)
            #expect(Array(trajectory.steps[..<5]) == [0, 6, 12, -1, -1])
            #expect(Array(trajectory.steps.suffix(5)) == [0, 6, 12, 18, 24])
            var none = arms[0].recipe
            none.checkpoints.every = 0
            let mixed = [arms[0], arm(none, [:])]
            let error = dataError { _ = try ZooTraining(arms: mixed, catalog: TrainingSamples.catalog) }
            #expect(error?.path == "grid.checkpoints")
        }
    }

    @Test("Architectures and data of their own make a folder of files, which its index describes")
    func folder() throws {
        try TrainingSamples.with { folder, recipe in
            var arms: [ZooTraining.Arm] = []
            for width in [5, 8] {
                for batch in [9, 18] {
                    var own = recipe
                    own.widths = [4, width, 3]
                    own.training.batch = batch
                    arms.append(
                        arm(own, ["widths": .text(["4x\(width)x3"]), "batch": .integer([Int64(batch)])]))
                }
            }
            let training = try ZooTraining(arms: arms, catalog: TrainingSamples.catalog)
            #expect(training.isFolder)
            let out = URL(fileURLWithPath: folder.path).appendingPathComponent("zoos")
            try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
            try ZooFolder.write(training.train { _, _ in }, to: out)
            let index = try ZooFolder(contentsOf: out)
            #expect(ZooFolder.isOne(out) && index.zoos.map(\.file) == ["widths-4x5x3.h5", "widths-4x8x3.h5"])
            #expect(index.zoos.map(\.settings) == [["widths": "4x5x3"], ["widths": "4x8x3"]])
            #expect(index.zoos.map(\.parameters) == [43, 67] && index.zoos.map(\.networks) == [14, 14])
            for (entry, width) in zip(index.zoos, [5, 8]) {
                let path = out.appendingPathComponent(entry.file).path
                #expect(try SHA256.hexDigest(ofFile: path) == entry.sha256)
                let zoo = try ZooReader(path: path).readAll()
                #expect(zoo.header.architecture == .mlp(MLP.Config(widths: [4, width, 3])))
                #expect(zoo.columns.numbers("batch") == (0..<14).map { $0 < 7 ? 9 : 18 })
            }
            try folder.write("{}", to: "zoos/index.json")
            #expect(dataError { _ = try ZooFolder(contentsOf: out) }?.kind == .malformed)
            #expect(!ZooFolder.isOne(out) && !ZooFolder.isOne(out.deletingLastPathComponent()))
        }
    }

    @Test("Networks must fit the data, and selection needs rows to select on")
    func fitting() throws {
        try TrainingSamples.with { _, recipe in
            func path(_ change: (inout ZooRecipe) -> Void) -> String? {
                var own = recipe
                change(&own)
                let error = dataError {
                    _ = try ZooTraining(arms: [.init(recipe: own)], catalog: TrainingSamples.catalog)
                }
                #expect(error?.kind == .configuration)
                return error?.path
            }
            #expect(path { $0.widths = [5, 6, 3] } == "widths")
            #expect(path { $0.widths = [4, 6, 2] } == "widths")
            #expect(path { $0.architecture = .cnn(ZooCNN.Config(size: .small)) } == "architecture")
            #expect(path { $0.dataset.validation = 0 } == "selection")
            #expect(path { ($0.tasks.classes, $0.tasks.count) = (2, 7) } == "tasks.count")
            #expect(path { $0.tasks.classes = 4 } == "tasks.classes")
            #expect(path { ($0.tasks.classes, $0.tasks.count, $0.tasks.new) = (2, 2, 3) } == "tasks.new")
        }
    }
}
