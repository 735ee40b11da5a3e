import Dispatch
import Generation
import Laboratory
import ModelZoo
import Networks
import Tensors

extension Works {
    /// DeepWeightFlow's MNIST row from data to judged samples: 100 networks 784-32-32-10 trained (5 epochs, batch 64),
    /// aligned to the first, PCA-99, flow with h = 512 (30,000 steps), 100 samples by RK4, all judged. Reading the data is
    /// not counted.
    static func row(_ repeats: Int, data: String?) throws -> [Double] {
        let catalog = try DatasetCatalog.ofProcess(explicit: data)
        var recipe = ZooRecipe()
        recipe.dataset.name = "mnist"
        recipe.dataset.scale = 0.00392156862745098
        (recipe.dataset.validation, recipe.dataset.test) = (0, 0)
        recipe.widths = [784, 32, 32, 10]
        (recipe.training.rate, recipe.training.batch, recipe.training.epochs) = (1e-3, 64, 5)
        (recipe.networks.train, recipe.networks.validation, recipe.networks.test) = (100, 0, 0)
        recipe.selection = .last
        let split = try recipe.data(from: catalog).split
        return try (0..<repeats).map { _ in
            let start = DispatchTime.now().uptimeNanoseconds
            let accuracy = try judgedAccuracy(recipe, split)
            precondition(accuracy > 0.9, "W9: generated networks reach \(accuracy)")
            return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
        }
    }

    private static func judgedAccuracy(_ recipe: ZooRecipe, _ split: DatasetSplit) throws -> Double {
        let trained = try ZooTrainer(recipe: recipe, split: split).train(seeds: (0..<100).map { UInt64($0) }) { _, _ in
        }
        let zoo = Zoo(
            header: ZooHeader(architecture: recipe.architecture, dataset: nil), weights: trained.weights.floats)
        let rows = try Aligner().align(zoo, reference: 0, path: "zoo").zoo.population()
        guard let coordinates = PrincipalCoordinates(fitting: rows, components: 99) else { return .nan }
        let net = FlowMLP(dimension: 99, config: .init(width: 512))
        let source = GaussianSource(dimension: 99, std: 0.01)
        let objective = FlowObjective(source: source, path: Path(.linear, sigma: 1e-3))
        let training = GeneratorTraining(config: .init(), net: net, objective: objective, seed: 0)
        var state = training.start()
        _ = training.run(&state, codes: coordinates.encode(rows)) { _ in true }
        let generator = Generator(
            coordinates: coordinates, net: net, parameters: state.samplingParameters, source: source,
            sampler: FlowSampler(solver: Solver(.rk4, steps: 100)))
        let generated = generator.sample(0..<100, seed: 0) { _ in }.weights
        let classifier = Classifier(recipe.architecture.network)
        let judged = [generated, trained.weights].map {
            classifier.accuracies($0, inputs: split.test.tensor, labels: split.test.labels)
        }
        let products = matmul(generated, rows, transposeB: true)
        _ = (products * 2 - rows.square().sum(axes: [-1])).maxLast()
        return judged[0].reduce(0, +) / Double(judged[0].count)
    }
}
