import Basics
import Foundation
import Generation
import ModelZoo
import RankTestSupport
import Ranks
import TestSupport
import Testing

@testable import Laboratory

@Suite("Experiments and samples over ranks")
struct RankRunTests {
    private func over<Outcome>(_ size: Int, _ body: (Ranks) throws -> Outcome) throws -> Outcome {
        let world = try ThreadRanks.serve(size, RankTable.works, body)
        #expect(world.errors.isEmpty)
        return try world.outcome.get()
    }

    private static let grid = """
        grid: {seed: [0, 1]}
        arms:
          plain: {}
          longer: {training: {steps: 40}}

        """

    @Test("Arms times seeds: every file of every run is the same", arguments: [2, 3])
    func runs(size: Int) throws {
        let small = try SmallExperiment(Self.grid)
        let right = try small.run(out: "alone")
        var experiment = try small.experiment(out: "spread")
        let outcome = try over(size) { ranks in
            experiment.ranks = ranks
            return try experiment.run()
        }
        #expect(outcome.status == right.status && outcome.verdicts.count == right.verdicts.count)
        #expect(outcome.summary.rows == right.summary.rows)
        for run in ["plain/seed-0", "plain/seed-1", "longer/seed-0", "longer/seed-1"] {
            for file in ["ensemble.h5", "aligned.h5", "evaluation.json", "config.resolved.yaml"] {
                let (one, other) = ("alone/arms/\(run)/\(file)", "spread/arms/\(run)/\(file)")
                #expect(
                    try Data(contentsOf: small.scratch.file(one)) == Data(contentsOf: small.scratch.file(other)),
                    "\(run)/\(file)")
            }
        }
    }

    @Test("A zoo that runs share is trained once, by all ranks, before the runs are handed out")
    func sharedZoo() throws {
        let zoo = """
            {kind: train, dataset: {name: iris, standardize: true, validation: 0.2, test: 0.2, seed: 0}, widths: [4, 6, 3],
              training: {rate: 0.01, batch: 16, epochs: 2}, networks: {train: 21, validation: 4, test: 4, firstSeed: 0}}
            """
        let small = try SmallExperiment("grid: {seed: [0, 1]}\n", zoo: zoo)
        try small.run(out: "alone")
        var experiment = try small.experiment(out: "spread")
        _ = try over(3) { ranks in
            experiment.ranks = ranks
            return try experiment.run()
        }
        let zoos = ["alone", "spread"].map { SharedZoos(folder: small.scratch.file("\($0)/zoos")).folder }
        let names = try zoos.map { folder in
            try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".h5") }
        }
        #expect(names[0].count == 1 && names[0] == names[1])
        let bytes = try zip(zoos, names).map { try Data(contentsOf: $0.appendingPathComponent($1[0])) }
        #expect(bytes[0] == bytes[1])
    }

    @Test("Drawn networks are the same at any number of ranks", arguments: [1, 2, 3])
    func generating(size: Int) throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        func drawn(_ ranks: Ranks, _ name: String) throws -> Data {
            var operation = try GenerateOperation(
                run: small.scratch.file("run"), count: 130, seed: 5, out: small.scratch.file(name),
                catalog: Small.catalog)
            operation.ranks = ranks
            _ = try operation.execute(SilentProgress())
            return try Data(contentsOf: small.scratch.file(name))
        }
        let right = try drawn(.one, "alone.h5")
        #expect(try over(size) { try drawn($0, "spread.h5") } == right)
    }

    @Test("What is asked of an experiment is the same after its way to another rank")
    func request() throws {
        var request = Experiment.Request(experiment: "digits")
        (request.settings, request.arms, request.seed, request.resume) = (["a=1"], ["x", "y"], 3, true)
        (request.out, request.data, request.tensorboard) = (URL(fileURLWithPath: "/tmp/out"), "data", true)
        let back = try JSONDecoder().decode(Experiment.Request.self, from: JSONEncoder().encode(request))
        #expect(back.experiment == "digits" && back.settings == ["a=1"] && back.arms == ["x", "y"] && back.seed == 3)
        #expect(back.resume && back.out?.path == "/tmp/out" && back.data == "data" && back.tensorboard)
    }

    @Test("Works have names of their own, and ranks must be alike in what bytes depend on")
    func table() {
        let works = RankTable.works
        let names = works.items.map { $0.name } + works.shared.map { $0.name }
        #expect(Set(names).count == names.count && names.count >= 4)
        #expect(RankTable.likeness.count == 3 && RankTable.likeness.allSatisfy { !$0.contains("\n") })
    }
}
