import Foundation
import Networks
import Tensors
import Testing
import ZooTestSupport

@testable import ModelZoo

/// Small recipes and data for tests of zoo training.
enum TrainingSamples {
    /// Clouds of points around one centre a class, one CSV line a point.
    static func csv(rows: Int = 90, features: Int = 4, classes: Int = 3, seed: UInt64 = 1) -> String {
        var stream = RandomStream(seed: seed, purpose: "test.clouds")
        let centres = stream.normal([classes, features]).floats
        let noise = stream.normal([rows, features]).floats
        return (0..<rows).map { row in
            let label = row % classes
            let cells = (0..<features).map { String(centres[label * features + $0] + 0.3 * noise[row * features + $0]) }
            return (cells + ["\(label)"]).joined(separator: ",") + "\n"
        }.joined()
    }

    /// A recipe for the clouds in the file at `path`: seven networks 4-6-3, four epochs of six steps.
    static func recipe(_ path: String, _ change: (inout ZooRecipe) -> Void = { _ in }) -> ZooRecipe {
        var recipe = ZooRecipe()
        recipe.dataset.name = path
        recipe.dataset.scale = 1
        recipe.widths = [4, 6, 3]
        (recipe.training.batch, recipe.training.epochs, recipe.training.rate) = (9, 4, 0.02)
        (recipe.networks.train, recipe.networks.validation, recipe.networks.test) = (4, 1, 2)
        change(&recipe)
        return recipe
    }

    /// Runs the body with a folder that holds the clouds as `clouds.csv`, and a recipe for them.
    static func with<Result>(
        features: Int = 4, _ change: (inout ZooRecipe) -> Void = { _ in },
        _ body: (DatasetFolder, ZooRecipe) throws -> Result
    ) throws -> Result {
        try DatasetFolder.with { folder in
            let path = try folder.write(csv(features: features), to: "clouds.csv")
            return try body(folder, recipe(path, change))
        }
    }

    static let catalog = DatasetCatalog(folders: ["\(DatasetBytes.checkout)/Datasets"])

    static func zoo(_ recipe: ZooRecipe) throws -> Zoo { try ZooTrainer.zoo(recipe, catalog: catalog) { _, _ in } }

    /// Recipes that differ in what trains: an MLP, one with batch norms, and a CNN-s with dropout.
    static let kinds: [(name: String, features: Int, change: @Sendable (inout ZooRecipe) -> Void)] = [
        ("MLP", 4, { _ in }),
        ("batch norms", 4, { $0.architecture = .mlp(MLP.Config(widths: [4, 6, 5, 3], bias: false, norm: .batch)) }),
        (
            "CNN-s", 400,
            {
                $0.architecture = .cnn(
                    ZooCNN.Config(
                        size: .small, image: ImageExtent(channels: 1, height: 20, width: 20), dropout: 0.2, outputs: 3))
                $0.training.epochs = 2
                $0.initialization = .zooKaimingUniform
            }
        ),
    ]
}

/// All that a zoo holds, as bytes of a file.
func fileBytes(_ zoo: Zoo, in folder: DatasetFolder) throws -> Data {
    let path = "\(folder.path)/\(UUID().uuidString).h5"
    try ZooWriter.write(zoo, to: path)
    return try bytes(path)
}
