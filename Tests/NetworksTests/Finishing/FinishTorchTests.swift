import Tensors
import Testing
import TestSupport

@testable import Networks

/// Against `Scripts/make_finish_fixtures.py`.
@Suite("A finish is PyTorch's")
struct FinishTorchTests {
    private static let network = MLP(.init(widths: [5, 6, 4, 3]))

    private func networks(_ expected: TorchCase) throws -> (flat: Tensor, x: Tensor, labels: [Int32]) {
        (try expected.input("flat"), try expected.input("x"), try expected.indices("labels"))
    }

    @Test("an average repaired layer by layer, or its logits alone", arguments: [Precision.double, .single])
    func repair(_ precision: Precision) throws {
        for expected in try TorchCase.family("finish", where: { $0.contains("repair") }) {
            let (flat, x, _) = try networks(expected)
            let zoo = flat.converted(to: precision)
            let repair = try AverageRepair(Self.network, zoo: zoo, inputs: x.converted(to: precision))
            let average = zoo.mean(axes: [0], keepingDims: true)
            let found = repair(average, of: [expected.name.contains("alone") ? [] : [0, 1, 2]])
            let gap = relativeDifference(found.doubles, try expected.output().doubles)
            #expect(gap < (precision == .double ? 1e-9 : 1e-5), "\(expected): \(gap)")
        }
    }

    @Test("so many steps on gains, on the last layer, on everything", arguments: [Precision.double, .single])
    func steps(_ precision: Precision) throws {
        for (name, finish) in [
            ("logits", Self.logits), ("last-layer", Self.lastLayer), ("train", Self.train),
        ] {
            let expected = try #require(try TorchCase.family("finish", where: { $0 == name }).first)
            let (flat, x, labels) = try networks(expected)
            let finishing = try Finishing(
                Self.network, finish, inputs: x.converted(to: precision), labels: labels, classes: 3)
            let found = finishing(flat.converted(to: precision)).weights
            let gap = relativeDifference(found.doubles, try expected.output().doubles)
            #expect(gap < (precision == .double ? 1e-7 : 1e-5), "\(name): \(gap)")
        }
    }

    // With the rates of the reference values.
    private static var logits: Finish {
        var settings = Finish.Logits()
        settings.rate = 0.02
        return .logits(settings)
    }

    private static var lastLayer: Finish {
        var settings = Finish.LastLayer()
        settings.rate = 0.01
        return .lastLayer(settings)
    }

    private static var train: Finish {
        var settings = Finish.Training()
        settings.steps = 20
        return .train(settings)
    }
}
