import Evaluation
import Foundation
import ModelZoo
import Networks
import Testing
import TestSupport

@testable import Basics
@testable import Generation
@testable import Laboratory

/// Runs whose coordinates are codes of a graph autoencoder.
@Suite("Experiments in codes that know no order of units")
struct GraphCoordinatesRunTests {
    private static let settings = [
        "coordinates.kind=graph-autoencoder", "coordinates.slots=2", "coordinates.latent=3", "coordinates.width=8",
        "coordinates.heads=2", "coordinates.layers=1", "coordinates.training.steps=20",
        "coordinates.training.warmUp=0", "align.enabled=false",
    ]

    @Test("a run has rows of decoded networks and a budget that ends at what is drawn")
    func wholeWay() throws {
        let small = try SmallExperiment()
        let rows = try small.run(out: "run", settings: Self.settings).summary.rows
        for name in ["reconstructed", "reconstructed-fresh", "gaussian-full", "generated"] {
            #expect(rows.contains { $0.population.what == name }, "\(name) of \(rows.map(\.population.what))")
        }
        let budget = try #require(ErrorBudget(rows))
        #expect(budget.steps.map(\.part) == [.roundTrip, .decoder, .codeModel] && budget.gaussian != nil)
        let again = try SmallExperiment()
        try again.run(out: "run", settings: Self.settings)
        #expect(try again.bytes("run/ensemble.h5") == small.bytes("run/ensemble.h5"))
    }

    @Test("what networks compute is known where their weights say it")
    func behaviour() throws {
        let dataset = Small.digits(.indices(train: Array(60..<100), validation: [], test: Array(10..<60)))
        let zoo = Small.zoo(4, split: [0, 0, 2, 2], dataset: dataset)
        let data = try JudgingData(zoo, path: "zoo.h5", catalog: Small.catalog)
        let behaviour = try #require(data.behaviour)
        #expect(behaviour.inputs.shape == [40, 64] && behaviour.network.layout == zoo.layout)
    }

    @Test("networks with batch norms are refused with the key that asks for their functions")
    func norms() throws {
        let recipe = """
            {kind: train, dataset: {name: digits, scale: 0.0625, test: 0.3}, \
            architecture: {kind: mlp, widths: [64, 6, 10], norm: batch}, training: {batch: 200, epochs: 1}, \
            networks: {train: 4, validation: 1, test: 2}}
            """
        let small = try SmallExperiment(zoo: recipe)
        let error = try requireDataError { try small.run(out: "run", settings: Self.settings) }
        #expect(error.path == "coordinates.functionError")
        #expect(error.hint.contains("batch norms"))
        try small.run(out: "other", settings: Self.settings + ["coordinates.functionError=0"])
    }
}
