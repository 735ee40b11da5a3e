import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite("Whether networks fit the data that they are said to be of")
struct PreparationCheckTests {
    private static let catalog = TrainingSamples.catalog

    /// Networks trained on digits, prepared as the settings say; few epochs are enough to tell.
    private static func trained(_ change: (inout ZooRecipe.Data) -> Void) throws -> Zoo {
        var recipe = ZooRecipe()
        recipe.widths = [64, 16, 10]
        (recipe.training.epochs, recipe.training.rate) = (8, 0.01)
        (recipe.networks.train, recipe.networks.validation, recipe.networks.test) = (3, 0, 0)
        change(&recipe.dataset)
        return try TrainingSamples.zoo(recipe)
    }

    private static let plain = Result { try trained { _ in } }
    private static let standardized = Result { try trained { $0.standardize = true } }

    private func check(
        _ zoo: Zoo, _ dataset: ZooDataset? = nil, accuracies: (name: String, values: [Double])? = nil
    ) throws -> PreparationCheck {
        try DatasetFolder.with { folder in
            var columns = ZooColumns(count: zoo.count)
            if let accuracies { columns[accuracies.name] = .real(accuracies.values) }
            let path = "\(folder.path)/z.h5"
            let named = dataset.map { zoo.with(dataset: $0) } ?? zoo
            try ZooWriter.write(named.with(columns: columns), to: path)
            return try PreparationCheck(ZooReader(path: path), catalog: Self.catalog)
        }
    }

    private func digits(_ json: String = "") throws -> ZooDataset {
        try ZooDataset(
            description: .init("{\"name\":\"digits\"\(json)}".utf8), place: "--dataset", catalog: Self.catalog)
    }

    @Test("Networks on their own data: what was assumed and how right they are, and no warning")
    func right() throws {
        let found = try check(Self.plain.get())
        #expect(found.warnings.isEmpty && found.accuracy > 0.85 && found.networks == 3 && found.fitting == nil)
        #expect(found.description.contains("x / 16") && found.description.contains("test rows"))
        #expect(try check(Self.plain.get(), digits()).warnings.isEmpty)
    }

    @Test("Networks of standardized inputs under the usual preparation: warned, and the one that fits is named")
    func wrong() throws {
        let found = try check(Self.standardized.get(), digits())
        let fitting = try #require(found.fitting)
        let text = try #require(fitting.description)
        #expect(text == #"{"name":"digits","standardize":true}"# && fitting.accuracy > 0.85)
        #expect(found.warnings.count == 1 && found.warnings[0].contains(text), "\(found.warnings)")
        let again = try check(Self.standardized.get(), digits(#","standardize":true"#))
        #expect(again.fitting == nil && again.warnings.isEmpty)
    }

    @Test("Recorded accuracies decide: 2 points below them is a warning; what they confirm is not tried")
    func recorded() throws {
        let reached = try check(Self.plain.get()).accuracy
        let equal = try check(Self.plain.get(), accuracies: ("test_acc", [reached, reached, reached]))
        #expect(equal.warnings.isEmpty && equal.tried == nil && equal.recordedColumn == "test_acc")
        let above = try check(Self.plain.get(), accuracies: ("val_top1", [reached + 0.06, reached + 0.06, .nan]))
        #expect(above.isBelow && above.warnings.count == 1 && above.warnings[0].contains("val_top1"))
    }

    @Test("Networks that know nothing are no better than naming the commonest class")
    func chance() throws {
        let zoo = try Self.plain.get()
        let shuffled = Zoo(
            header: zoo.header,
            weights: Initialization.pytorch.population(zoo.layout, seeds: [1, 2, 3, 4, 5, 6]).floats)
        let found = try check(shuffled)
        #expect(found.warnings.count == 1 && found.warnings[0].contains("commonest class"), "\(found.warnings)")
        #expect(found.fitting == nil && found.warnings[0].contains("architecture"), "noise is no better preparation")
    }

    @Test("A division that was given stays: then only the keys are named that say the preparation")
    func division() throws {
        let given = try digits(#","split":{"validation":0.2,"test":0.2,"seed":0}"#)
        let found = try check(Self.standardized.get(), given)
        #expect(found.fitting?.keys == #""standardize":true"# && found.fitting?.description == nil)
        #expect(found.warnings.count == 1 && found.warnings[0].contains("in the description of --dataset"))
    }

    @Test("Much better than what is recorded of test rows is a warning too; what is not recorded is to be compared")
    func above() throws {
        let found = try check(Self.plain.get(), accuracies: ("test_acc", [0.5, 0.5, 0.5]))
        #expect(found.isAbove && found.warnings.count == 1 && found.warnings[0].contains("50.00 %"))
        #expect(try check(Self.plain.get()).description.contains("compare that with what you measured"))
        #expect(!found.description.contains("compare"))
    }

    @Test("Test rows choose nothing: the trial is on training rows, and none is made without any")
    func testRows() throws {
        let rows = ZooDataset.Split.indices(train: [], validation: [], test: Array(0..<300))
        let dataset = ZooDataset(name: "digits", scale: [0.0625], split: rows)
        let found = try check(Self.standardized.get(), dataset)
        #expect(found.fitting == nil && found.tried == nil && found.rows == 300 && !found.warnings.isEmpty)
    }

    @Test("A zoo of tensors alone cannot be run")
    func layoutOnly() throws {
        let zoo = try Self.plain.get()
        let tensors = Zoo(header: ZooHeader(layout: zoo.layout, dataset: try digits()), weights: zoo.weights)
        #expect(dataError { _ = try check(tensors) } != nil)
    }
}
