import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Classifiers")
struct ClassifierTests {
    /// Whole numbers small enough that single precision sums them exactly in any order; many logits are equal.
    private static func wholeNumbers(_ shape: Shape, seed: UInt64, bound: Int) -> Tensor {
        var stream = RandomStream(seed: seed, purpose: "whole numbers")
        let values = (0..<shape.elementCount).map { _ in Float(stream.integer(below: 2 * bound + 1) - bound) }
        return Tensor(values, shape: shape)
    }

    @Test(
        "predictions do not depend on how networks and inputs are divided",
        arguments: [(1, 5), (10, 2000), (23, 2001), (12, 4100)])
    func chunks(_ networks: Int, _ samples: Int) {
        let mlp = MLP(.init(widths: [6, 5, 4]))
        let classifier = Classifier(mlp)
        let population = Self.wholeNumbers([networks, mlp.layout.count], seed: 1, bound: 2)
        let inputs = Self.wholeNumbers([samples, 6], seed: 2, bound: 3)
        var progress: [Int] = []
        let predictions = classifier.predictions(population, inputs: inputs) { progress.append($0) }
        #expect(predictions.count == networks && progress.last == networks && progress == progress.sorted())
        for (index, found) in predictions.enumerated() {
            let row = Parameters(layout: mlp.layout, flat: population.selected(axis: 0, index))
            let logits = mlp(row, inputs).doubles
            let expected = (0..<samples).map { sample in
                let row = logits[(sample * 4)..<(sample * 4 + 4)]
                return Int32(row.firstIndex(of: row.max() ?? 0)! - sample * 4)
            }
            #expect(found == expected, "the first of equal logits wins")
        }
    }

    @Test("an output that is not a number is no class, and a network with one has no accuracy")
    func notANumber() {
        let mlp = MLP(.init(widths: [2, 2, 2]))
        // Weights that are finite, and whose products are not: infinity less infinity.
        var broken = [Float](repeating: 3e38, count: mlp.layout.count)
        for slot in mlp.layout.slots where slot.name.hasSuffix("weight") && slot.offset > 0 {
            for index in slot.range where index % 2 == 1 { broken[index] = -3e38 }
        }
        let sound = Self.wholeNumbers([mlp.layout.count], seed: 3, bound: 2).floats
        let population = Tensor(sound + broken, shape: [2, mlp.layout.count])
        let inputs = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
        let predictions = Classifier(mlp).predictions(population, inputs: inputs)
        #expect(predictions[1] == [Classifier.noClass, Classifier.noClass] && !predictions[0].contains(-1))
        let accuracies = Classifier(mlp).accuracies(population, inputs: inputs, labels: [0, 1])
        #expect(accuracies[0].isFinite && accuracies[1].isNaN)
    }

    @Test("losses are means over all inputs, however they are divided")
    func losses() {
        let mlp = MLP(.init(widths: [6, 8, 4], activation: .tanh))
        let samples = 4321
        let population = Initialization.pytorch.population(mlp.layout, seeds: (0..<12).map { $0 })
        var stream = RandomStream(seed: 1, purpose: "inputs")
        let inputs = stream.normal([samples, 6]) * 3
        // The last inputs are the hard ones: a mean of the passes' means would weigh them wrongly.
        let labels = (0..<samples).map { Int32($0 > 4000 ? 3 : $0 % 3) }
        let found = Classifier(mlp).losses(population, inputs: inputs, labels: labels, classes: 4)
        let expected = Loss.crossEntropy(
            mlp(Parameters(layout: mlp.layout, flat: population), inputs), targets: .oneHot(labels, classes: 4))
        #expect(relativeDifference(found, expected.doubles) < 1e-6)
    }

    @Test("the identity classifies by its largest input")
    func closedForm() {
        let mlp = MLP(.init(widths: [4, 4]))
        let identity = Tensor.oneHot([0, 1, 2, 3], classes: 4).reshaped([16])
        let reversed = Tensor.oneHot([3, 2, 1, 0], classes: 4).reshaped([16])
        let population = Tensor.concatenate(
            [identity, reversed, .zeros([16])].map {
                Tensor.concatenate([$0, .zeros([4])], axis: 0).reshaped([1, 20])
            },
            axis: 0)
        let labels: [Int32] = (0..<2400).map { $0 % 4 }
        let inputs = Tensor.oneHot(labels.map { $0 == 3 ? 1 : $0 }, classes: 4)
        let classifier = Classifier(mlp)
        #expect(classifier.accuracies(population, inputs: inputs, labels: labels) == [0.75, 0, 0.25])
        let losses = classifier.losses(population, inputs: inputs, labels: labels, classes: 4)
        #expect(abs(losses[2] - 1.3862943611198906) < 1e-6, "equal logits cost log 4")
    }

    @Test("shares of equal entries")
    func accuracy() {
        #expect(Classifier.accuracy([1, 2, 3, 4], [1, 2, 0, 4]) == 0.75 && Classifier.accuracy([], []) == 0)
    }

    @Test("every network has an entry, even without inputs")
    func empty() {
        let mlp = MLP(.init(widths: [3, 2]))
        let classifier = Classifier(mlp)
        #expect(classifier.predictions(.zeros([2, 8]), inputs: .zeros([0, 3])) == [[], []])
        #expect(classifier.predictions(.zeros([0, 8]), inputs: .zeros([5, 3])).isEmpty)
        #expect(classifier.accuracies(.zeros([2, 8]), inputs: .zeros([0, 3]), labels: []) == [0, 0])
    }

    @Test("networks with running statistics are evaluated with their own")
    func buffers() async {
        let mlp = MLP(.init(widths: [4, 6, 3], norm: .batch))
        let (networks, samples) = (12, 50)
        let population = Initialization.pytorch.population(mlp.layout, seeds: (0..<UInt64(networks)).map { $0 })
        var stream = RandomStream(seed: 1, purpose: "buffers")
        let buffers = stream.uniform([networks, mlp.layout.bufferCount]) + 0.5
        let inputs = stream.normal([samples, 4])
        let classifier = Classifier(mlp)
        let found = classifier.predictions(population, buffers: buffers, inputs: inputs)
        for index in 0..<networks {
            let row = Parameters(layout: mlp.layout, flat: population.selected(axis: 0, index))
            let own = Buffers(layout: mlp.layout, flat: buffers.selected(axis: 0, index))
            #expect(found[index] == mlp(row, inputs, own).argmax())
        }
        let labels = (0..<samples).map { Int32($0 % 3) }
        #expect(
            classifier.accuracies(population, buffers: buffers, inputs: inputs, labels: labels)
                == found.map { Classifier.accuracy($0, labels) })
        let untrained = Buffers(mlp.layout, population: networks).flat
        #expect(
            classifier.losses(population, buffers: buffers, inputs: inputs, labels: labels, classes: 3)
                != classifier.losses(population, buffers: untrained, inputs: inputs, labels: labels, classes: 3))
        await #expect(processExitsWith: .failure) {
            let mlp = MLP(.init(widths: [4, 6, 3], norm: .batch))
            _ = Classifier(mlp).predictions(.zeros([2, mlp.layout.count]), inputs: .zeros([3, 4]))
        }
    }
}
