import Foundation
import Networks
import Tensors
import Testing

@testable import ShiftDetection

@Suite("The loss of constrained disagreement classifiers")
struct DisagreementLossTests {
    private func dce(_ logits: [Double], class own: Int32) -> Double {
        let targets = Disagreement.targets([own], classes: logits.count).converted(to: .double)
        return Loss.crossEntropy(Tensor(logits, shape: [1, logits.count]), targets: targets).scalar
    }

    @Test("logsumexp z less the mean of the other classes' logits")
    func closedForm() {
        // ln(e + e^2 + e^3) = 3.40760596...
        #expect(abs(dce([1, 2, 3], class: 0) - (3.4076059644 - 2.5)) < 1e-9)
        #expect(abs(dce([1, 2, 3], class: 2) - (3.4076059644 - 1.5)) < 1e-9)
        // Two classes: the cross-entropy of the other one.
        #expect(abs(dce([0, 1], class: 0) - log(1 + exp(-1.0))) < 1e-12)
        #expect(abs(dce([0, 1], class: 1) - log(1 + exp(1.0))) < 1e-12)
        // At equal logits ln C, and least where the class itself has vanished: ln (C - 1).
        #expect(abs(dce([4, 4, 4], class: 1) - log(3.0)) < 1e-12)
        #expect(abs(dce([-400, 4, 4], class: 0) - log(2.0)) < 1e-12)
    }

    @Test("its derivative is softmax z less the targets")
    func derivative() {
        let logits = Tensor([0.3, -1, 2] as [Double], shape: [1, 3])
        let targets = Disagreement.targets([1], classes: 3).converted(to: .double)
        let slope = gradient(at: logits) { Loss.crossEntropy($0, targets: targets) }.gradient
        let expected = (logits.softmax() - targets).doubles
        #expect(zip(slope.doubles, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test("a minibatch by hand: rows of T count 1, rows of Q their weight, peeled ones nothing")
    func minibatch() {
        // One network, two rows of T, two of Q of which one is left, two classes.
        let outputs = Tensor([0, 0, 0, 2, 0, 1, 5, 0] as [Double], shape: [1, 4, 2])
        let agreeing = Tensor.oneHot([0, 1], classes: 2, precision: .double).reshaped([1, 2, 2])
        let contradicting = Disagreement.targets([1, 0], classes: 2).converted(to: .double).reshaped([1, 2, 2])
        let loss = ConstrainedClassifiers.loss(
            outputs, agreeing: agreeing, contradicting: contradicting,
            weights: Tensor([0.25, 0] as [Double], shape: [1, 2]), left: Tensor([1] as [Double], shape: [1]))
        let (first, second, third) = (log(2.0), log(1 + exp(-2.0)), log(1 + exp(1.0)))
        #expect(abs(loss.scalar - (first + second + 0.25 * third) / 3) < 1e-12)
    }

    @Test("entropies in nats, 0 log 0 being 0")
    func entropies() {
        let rows = Tensor([0.5, 0.5, 1, 0, 0.25, 0.75] as [Double], shape: [3, 2])
        let expected = [log(2.0), 0, 0.25 * log(4.0) + 0.75 * log(4.0 / 3)]
        #expect(zip(ConstrainedClassifiers.entropies(of: rows), expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }
}
