import Tensors
import Testing

@testable import Networks

@Suite("Batches of no samples")
struct EmptyBatchTests {
    @Test("give outputs [0, classes], and gradients of zero", arguments: sampleArchitectures)
    func empty(_ architecture: Architecture) {
        let sample = SampleNetwork(architecture)
        let x = Formula.inputs(architecture.input, 3).sliced(axis: 0, 0..<0)
        let outputs = sample.outputs(x)
        #expect(outputs.shape[0] == 0 && outputs.shape[outputs.rank - 1] == architecture.outputs)
        let derivative = gradient(at: sample.parameters.flat) { flat in
            sample.network(Parameters(layout: sample.layout, flat: flat), x, sample.statistics).sum()
        }
        #expect(derivative.gradient.doubles.allSatisfy { $0 == 0 })
    }
}
