import Tensors
import TestSupport
import Testing

@testable import Networks

@Suite("Losses against PyTorch")
struct LossTests {
    @Test(
        "cross-entropy of labels and of soft targets",
        arguments: try TorchCase.family(
            "losses",
            where: {
                ["cross-entropy labels", "cross-entropy soft targets", "cross-entropy large logits"].contains($0)
            }))
    func crossEntropy(_ expected: TorchCase) throws {
        let target = try expected.input("target")
        let isSoft = target.rank == 2
        let comparison = try TorchComparison(expected, ["input"] + (isSoft ? ["target"] : [])) { inputs in
            let logits = inputs[0]
            let targets =
                isSoft
                ? inputs[1]
                : Tensor.oneHot(target.doubles.map { Int32($0) }, classes: logits.shape[1], precision: logits.precision)
            return Loss.crossEntropy(logits, targets: targets)
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("mean squared error", arguments: try TorchCase.family("losses", where: { $0 == "mse" }))
    func meanSquaredError(_ expected: TorchCase) throws {
        let comparison = try TorchComparison(expected, ["input", "target"]) { Loss.meanSquaredError($0[0], $0[1]) }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("a population has one loss a network, shared or own targets")
    func population() {
        let logits = normalDoubles([3, 6, 4])
        let labels: [Int32] = [0, 3, 1, 1, 2, 0]
        let targets = Tensor.oneHot(labels, classes: 4, precision: .double)
        let losses = Loss.crossEntropy(logits, targets: targets)
        #expect(losses.shape == [3])
        for p in 0..<3 {
            let one = Loss.crossEntropy(logits.selected(axis: 0, p), targets: targets).scalar
            #expect(abs(losses.doubles[p] - one) < 1e-14)
        }
        #expect(Loss.crossEntropy(logits, targets: targets.broadcast(to: [3, 6, 4])).doubles == losses.doubles)
    }

    @Test("equal logits cost log C")
    func closedForm() {
        let loss = Loss.crossEntropy(.full([5, 10], 3.7), targets: .oneHot([0, 9, 4, 4, 2], classes: 10)).scalar
        #expect(abs(loss - 2.302585092994046) < 1e-6)
    }
}
