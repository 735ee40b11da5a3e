import Foundation
import ModelZoo
import Networks
import Tensors
import Testing

@testable import Laboratory

/// Small populations for tests of experiments.
enum Small {
    static let config = MLP.Config(widths: [64, 6, 10], activation: .relu)
    static var network: MLP { MLP(config) }

    /// Networks with normal weights and, where codes are given, their splits.
    static func zoo(_ count: Int, seed: UInt64 = 1, split: [Int64]? = nil, dataset: ZooDataset? = nil) -> Zoo {
        let layout = network.layout
        var stream = RandomStream(seed: seed, purpose: "test.zoo")
        var columns = ZooColumns(count: count)
        if let split { columns["split"] = .integer(split) }
        return Zoo(
            header: ZooHeader(architecture: .mlp(config), dataset: dataset),
            weights: (stream.normal([count, layout.count]) * 0.3).floats, columns: columns)
    }

    /// The settings of an experiment with these over the defaults.
    static func settings(_ yaml: String) throws -> ExperimentConfig {
        let plan = try ConfigResolver<ExperimentConfig>().plan(YAMLReader.read(yaml, file: "small.yaml"))
        return try #require(plan.runs.first).config
    }

    /// The data sets of the checkout.
    static let catalog = DatasetCatalog(folders: [
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Datasets").path
    ])

    /// The digits with the given rows.
    static func digits(_ split: ZooDataset.Split?) -> ZooDataset {
        ZooDataset(name: "digits", scale: [0.0625], split: split)
    }
}

/// A network of row `index` with its hidden units in another order: the same function.
func permuted(_ zoo: Zoo, _ index: Int, by order: [Int]) -> [Float] {
    let (layout, row) = (zoo.layout, Array(zoo.row(index)))
    var result = row
    guard let weight = layout.slot(named: "layers.0.weight"), let bias = layout.slot(named: "layers.0.bias"),
        let next = layout.slot(named: "layers.1.weight")
    else { return row }
    let (width, outputs) = (weight.shape[1], next.shape[0])
    for (to, from) in order.enumerated() {
        for input in 0..<width {
            result[weight.offset + to * width + input] = row[weight.offset + from * width + input]
        }
        result[bias.offset + to] = row[bias.offset + from]
        for output in 0..<outputs {
            result[next.offset + output * order.count + to] = row[next.offset + output * order.count + from]
        }
    }
    return result
}
