import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite("Recipes that no training could follow")
struct ZooRecipeFitTests {
    private func problem(_ csv: String, _ change: (inout ZooRecipe) -> Void) throws -> DataError? {
        try DatasetFolder.with { folder in
            let recipe = TrainingSamples.recipe(try folder.write(csv, to: "data.csv"), change)
            return dataError { _ = try ZooTraining(arms: [.init(recipe: recipe)], catalog: TrainingSamples.catalog) }
        }
    }

    @Test("Networks of tokens want whole numbers of their vocabulary in every part of the data")
    func tokens() throws {
        let encoder = Architecture.encoder(.init(vocabulary: 4, length: 2, depth: 1, width: 4, outputs: 2))
        let rows = (0..<20).map { "\($0 % 4),\($0 % 3),\($0 % 2)\n" }.joined()
        #expect(try problem(rows) { $0.architecture = encoder } == nil)
        let scaled = try problem(rows) { ($0.architecture, $0.dataset.scale) = (encoder, 0.0625) }
        #expect(scaled?.kind == .configuration && scaled?.path == "dataset")
        #expect(scaled?.expected.contains("whole numbers 0 to 3") == true && scaled?.hint.contains("scale: 1") == true)
        // One strange row, in whichever part it falls.
        let strange = try problem("9,0,0\n" + rows) { $0.architecture = encoder }
        #expect(strange?.found.hasPrefix("9.0 in ") == true)
    }

    @Test("Batch norms want minibatches that have a variance", arguments: [MLP.Config.Norm.batch, .layer, .none])
    func batches(norm: MLP.Config.Norm) throws {
        let error = try problem(TrainingSamples.csv()) {
            $0.architecture = .mlp(MLP.Config(widths: [4, 6, 3], norm: norm))
            $0.training.batch = 1
        }
        #expect(error?.path == (norm == .batch ? "training.batch" : nil))
        #expect(error == nil || error?.kind == .configuration)
    }

    @Test("A task of classes whose rows all went to testing has nothing to train on")
    func rows() throws {
        let csv = (0..<10).map { "\($0),0,0,0,a\n" }.joined() + "1,2,0,0,b\n3,4,0,0,c\n"
        let error = try problem(csv) {
            $0.widths = [4, 6, 2]
            ($0.tasks.classes, $0.selection) = (2, .last)
            ($0.dataset.validation, $0.dataset.test) = (0, 0.6)
        }
        #expect(error?.kind == .configuration && error?.path == "dataset" && error?.found == "none")
    }

    @Test("No networks at all are no zoo")
    func networks() throws {
        let error = try problem(TrainingSamples.csv()) {
            ($0.networks.train, $0.networks.validation, $0.networks.test) = (0, 0, 0)
        }
        #expect(error?.kind == .configuration && error?.path == "networks")
    }
}
