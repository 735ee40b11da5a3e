import Networks
import Tensors
import Testing

@testable import Evaluation

@Suite("Networks for a task from a library, and by further training")
struct ZooRetrievalTests {
    private let network = MLP(MLP.Config(widths: [2, 2]))
    /// Class 0 where the first feature is the larger.
    private let examples = LabelledExamples(
        inputs: Tensor([1, 0, 0, 1, 2, 1, 1, 2], shape: [4, 2]), labels: [0, 1, 0, 1], classes: 2)
    /// Against, none, for it, strongly for it; one that is not finite.
    private let zoo = Tensor(
        [
            -1, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 5, 0, 0, 5, 0, 0, .nan, 0, 0, 0, 0, 0,
        ], shape: [5, 6])

    @Test(
        "The network of least loss is found; losses that are not numbers come last; swapped labels find the other end")
    func nearest() {
        let retrieval = ZooRetrieval(network, population: zoo)
        #expect(retrieval.nearest(to: examples, count: 9) == [3, 2, 1, 0, 4])
        #expect(retrieval.nearest(to: examples.swapping(0, 1)) == [0])
        #expect(retrieval.nearest(to: examples.selecting([])) == [0])
    }

    @Test("Steps on the examples bring any network to them; none leave it as it was")
    func finish() throws {
        let finish = SupportFinish(network, rate: 0.1)
        let start = zoo.sliced(axis: 0, 0..<3)
        let after = try finish(start, steps: 60, on: examples)
        let classifier = Classifier(network)
        let losses = classifier.losses(after, inputs: examples.inputs, labels: examples.labels, classes: 2)
        #expect(losses.allSatisfy { $0 < 0.1 })
        #expect(try finish(start, steps: 0, on: examples).floats == start.floats)
        #expect(try finish(start, steps: 5, on: examples.selecting([0])).floats == start.floats)
    }
}
