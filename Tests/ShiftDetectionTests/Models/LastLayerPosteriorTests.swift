import Networks
import Tensors
import TestSupport
import Testing

@testable import ShiftDetection

@Suite("The posterior of a last layer")
struct LastLayerPosteriorTests {
    @Test("one row, one hidden unit, two classes: p(1-p) times the outer product, by hand")
    func byHand() {
        let matrix = LastLayerPosterior.hessian(
            hidden: Tensor([2] as [Double], shape: [1, 1]),
            probabilities: Tensor([0.75, 0.25] as [Double], shape: [1, 2]), priorStd: 2
        ).doubles
        // Order: weights of classes 0 and 1, biases of classes 0 and 1; p(1-p) = 3/16, 1/4 for the prior.
        let c = 3.0 / 16
        let expected = [
            4 * c + 0.25, -4 * c, 2 * c, -2 * c, -4 * c, 4 * c + 0.25, -2 * c, 2 * c, 2 * c, -2 * c, c + 0.25, -c,
            -2 * c, 2 * c, -c, c + 0.25,
        ]
        #expect(relativeDifference(matrix, expected) < 1e-12)
    }

    @Test("the Hessian is that of the summed log loss and the prior")
    func hessianOfTheLoss() throws {
        let rows = CloudScene.points(9, classes: 3, seed: 2)
        let config = MLP.Config(widths: [2, 4, 3], activation: .tanh)
        let network = config.network
        let weights = Initialization.heNormal.population(network.layout, seeds: [3])
        let posterior = try LastLayerPosterior(config, weights: weights, rows: rows, priorStd: 0.5)
        let size = posterior.precision.shape[0]
        #expect(size == 15)
        let flat = weights.reshaped([-1]).converted(to: .double)
        let x = rows.features.converted(to: .double)
        for index in 0..<size {
            var direction = [Double](repeating: 0, count: flat.count)
            direction[flat.count - size + index] = 1
            let column = hessianProduct(at: flat, along: Tensor(direction, shape: [flat.count])) { flat in
                let logits = network(Parameters(layout: network.layout, flat: flat), x)
                return Loss.crossEntropy(logits, labels: rows.labels) * 9 + flat.square().sum() * 2
            }
            let expected = Array(column.doubles.suffix(size))
            let own = posterior.precision.selected(axis: 0, index).doubles
            #expect(relativeDifference(own, expected) < 1e-5)
        }
    }

    @Test("draws keep the trunk and have the inverse Hessian as covariance")
    func covariance() throws {
        let rows = CloudScene.points(12, classes: 2, seed: 2)
        let config = MLP.Config(widths: [2, 2, 2], activation: .tanh)
        let weights = Initialization.heNormal.population(config.network.layout, seeds: [3])
        let posterior = try LastLayerPosterior(config, weights: weights, rows: rows, priorStd: 1)
        let (count, size) = (20_000, 6)
        let draws = posterior.draws(count, seed: 1)
        let trunk = weights.shape[1] - size
        #expect(draws.shape == [count, trunk + size])
        #expect(
            draws.sliced(axis: 1, 0..<trunk).floats.prefix(2 * trunk)
                == (weights.floats.prefix(trunk) + weights.floats.prefix(trunk))[...])
        let moves = (draws - weights).sliced(axis: 1, trunk..<(trunk + size)).converted(to: .double)
        let covariance = matmul(moves, moves, transposeA: true) / Double(count)
        let product = matmul(covariance, posterior.precision).doubles
        let identity = (0..<36).map { $0 % 7 == 0 ? 1.0 : 0 }
        #expect(relativeDifference(product, identity) < 0.1)
        #expect(relativeDifference(moves.mean(axes: [0]).doubles, [Double](repeating: 0, count: 6), floor: 1) < 0.05)
        #expect(posterior.draws(3, seed: 1).floats == Array(draws.floats.prefix(3 * (trunk + size))))
    }
}
