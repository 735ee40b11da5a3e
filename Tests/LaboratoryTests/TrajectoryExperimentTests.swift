import Foundation
import Generation
import ModelZoo
import Networks
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

/// Experiments whose generators learn from whole runs.
@Suite("Experiments on runs with checkpoints")
struct TrajectoryExperimentTests {
    /// Nine networks with the way of each: an initialisation, and one or two checkpoints more.
    private static func zoo(_ change: (inout [Int64]) -> Void = { _ in }) -> Zoo {
        let split: [Int64] = [0, 0, 0, 0, 0, 1, 2, 2, 2]
        let dataset = Small.digits(.indices(train: [0, 1], validation: Array(2..<10), test: Array(10..<60)))
        let ends = Small.zoo(9, split: split, dataset: dataset), starts = Small.zoo(9, seed: 7)
        let width = ends.layout.count
        var steps: [Int64] = [], weights: [Float] = []
        for run in 0..<9 {
            // The second run has a checkpoint less; its third place is absent.
            steps += run == 1 ? [0, 20, -1] : [0, 10, 20]
            let (start, end) = (Array(starts.row(run)), Array(ends.row(run)))
            let middle = zip(start, end).map { ($0 + $1) / 2 }
            weights += start + (run == 1 ? end + Array(repeating: .nan, count: width) : middle + end)
        }
        change(&steps)
        var columns = ends.columns
        columns["selected"] = .integer((0..<9).map { $0 == 1 ? 1 : 2 })
        return Zoo(
            header: ends.header, weights: ends.weights, columns: columns,
            trajectory: ZooTrajectory(checkpoints: 3, steps: steps, weights: weights))
    }

    private static func experiment(_ yaml: String, zoo: Zoo = zoo()) throws -> SmallExperiment {
        let small = try SmallExperiment(yaml)
        try FileManager.default.removeItem(at: small.scratch.file("zoo.h5"))
        try ZooWriter.write(zoo, to: small.scratch.file("zoo.h5").path)
        return small
    }

    private static let start = "source: {kind: initialization, method: he-normal}\nalign: {enabled: false}\n"

    @Test("the runs of a zoo: checkpoints that are there, up to the network that is kept")
    func runs() throws {
        let small = try Self.experiment("")
        let path = small.scratch.file("zoo.h5").path
        let population = try ZooPopulation(ZooReader(path: path).readAll(), path: path)
        let runs = try population.runs(path)
        #expect(runs.training.steps == [[0, 10, 20], [0, 20], [0, 10, 20], [0, 10, 20], [0, 10, 20]])
        #expect(runs.training.ends.floats == population.training.floats)
        #expect(runs.validation?.steps == [[0, 10, 20]])
        let other = small.scratch.file("other.h5").path
        try ZooWriter.write(Small.zoo(9), to: other)
        let error = #expect(throws: DataError.self) { try population.runs(other) }
        #expect(
            error?.description
                == "\(other): expected a zoo with checkpoints, to learn from whole runs, found one without (`zoo train` "
                + "records them with checkpoints.every)")
    }

    @Test(
        "every way to learn from runs goes from its zoo to its verdict, and a generator that is read draws the same",
        arguments: [
            "process: {kind: multi-marginal}\n", "process: {kind: multi-marginal, interpolation: linear, sigma: 0.1}\n",
            "process: {kind: multi-marginal, marginals: 2, coupling: optimal-transport}\n", "process: {kind: jko}\n",
        ])
    func whole(_ process: String) throws {
        let net = process.contains("jko") ? "generator: {kind: potential, width: 8, timeWidth: 4}\n" : ""
        let small = try Self.experiment("")
        let sections = (Self.start + process + net).split(separator: "\n").map { line -> String in
            let parts = line.split(separator: ":", maxSplits: 1)
            return "\(parts[0])=\(parts[1].trimmingCharacters(in: .whitespaces))"
        }
        _ = try small.run(out: "run", settings: sections)
        let config = try Self.config(small)
        let layout = Small.network.layout
        let stored = try GeneratorStore(run: small.scratch.file("run")).read(config, layout: layout)
        let drawn = stored.generator.sample(0..<4, seed: 0).weights
        let ensemble = try ZooReader(path: small.scratch.file("run/ensemble.h5").path).readAll()
        #expect(ensemble.weights == drawn.floats)
        if process.contains("jko") {
            #expect((stored.generator.sampler as? ImplicitSampler)?.times.last == 1)
            #expect(stored.coordinates.knots == [0, 0.5, 1])
        }
    }

    private static func config(_ small: SmallExperiment) throws -> ExperimentConfig {
        let text = try small.scratch.text("run/config.resolved.yaml")
        return try Small.settings(text)
    }

    @Test("a potential in closed form is fitted without a step of training, and a checkpoint is a source")
    func fitted() throws {
        let small = try SmallExperiment()
        try small.scratch.put(
            "small.yaml",
            """
            zoo: {path: \(small.scratch.file("zoo.h5").path)}
            coordinates: {components: 3}
            source: {kind: checkpoint}
            process: {kind: jko}
            generator: {kind: quadratic-potential}
            align: {enabled: false}
            sampling: {count: 4}
            evaluation: {noise: [0.01], averages: [2], baselineCount: 3}
            """)
        try FileManager.default.removeItem(at: small.scratch.file("zoo.h5"))
        try ZooWriter.write(Self.zoo(), to: small.scratch.file("zoo.h5").path)
        _ = try small.run(out: "run")
        let stored = try GeneratorStore(run: small.scratch.file("run")).read(
            Self.config(small), layout: Small.network.layout)
        #expect(stored.description.training.steps == 0 && stored.description.training.planned == 0)
        #expect(stored.description.training.weights == 3 * 3 + 3)
        #expect(stored.generator.source is PerturbedSource)
    }

    @Test("zoos that do not fit are refused with what is missing")
    func refused() throws {
        func message(_ zoo: Zoo) throws -> String? {
            let small = try Self.experiment(Self.start + "process: {kind: multi-marginal}\n", zoo: zoo)
            return #expect(throws: DataError.self) { try small.run(out: "run") }?.description
        }
        let bare = Small.zoo(
            9, split: [0, 0, 0, 0, 0, 1, 2, 2, 2],
            dataset: Small.digits(.indices(train: [0, 1], validation: Array(2..<10), test: Array(10..<60))))
        #expect(try message(bare)?.contains("expected a zoo with checkpoints, to learn from whole runs") == true)
        #expect(
            try message(Self.zoo { $0[0] = 1 })?.contains(
                "expected the initialisation, step 0, of every run, found run 0 with steps 1, 10, 20") == true)
        #expect(
            try message(Self.zoo { $0[7] = 0 })?.contains("found step 0 after step 0 in run 2") == true)
        #expect(
            try message(Self.zoo { ($0[10], $0[11]) = (-1, -1) })?.contains(
                "expected at least two checkpoints of every run from step 0 on, found 1 of run 3") == true)
    }

    @Test("a recipe without checkpoints is refused before anything is trained")
    func recipe() throws {
        let error = #expect(throws: ConfigError.self) {
            try Small.settings("zoo: {kind: train}\nsource: {kind: initialization}\nprocess: {kind: jko}\n")
        }
        #expect(
            error?.problems.map(\.description) == [
                "zoo.checkpoints.every: expected above 0 with process.kind: jko and source.kind: initialization, found 0 (whole "
                    + "runs are learned from)"
            ])
    }
}
