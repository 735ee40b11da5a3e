import Basics
import Foundation
import Tensors
import Testing

@testable import ShiftDetection

@Suite("Settings and closed forms of the methods")
struct MethodSettingsTests {
    private let line = ShiftRows(
        features: Tensor([0, 1, 2, 10] as [Float], shape: [4, 1]),
        probabilities: Tensor([0.9, 0.1, 0.2, 0.8, 0.6, 0.4, 0.3, 0.7], shape: [4, 2]))

    private func value(_ method: any ShiftMethod, _ sample: [Int], _ rows: ShiftRows? = nil) throws
        -> Double
    {
        try method.values(of: [sample], in: rows ?? line, model: ShiftModel(seed: 3), progress: .none)[
            0]
    }

    @Test("Each kind has a sound table of keys, and is read as it was written")
    func kinds() throws {
        let names = ShiftMethodFamily.standard.all.map(\.name)
        #expect(
            names == [
                "energy", "ks", "chi-square", "mmd", "c2st", "disagreement", "entropy", "detectron", "meta-detectron",
                "d3m",
            ])
        #expect(ConfigSchema(Described<ShiftMethodFamily>.self).discrepancies.isEmpty)
        for name in names {
            let method = try #require(Described<ShiftMethodFamily>(kind: name))
            let read = try JSONDecoder().decode(
                Described<ShiftMethodFamily>.self, from: JSONEncoder().encode(method))
            #expect(read == method && read.kind == name && read.problems().isEmpty)
        }
        #expect(Described<ShiftMethodFamily>(kind: "no such method") == nil)
        var classifier = ClassifierMethod(on: .logits)
        (classifier.folds, classifier.ridge) = (3, 0.5)
        let method = Described<ShiftMethodFamily>(classifier)
        let json = try JSONEncoder().encode(method)
        #expect(try JSONDecoder().decode(Described<ShiftMethodFamily>.self, from: json) == method)
        #expect(method != Described(ClassifierMethod(on: .logits)))
    }

    @Test(
        "What a method cannot be told is refused",
        arguments: [
            ("c2st", "folds", 1), ("c2st", "folds", 21), ("c2st", "ridge", 0), ("mmd", "bandwidth", 0),
            ("mmd", "estimate", "median"), ("energy", "on", "predictions"),
            ("chi-square", "on", "logits"),
            ("entropy", "statistic", "max"), ("disagreement", "ensemble", "last layer"),
            ("ks", "folds", 5),
        ] as [(String, String, Tree)])
    func refused(_ kind: String, _ key: String, _ value: Tree) {
        var merge = ConfigMerge(ConfigSchema(DetectorMethod.self))
        merge.apply([
            ConfigAssignment(path: "method.kind", value: .string(kind), origin: .option("--set")),
            ConfigAssignment(path: "method.\(key)", value: value, origin: .option("--set")),
        ])
        #expect(merge.problems.count == 1, "\(merge.problems)")
    }

    /// A section with a method in it, as commands have one.
    private struct DetectorMethod: ComponentConfig {
        var method = Described<ShiftMethodFamily>()
        static let keys: [ConfigKey] = .section("method", Described<ShiftMethodFamily>.self)
    }

    @Test("The discrepancy is the means of the kernel within, less twice that between")
    func discrepancy() throws {
        func kernel(_ distance: Double) -> Double { exp(-distance * distance / 8) }
        let between = (kernel(2) + kernel(10) + kernel(1) + kernel(9)) / 4
        var method = DiscrepancyMethod()
        method.bandwidth = 2
        #expect(near(try value(method, [0, 1]), kernel(1) + kernel(8) - 2 * between))
        method.estimate = .biased
        #expect(
            near(try value(method, [0, 1]), (1 + kernel(1)) / 2 + (1 + kernel(8)) / 2 - 2 * between))
        // The median of 1, 1, 2, 8, 9, 10 is 5.
        (method.estimate, method.bandwidth) = (.unbiased, nil)
        var told = method
        told.bandwidth = 5
        #expect(try value(method, [0, 1]) == value(told, [0, 1]))
    }

    @Test("Bins: a column of few values has one a value, and of several columns the surest counts")
    func bins() throws {
        let features = Tensor([0, 5, 0, 5, 1, 5, 1, 6] as [Float], shape: [4, 2])
        let rows = ShiftRows(features: features, probabilities: line.probabilities)
        let found = try value(ChiSquareMethod(on: .features), [0, 1], rows)
        #expect(near(found, -log(ChiSquare([[2, 0], [0, 2]]).pValue)))
        let constant = ShiftRows(features: .ones([4, 2]), probabilities: line.probabilities)
        #expect(try value(ChiSquareMethod(on: .features), [0, 1], constant) == 0)
    }

    @Test(
        "Kolmogorov and Smirnov see ranks alone: probabilities of two classes and their logits are one")
    func ranks() throws {
        let rows = MethodRows.draw(40, seed: 3)
        for sample in PermutationTest.subsets(20, size: 9, of: 40, seed: 1) {
            let said = try value(KolmogorovSmirnovMethod(), sample, rows)
            #expect(try value(KolmogorovSmirnovMethod(on: .logits), sample, rows) == said)
        }
    }

    /// Comparing A with B is comparing B with A; a mean of the sample alone knows a direction.
    @Test(arguments: MethodRows.methods.indices) func aSampleIsAsFarFromTheRestAsTheRestFromIt(
        _ index: Int
    ) throws {
        let method = MethodRows.methods[index]
        if method is DisagreementMethod || (method as? EntropyMethod)?.statistic == .mean { return }
        let rows = MethodRows.draw(30, seed: 4)
        for sample in PermutationTest.subsets(10, size: 11, of: 30, seed: 2) {
            let others = (0..<30).filter { !sample.contains($0) }
            let (mine, theirs) = (try value(method, sample, rows), try value(method, others, rows))
            #expect(abs(mine - theirs) < 1e-9, "\(method)")
        }
    }

    @Test("A classifier ranks all of a far sample in order, and may be stopped")
    func classifier() throws {
        let places = (0..<40).map { Float($0 % 8) / 8 + ($0 < 20 ? 0 : 9) }
        let rows = ShiftRows(
            features: Tensor(places, shape: [40, 1]), probabilities: .ones([40, 1], precision: .double))
        #expect(try value(ClassifierMethod(), Array(0..<20), rows) == 1)
        let stopped = WorkProgress { _, _ in throw CancellationError() }
        #expect(throws: CancellationError.self) {
            try ClassifierMethod().values(of: [[0]], in: rows, model: ShiftModel(), progress: stopped)
        }
    }

    @Test("Disagreements are counted network by network; of those with the fewest the first is named")
    func disagreements() {
        let said = Tensor(
            [0.9, 0.1, 0.2, 0.8, 0.4, 0.6, 0.1, 0.9, 0.2, 0.8, 0.7, 0.3, 0.6, 0.4, 0.3, 0.7, 0.8, 0.2],
            shape: [3, 3, 2])
        let found = Disagreements(said, with: [0, 1, 0])
        #expect(
            found.networks == 3 && found.rows == 3 && found.totals == [1, 1, 0] && found.fewest == 2)
        #expect(found.count(of: 0, in: [2, 0]) == 1 && found.count(of: 0, in: [0, 1]) == 0)
        #expect(Disagreements(said, with: [1, 1, 1]).totals == [1, 1, 2])
        #expect(Disagreements(said, with: [1, 1, 1]).fewest == 0)
    }

    @Test("Entropies go from 0 to ln C, and are those of the mean, not the mean of those")
    func entropies() {
        let opinions = Tensor(
            [1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0], shape: [2, 2, 3], precision: .double)
        let third = Tensor.full([1, 2, 3], 1.0 / 3, precision: .double)
        func entropies(_ said: Tensor) -> [Double] {
            ShiftRows(
                features: nil, probabilities: .full([2, 3], 1.0 / 3, precision: .double),
                ensembles: [.trained: said]
            ).entropies(.trained)
        }
        let split = entropies(opinions)
        #expect(split[0] == 0 && near(split[1], log(2)))
        #expect(entropies(third).allSatisfy { near($0, log(3)) })
    }
}
