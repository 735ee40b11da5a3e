import Networks
import TestSupport
import Testing

@testable import Formats

@Suite("Epsilons of norms that are others than ours")
struct NormEpsilonTests {
    private let transformer = Architecture.vit(
        VisionTransformer.Config(
            image: ImageExtent(channels: 1, height: 4, width: 4), patch: 2, depth: 1, width: 4, heads: 1,
            outputs: 2))

    private func variances(_ name: String, _ values: [Float], _ epsilon: Double?) -> ForeignTensor {
        var tensor = ForeignNetwork([(name, [values.count], values)]).tensors[0]
        tensor.epsilon = epsilon
        return tensor
    }

    @Test("What a batch norm divides by stays the same", arguments: [1e-3, 1e-4, 2e-5, 1e-2])
    func divisor(epsilon: Double) {
        var choices = RandomChoices(state: 17)
        let values = (0..<50).map { _ in Float.random(in: 0.01...10, using: &choices) }
        var tensors = [variances("bn.running_var", values, epsilon)]
        var settled = NormEpsilon(smallArchitecture)
        settled.settle(&tensors)
        for (new, old) in zip(tensors[0].values.floats(), values) {
            let (ours, theirs) = (Double(new) + 1e-5, Double(old) + epsilon)
            #expect(abs(ours - theirs) <= 1e-6 * theirs)
        }
        #expect(
            settled.notes == [
                "batch norms have epsilon \(epsilon), and \(1e-5) here: the difference was added to the running "
                    + "variances, which computes the same"
            ])
        #expect(settled.warnings.isEmpty)
    }

    @Test("What is settled stays as it is")
    func twice() {
        var tensors = [
            variances("bn.running_var", [0.5, 2], 1e-3), variances("bn.weight", [1, 1], 1e-3),
        ]
        var first = NormEpsilon(smallArchitecture)
        first.settle(&tensors)
        let once = tensors
        var second = NormEpsilon(smallArchitecture)
        second.settle(&tensors)
        #expect(tensors == once && second.notes.isEmpty && second.warnings.isEmpty)
    }

    @Test("Every epsilon is told once, of batch norms as done, of others as a warning")
    func told() {
        var tensors = ["a", "b", "c"].map {
            variances("\($0).running_var", [1], $0 == "c" ? 1e-4 : 1e-3)
        }
        tensors += ["d", "e"].map { variances("\($0).weight", [1], 1e-3) }
        var settled = NormEpsilon(smallArchitecture)
        settled.settle(&tensors)
        #expect(settled.notes.count == 2)
        #expect(
            settled.warnings == [
                "norms have epsilon \(1e-3), and are computed with \(1e-5) here: outputs differ "
                    + "where variances are small"
            ])
    }

    @Test("Nothing is done where the epsilon is ours, or not said")
    func ours() {
        for (architecture, epsilon) in [(smallArchitecture, 1e-5), (transformer, 1e-6)] {
            let plain = [variances("bn.running_var", [1], epsilon), variances("ln.weight", [1], epsilon)]
            for tensors in [
                plain, [variances("bn.running_var", [1], nil), variances("ln.weight", [1], nil)],
            ] {
                var (same, settled) = (tensors, NormEpsilon(architecture))
                settled.settle(&same)
                #expect(same == tensors && settled.notes.isEmpty && settled.warnings.isEmpty)
            }
        }
        var (tensors, settled) = ([variances("ln.weight", [1], 1e-5)], NormEpsilon(transformer))
        settled.settle(&tensors)
        #expect(settled.warnings.count == 1)
    }

    @Test("Flax's layer norms have 1e-6 where nothing is said, its batch norms ours")
    func flax() {
        let dense: [(String, [Int], [Float])] = [
            ("params/Dense_0/kernel", [1, 2], [1, 1]), ("params/Dense_0/bias", [2], [0, 0]),
        ]
        let layer =
            dense + [
                ("params/LayerNorm_0/scale", [2], [1, 1]), ("params/LayerNorm_0/bias", [2], [0, 0]),
            ]
        let batch =
            dense + [
                ("params/BatchNorm_0/scale", [2], [1, 1]), ("params/BatchNorm_0/bias", [2], [0, 0]),
                ("batch_stats/BatchNorm_0/mean", [2], [0, 0]),
                ("batch_stats/BatchNorm_0/var", [2], [1, 1]),
            ]
        func warnings(_ tensors: [(String, [Int], [Float])], _ architecture: Architecture) -> Int {
            var (tensors, settled) = (ForeignNetwork(tensors).tensors, NormEpsilon(architecture))
            settled.settle(&tensors)
            #expect(settled.notes.isEmpty)
            return settled.warnings.count
        }
        #expect(warnings(layer, smallArchitecture) == 1 && warnings(layer, transformer) == 0)
        #expect(warnings(batch, smallArchitecture) == 0)
        let torch: [(String, [Int], [Float])] = [
            ("0.weight", [1, 2], [1, 1]), ("ln.scale", [2], [1, 1]),
        ]
        #expect(warnings(torch, smallArchitecture) == 0)
    }
}
