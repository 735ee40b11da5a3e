import Evaluation
import Foundation
import ModelZoo
import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory
@testable import Reports

/// From a zoo with batch norms to a verdict: made networks get running statistics of their own.
@Suite("Experiments on networks with batch norms")
struct BatchNormExperimentTests {
    private static func yaml(_ architecture: String) -> String {
        """
        zoo:
          kind: train
          dataset: {name: digits, scale: 0.0625, validation: 0.1, test: 0.3}
          architecture: \(architecture)
          training: {rate: 1.0e-2, batch: 100, epochs: 4}
          networks: {train: 6, validation: 2, test: 2, firstSeed: 4}
          selection: last
        coordinates: {kind: slot-standardized}
        process: {kind: flow, sigma: 0}
        generator: {kind: flow-mlp, hidden: 16}
        training: {steps: 40, batch: 6}
        sampling: {count: 5, steps: 10, calibrationCount: 500}
        evaluation: {noise: [1.0e-6], averages: [2], baselineCount: 4}
        """
    }

    private static let mlp = "{kind: mlp, widths: [64, 12, 10], norm: batch}"
    private static let resnet = "{kind: resnet, depth: 20, image: [1, 8, 8], width: 2, outputs: 10}"

    private func run(_ scratch: ScratchFolder, _ architecture: String) throws -> Experiment.Outcome {
        try scratch.put("norms/config.yaml", Self.yaml(architecture))
        var request = Experiment.Request(experiment: scratch.file("norms").path)
        request.out = scratch.file("run")
        request.data = Small.catalog.folders.first
        return try Experiment(request, reporter: SilentProgress()).run()
    }

    @Test("run from the zoo to the verdict, with the statistics that fit what was made", arguments: [mlp, resnet])
    func wholeWay(_ architecture: String) throws {
        let scratch = try ScratchFolder()
        let rows = try run(scratch, architecture).summary.rows
        func row(_ what: String) throws -> EvaluationRow {
            try #require(rows.first { $0.population.what.hasPrefix(what) })
        }
        let (zoo, noise) = (try row("zoo"), try row("noise"))
        // Next to no noise, so next to the same networks: statistics of other weights would show.
        #expect(abs(zoo.testAccuracy.mean - noise.testAccuracy.mean) < 0.1 && zoo.testAccuracy.mean > 0.3)
        #expect(try row("nearest-zoo").novelty?.weightDistance?.mean == 0)

        let ensemble = try ZooReader(path: scratch.file("run/ensemble.h5").path).readAll()
        let catalog = Small.catalog
        let expected = try #require(try catalog.recalibration(ensemble.header, path: "", count: 500))
        #expect(ensemble.buffers == expected(ensemble.population()).floats)
        #expect(try scratch.text("run/report.html").contains("recomputed on up to 500 training samples"))
    }

    @Test("generate draws the run's networks, statistics included, whatever the count; evaluate judges with them")
    func generate() throws {
        let scratch = try ScratchFolder()
        let judged = try run(scratch, Self.mlp).summary.rows
        for count in [3, 12] {
            let operation = try GenerateOperation(
                run: scratch.file("run"), count: count, seed: 0, out: scratch.file("new\(count).h5"),
                catalog: Small.catalog)
            #expect(try operation.execute(SilentProgress()).notFinite == 0)
        }
        let names = ["run/ensemble.h5", "new3.h5", "new12.h5"]
        let drawn = try names.map { try ZooReader(path: scratch.file($0).path).readAll() }
        let rows = try drawn.map { try #require($0.select(rows: [0, 1, 2]).buffers) }
        #expect(rows[0] == rows[1] && rows[0] == rows[2])
        let evaluated = try EvaluateOperation(
            path: scratch.file("run/ensemble.h5").path, dataset: nil, zoo: scratch.file("run/zoo.h5").path,
            catalog: Small.catalog
        ).execute().rows
        let generated = judged.first { $0.population == .generated }
        #expect(evaluated.first { $0.population == .generated }?.testAccuracy == generated?.testAccuracy)
    }
}
