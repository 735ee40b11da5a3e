import Foundation
import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Losses against PyTorch")
struct LossTests {
    private static func cases(_ names: String...) throws -> [TorchCase] {
        try TorchCase.family("losses", where: names.contains)
    }

    @Test(
        "cross-entropy of labels and of soft targets, smoothed or not",
        arguments: try cases(
            "cross-entropy labels", "cross-entropy soft targets", "cross-entropy large logits",
            "cross-entropy label smoothing", "cross-entropy soft targets, label smoothing", "cross-entropy sum"))
    func crossEntropy(_ expected: TorchCase) throws {
        let target = try expected.input("target")
        let smoothing = expected.options["label_smoothing"]?.double ?? 0
        let factor = expected.options["reduction"]?.string == "sum" ? Double(target.shape[0]) : 1
        let isSoft = target.rank == 2
        let comparison = try TorchComparison(expected, ["input"] + (isSoft ? ["target"] : [])) { inputs in
            let loss =
                isSoft
                ? Loss.crossEntropy(inputs[0], targets: inputs[1], smoothing: smoothing)
                : Loss.crossEntropy(inputs[0], labels: try expected.indices("target"), smoothing: smoothing)
            return loss * factor
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("cross-entropy of each sample: every one is a network", arguments: try cases("cross-entropy each sample"))
    func eachSample(_ expected: TorchCase) throws {
        let labels = try expected.indices("target")
        let comparison = try TorchComparison(expected, ["input"]) {
            Loss.crossEntropy($0[0].reshaped([4, 1, 3]), labels: labels)
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    private static let pairs: [String: @Sendable (Tensor, Tensor) -> Tensor] = [
        "mse": { Loss.meanSquaredError($0, $1) }, "mae": { Loss.meanAbsoluteError($0, $1) },
        "bce with logits": { Loss.binaryCrossEntropy(logits: $0, targets: $1) },
        "bce with logits, at 0 and far out": { Loss.binaryCrossEntropy(logits: $0, targets: $1) },
        "bce of probabilities": { Loss.binaryCrossEntropy(probabilities: $0, targets: $1) },
        "bce of certain probabilities": { Loss.binaryCrossEntropy(probabilities: $0, targets: $1) },
        "kl divergence": { Loss.klDivergence($0, targets: $1) },
        "kl divergence of log targets": { Loss.klDivergence($0, logTargets: $1.logSoftmax()) },
    ]

    @Test("losses of outputs and targets", arguments: try TorchCase.family("losses", where: { pairs[$0] != nil }))
    func outputsAndTargets(_ expected: TorchCase) throws {
        let loss = try #require(Self.pairs[expected.name])
        let comparison = try TorchComparison(expected, ["input", "target"]) { loss($0[0], $0[1]) }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("every loss of outputs and targets has a case")
    func coverage() throws {
        #expect(Set(try TorchCase.family("losses").map(\.name)).isSuperset(of: Self.pairs.keys))
    }

    @Test(
        "Gaussian negative log-likelihood",
        arguments: try TorchCase.family("losses", where: { $0.hasPrefix("gaussian nll") }))
    func gaussian(_ expected: TorchCase) throws {
        let isFull = try expected.option("full").isTrue
        let epsilon = try expected.option("eps").double
        let comparison = try TorchComparison(expected, ["input", "target", "var"]) {
            Loss.gaussianNegativeLogLikelihood($0[0], $0[1], variance: $0[2], epsilon: epsilon, isFull: isFull)
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("divergence of a code from a standard normal", arguments: try cases("kl divergence of a gaussian code"))
    func gaussianCode(_ expected: TorchCase) throws {
        let comparison = try TorchComparison(expected, ["mean", "logvar"]) {
            Loss.klDivergenceFromStandardNormal(mean: $0[0], logVariance: $0[1])
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("NT-Xent of two views", arguments: try TorchCase.family("losses", where: { $0.hasPrefix("nt-xent") }))
    func views(_ expected: TorchCase) throws {
        let temperature = try expected.option("temperature").double
        let comparison = try TorchComparison(expected, ["z"]) {
            let half = $0[0].shape[0] / 2
            let views = [0, 1].map { [z = $0[0]] in z.sliced(axis: 0, ($0 * half)..<(($0 + 1) * half)) }
            return Loss.ntXent(views[0], views[1], temperature: temperature)
        }
        #expect(comparison.agrees, "\(comparison)")
    }
}

@Suite("Losses in closed form")
struct LossPropertyTests {
    @Test("a population has one loss a network, shared or own targets and labels")
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
        #expect(Loss.crossEntropy(logits, labels: labels).doubles == losses.doubles)
        #expect(Loss.crossEntropy(logits, labels: labels + labels + labels).doubles == losses.doubles)
        let other = Loss.crossEntropy(logits, labels: labels + labels.reversed() + labels).doubles
        #expect(other[0] == losses.doubles[0] && other[1] != losses.doubles[1] && other[2] == losses.doubles[2])
    }

    @Test("equal logits cost log C, whatever the smoothing", arguments: [0, 0.1, 1])
    func equalLogits(_ smoothing: Double) {
        let logits = Tensor.full([5, 10], 3.7)
        let loss = Loss.crossEntropy(logits, labels: [0, 9, 4, 4, 2], smoothing: smoothing).scalar
        #expect(abs(loss - 2.302585092994046) < 1e-6)
    }

    @Test("a single sample and a vector are one network's")
    func fewAxes() {
        let a = Tensor([1, 2, 3], shape: [3], precision: .double)
        let b = Tensor([1, 0, 6], shape: [3], precision: .double)
        #expect(abs(Loss.meanSquaredError(a, b).scalar - 13.0 / 3) < 1e-15)
        #expect(abs(Loss.meanAbsoluteError(a, b).scalar - 5.0 / 3) < 1e-15)
        #expect(Loss.meanSquaredError(Tensor(3.0), Tensor(1.0)).scalar == 4)
    }

    @Test("confident and right costs nothing, also where a sigmoid is rounded to 1; wrong costs the logit")
    func saturation() {
        let logits = Tensor([30, -30, 200, -200] as [Float], shape: [4, 1])
        func loss(_ targets: [Float]) -> [Double] {
            (0..<4).map { row in
                let one = Tensor([targets[row]], shape: [1, 1])
                return Loss.binaryCrossEntropy(logits: logits.sliced(axis: 0, row..<(row + 1)), targets: one).scalar
            }
        }
        let right = loss([1, 0, 1, 0])
        #expect(abs(right[0] / exp(-30) - 1) < 1e-5 && abs(right[1] / exp(-30) - 1) < 1e-5)
        #expect(right[2] == 0 && right[3] == 0)
        #expect(relativeDifference(loss([0, 1, 0, 1]), [30, 30, 200, 200]) < 1e-6)
    }

    @Test("certain probabilities cost 0 or 100 and have finite gradients", arguments: [Precision.single, .double])
    func certainty(_ precision: Precision) {
        let p = Tensor([0, 0, 1, 1], shape: [1, 4], precision: precision)
        let targets = Tensor([0, 1, 0, 1], shape: [1, 4], precision: precision)
        let (loss, slope) = gradient(at: p) { Loss.binaryCrossEntropy(probabilities: $0, targets: targets) }
        #expect(loss.scalar == 50 && slope.isFinite)
    }

    @Test("distributions diverge by 0 from themselves, and classes of probability 0 do not count")
    func divergence() {
        let logits = normalDoubles([4, 5])
        #expect(abs(Loss.klDivergence(logits.logSoftmax(), targets: logits.softmax()).scalar) < 1e-15)
        #expect(abs(Loss.klDivergence(logits.logSoftmax(), logTargets: logits.logSoftmax()).scalar) < 1e-15)
        let certain = Tensor.oneHot([2, 0, 1, 4], classes: 5, precision: .double)
        let cost = Loss.klDivergence(logits.logSoftmax(), targets: certain)
        #expect(abs(cost.scalar - Loss.crossEntropy(logits, targets: certain).scalar) < 1e-14)
        #expect(gradient(at: certain) { Loss.klDivergence(logits.logSoftmax(), targets: $0) }.gradient.isFinite)
        let zero = Tensor.zeros([2, 3], precision: .double)
        #expect(Loss.klDivergenceFromStandardNormal(mean: zero, logVariance: zero).scalar == 0)
        #expect(Loss.klDivergenceFromStandardNormal(mean: zero + 2, logVariance: zero).scalar == 6)
    }

    @Test("NT-Xent does not see lengths; equal rows cost log(2n - 1); rows of length 0 have a gradient")
    func contrastive() {
        let (a, b) = (normalDoubles([5, 3]), normalDoubles([5, 3], seed: 2))
        let loss = Loss.ntXent(a, b, temperature: 0.2).scalar
        #expect(abs(Loss.ntXent(a * 7, b * 0.1, temperature: 0.2).scalar - loss) < 1e-12)
        let equal = Tensor.ones([5, 3], precision: .double)
        #expect(abs(Loss.ntXent(equal, equal, temperature: 0.5).scalar - log(9.0)) < 1e-12)
        let slope = gradient(at: Tensor.zeros([5, 3])) { Loss.ntXent($0, equal.converted(to: .single), temperature: 1) }
        #expect(slope.value.isFinite && slope.gradient.isFinite)
    }

    @Test("one variance a sample, as in a head with one output")
    func sharedVariance() {
        let (x, t) = (normalDoubles([4, 3]), normalDoubles([4, 3], seed: 2))
        let v = normalDoubles([4, 1], seed: 3).square() + 0.1
        let one = Loss.gaussianNegativeLogLikelihood(x, t, variance: v)
        let each = Loss.gaussianNegativeLogLikelihood(x, t, variance: v.broadcast(to: [4, 3]))
        #expect(abs(one.scalar - each.scalar) < 1e-14)
        let half = Loss.gaussianNegativeLogLikelihood(x, x, variance: .ones([4, 3], precision: .double), isFull: true)
        #expect(abs(half.scalar - 0.5 * log(2 * Double.pi)) < 1e-14)
    }

    @Test("labels and settings that cannot be end the process")
    func traps() async {
        await #expect(processExitsWith: .failure) { _ = Loss.crossEntropy(.zeros([2, 3]), labels: [0, 3]) }
        await #expect(processExitsWith: .failure) { _ = Loss.crossEntropy(.zeros([2, 3]), labels: [0]) }
        await #expect(processExitsWith: .failure) {
            _ = Loss.crossEntropy(.zeros([1, 3]), labels: [0], smoothing: 1.5)
        }
        await #expect(processExitsWith: .failure) { _ = Loss.ntXent(.zeros([2, 3]), .zeros([2, 3]), temperature: 0) }
    }
}
