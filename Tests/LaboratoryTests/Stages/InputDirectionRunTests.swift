import Generation
import ModelZoo
import Networks
import Tensors
import Testing
import TestSupport

@testable import Laboratory

@Suite("A run whose coordinates know the networks' inputs")
struct InputDirectionRunTests {
    private static func run() throws -> SmallExperiment {
        let small = try SmallExperiment()
        try small.scratch.put(
            "small.yaml",
            """
            zoo: {path: \(small.scratch.file("zoo.h5").path)}
            align: {enabled: false}
            coordinates: {kind: input-directions, directions: 2}
            process: {kind: edm}
            generator: {kind: neuron-transformer, width: 8, layers: 1, heads: 2, hidden: 8, edgeWidth: 4}
            training: {steps: 5, batch: 4}
            sampling: {count: 4, steps: 3}
            evaluation: {noise: [], averages: [2], recombinations: [], retrievalNoise: [], baselineCount: 3}
            """)
        try small.run(out: "run")
        return small
    }

    @Test("directions are those of the training rows: pixels that are 0 in all of them have no part in a code")
    func inputs() throws {
        let small = try Self.run()
        let layout = Small.network.layout
        var config = InputDirectionCoordinates.Config()
        config.directions = 2
        let (coordinates, description) = try CoordinatesStore(folder: small.scratch.file("run/coordinates"))
            .read(config, layout: layout)
        #expect(coordinates.dimension == config.codeLayout(layout).count && coordinates.parameterCount == layout.count)
        #expect(description.reconstruction != nil, "something is lost, and is measured")
        let zoo = small.scratch.file("zoo.h5").path
        let training = try JudgingData(
            ZooReader(path: zoo).readAll(), path: zoo, catalog: Small.catalog)
        let rows = try #require(training.behaviour?.inputs)
        #expect(rows.shape[0] == 2)
        let flat = rows.reshaped([2, 64])
        let isDark = (0..<64).map { pixel in flat.sliced(axis: 1, pixel..<(pixel + 1)).floats.allSatisfy { $0 == 0 } }
        let directions = try #require(coordinates.tensors.first { $0.name.hasSuffix("directions") }?.value)
        let parts = directions.abs().sum(axes: [0]).floats
        #expect(isDark.contains(true) && isDark.contains(false))
        #expect(zip(parts, isDark).contains { part, isDark in !isDark && part > 0.01 })
        #expect(zip(parts, isDark).allSatisfy { part, isDark in !isDark || part < 1e-5 })
    }

    @Test("its generator is read again, and draws networks of the whole layout")
    func generated() throws {
        let small = try Self.run()
        let ensemble = try ZooReader(path: small.scratch.file("run/ensemble.h5").path).readAll()
        #expect(ensemble.count == 4 && ensemble.layout.matches(Small.network.layout))
        #expect(ensemble.population().isFinite)
    }
}
