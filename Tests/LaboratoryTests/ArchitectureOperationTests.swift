import Foundation
import ModelZoo
import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("Operations on networks of every kind")
struct ArchitectureOperationTests {
    /// Six untrained networks, with running statistics of their own where the layout has any.
    private static func zoo(_ architecture: Architecture, dataset: ZooDataset? = nil, buffers: Bool = true) -> Zoo {
        let layout = architecture.layout
        var stream = RandomStream(seed: 3, purpose: "test.buffers")
        let drawn = stream.uniform([6, layout.bufferCount]) * 0.3 + 0.05
        let statistics = layout.bufferCount > 0 && buffers ? drawn.floats : nil
        var columns = ZooColumns(count: 6)
        columns["split"] = .integer([0, 0, 1, 2, 2, 2])
        return Zoo(
            header: ZooHeader(architecture: architecture, dataset: dataset),
            weights: Initialization.pytorch.population(layout, seeds: [1, 2, 3, 4, 5, 6]).floats, buffers: statistics,
            columns: columns)
    }

    private static let digits = Small.digits(.indices(train: [0, 1], validation: [2], test: Array(3..<60)))
    private static let normed = Architecture.mlp(.init(widths: [64, 12, 10], norm: .batch))
    private static let image = ImageExtent(channels: 1, height: 8, width: 8)

    static let architectures: [Architecture] = [
        normed, .cnn(.init(size: .small)), .resnet(.init(depth: 20, image: image, width: 2)),
        .vit(.init(image: image, depth: 1, width: 6, heads: 2)),
        .encoder(.init(vocabulary: 9, length: 5, depth: 1, width: 6, outputs: 2)),
    ]

    @Test("aligning a file keeps every network's function, running statistics included", arguments: architectures)
    func align(_ architecture: Architecture) throws {
        let scratch = try ScratchFolder()
        let zoo = Self.zoo(architecture)
        try ZooWriter.write(zoo, to: scratch.file("zoo.h5").path)
        let operation = AlignOperation(
            path: scratch.file("zoo.h5").path, reference: 0, sweeps: 20, out: scratch.file("aligned.h5"))
        let facts = try operation.execute(SilentReporter())
        let (difference, largest) = (facts.largestLogitDifference ?? 1, facts.largestLogit ?? 0)
        #expect(difference <= 1e-5 * max(1, largest) && largest > 0 && facts.distanceAfter < facts.distanceBefore)
        let aligned = try ZooReader(path: scratch.file("aligned.h5").path).readAll()
        #expect(aligned.weights != zoo.weights && aligned.columns["split"] == zoo.columns["split"])
        guard zoo.layout.bufferCount > 0 else { return }
        #expect(aligned.buffers != zoo.buffers)
        let still = Zoo(header: zoo.header, weights: aligned.weights, buffers: zoo.buffers)
        var stream = RandomStream(seed: 1, purpose: "test.inputs")
        let wrong = Aligner.largestLogitDifference(
            architecture.network, before: zoo, after: still, inputs: architecture.input.samples(20, &stream))
        #expect(wrong.difference > 1e-3, "statistics that stay behind are noticed")
    }

    @Test("networks are evaluated with the running statistics of their file")
    func evaluate() throws {
        let scratch = try ScratchFolder()
        let zoo = Self.zoo(Self.normed, dataset: Self.digits)
        try ZooWriter.write(zoo, to: scratch.file("zoo.h5").path)
        func accuracy(_ name: String) throws -> Double {
            let operation = EvaluateOperation(
                path: scratch.file(name).path, dataset: nil, zoo: nil, catalog: Small.catalog)
            return try #require(try operation.execute().rows.first).testAccuracy.mean
        }
        let (_, split, _) = try Small.catalog.judging(zoo.header, path: "zoo.h5")
        let expected = Classifier(Self.normed.network).accuracies(
            zoo.population(), buffers: zoo.bufferTensor(), inputs: split.test.tensor, labels: split.test.labels)
        #expect(abs(try accuracy("zoo.h5") - expected.reduce(0, +) / 6) < 1e-12)
    }

    @Test("files without the running statistics that their networks need are refused, naming what is missing")
    func missing() throws {
        let scratch = try ScratchFolder()
        let zoo = Self.zoo(Self.normed, dataset: Self.digits, buffers: false)
        try ZooWriter.write(zoo, to: scratch.file("zoo.h5").path)
        let path = scratch.file("zoo.h5").path
        let evaluated = try requireDataError {
            _ = try EvaluateOperation(path: path, dataset: nil, zoo: nil, catalog: Small.catalog).execute()
        }
        let aligned = try requireDataError {
            let operation = AlignOperation(path: path, reference: 0, sweeps: 3, out: scratch.file("a.h5"))
            _ = try operation.execute(SilentReporter())
        }
        for error in [evaluated, aligned] {
            #expect(error.kind == .malformed && error.path == path && error.expected.contains("/buffers"))
        }
        #expect(scratch.names == ["zoo.h5"])
    }

    @Test("without training samples there is nothing to recompute running statistics on")
    func noTrainingSamples() throws {
        let digits = Small.digits(.indices(train: [0], validation: [2], test: Array(3..<60)))
        let error = try requireDataError {
            _ = try JudgingData(Self.zoo(Self.normed, dataset: digits), path: "zoo.h5", catalog: Small.catalog)
        }
        #expect(error.kind == .malformed && error.expected.contains("training samples of digits") && error.found == "1")
    }
}

/// Reports nothing.
private struct SilentReporter: ProgressReporter {
    func update(_ what: String, done: Int, total: Int) {}
    func note(_ text: String, isDetail: Bool) {}
}
