import Foundation
import ModelZoo
import Networks
import Tensors
import TestSupport
import Testing

@testable import Basics
@testable import Laboratory

/// Networks for a person's own examples, from a run that was trained on tasks.
@Suite("Generating from examples")
struct ConditionedGenerationTests {
    /// A trained run.
    private func trained() throws -> SmallExperiment {
        let small = try TaskExperiment.small()
        try small.run(out: "run")
        return small
    }

    private func generate(
        _ small: SmallExperiment, run: String = "run", to out: String, _ change: (inout GenerateOperation) -> Void
    )
        throws -> (Zoo, GenerateOperation.Outcome)
    {
        let out = small.scratch.file(out)
        var operation = try GenerateOperation(
            run: small.scratch.file(run), count: 3, seed: 0, out: out, catalog: Small.catalog)
        operation.replaces = true
        change(&operation)
        let outcome = try operation.execute(SilentProgress())
        return (try ZooReader(path: out.path).readAll(), outcome)
    }

    /// Rows of the digits of some classes as a table with a header, raw pixels, and the class in the column `kind`.
    private func table(
        _ small: SmallExperiment, _ name: String, _ classes: [String], columns: Int = 64,
        label: (Int) -> String = { "c\($0)" }
    )
        throws -> URL
    {
        let digits = try Small.catalog.load("digits")
        var text = (0..<columns).map { "p\($0)" }.joined(separator: ",") + ",kind\n"
        for (index, label_) in classes.enumerated() {
            let own = digits.labels.indices.filter { digits.classNames[Int(digits.labels[$0])] == label_ }.prefix(4)
            for row in own {
                let pixels = digits.rawInputs(rows: [row]).prefix(columns).map { "\($0)" }
                text += pixels.joined(separator: ",") + ",\(label(index))\n"
            }
        }
        try small.scratch.put(name, text)
        return small.scratch.file(name)
    }

    @Test(
        "Examples in a table give networks that know their classes and preparation; other examples others"
    )
    func support() throws {
        let small = try trained()
        let file = try table(small, "a.csv", ["3", "8"])
        let (zoo, outcome) = try generate(small, to: "a.h5") { ($0.asked.support, $0.asked.label) = (file, "kind") }
        #expect(zoo.count == 3 && outcome.classes == ["c0", "c1"])
        #expect(zoo.header.dataset?.classes == ["c0", "c1"] && zoo.header.dataset?.scale == [0.0625])
        #expect(zoo.header.tasks == nil)
        let (same, _) = try generate(small, to: "b.h5") { $0.asked.support = file }
        #expect(same.weights == zoo.weights, "the column is found")
        let (free, _) = try generate(small, to: "c.h5") { _ in }
        #expect(free.weights != zoo.weights)
        let other = try table(small, "b.csv", ["8", "3"])
        #expect(try generate(small, to: "d.h5") { $0.asked.support = other }.0.weights != zoo.weights)
        let (unguided, _) = try generate(small, to: "e.h5") { ($0.asked.support, $0.asked.guidance) = (file, 0) }
        #expect(unguided.weights == free.weights, "guidance 0 is no condition")
    }

    @Test("A finish is on the examples; statistics have none")
    func finish() throws {
        let small = try trained()
        let file = try table(small, "f.csv", ["0", "1"])
        let (zoo, outcome) = try generate(small, to: "f.h5") { ($0.asked.support, $0.finish) = (file, "train") }
        #expect(outcome.finish == "train: 100 steps of Adam, on 8 examples")
        let loaded = try Small.catalog.load(file.path, csv: .found(label: "kind"))
        let data = try loaded.prepared(rows: Array(0..<8), .sixteenths)
        let classifier = Classifier(MLP(MLP.Config(widths: [64, 4, 2])))
        let accuracies = classifier.accuracies(zoo.population(), inputs: data.tensor, labels: data.labels)
        #expect(accuracies.allSatisfy { $0 > 0.9 }, "\(accuracies)")
        let error = try requireDataError {
            _ = try generate(small, to: "g.h5") { ($0.asked.support, $0.finish) = (file, "statistics") }
        }
        #expect(error.path == "--finish")
    }

    @Test("Examples that do not fit are refused with what was expected")
    func refusals() throws {
        let small = try trained()
        func refused(_ change: (inout GenerateOperation) -> Void) throws -> DataError {
            try requireDataError { _ = try generate(small, to: "x.h5", change) }
        }
        let narrow = try table(small, "narrow.csv", ["3", "8"], columns: 10)
        #expect(try refused { $0.asked.support = narrow }.expected.contains("64 numbers"))
        let many = try table(small, "many.csv", ["3", "8", "1"])
        let wide = try refused { $0.asked.support = many }
        #expect(wide.description.contains("2 classes") && wide.path == many.path, "\(wide)")
        let one = try table(small, "one.csv", ["3"])
        #expect(try refused { $0.asked.support = one }.path.contains("one.csv"))
        let good = try table(small, "good.csv", ["3", "8"])
        #expect(try refused { ($0.asked.support, $0.asked.label) = (good, "colour") }.description.contains("colour"))
        #expect(try refused { $0.asked.support = small.scratch.file("none.csv") }.kind == .missing)
        #expect(try refused { $0.asked.label = "kind" }.path == "--label")
        #expect(try refused { $0.asked.guidance = 2 }.path == "--guidance")
        #expect(try refused { ($0.asked.support, $0.asked.guidance) = (good, -1) }.path == "--guidance")
        #expect(try refused { $0.asked.values = ["accuracy"] }.expected == "name=value")
        #expect(try refused { $0.asked.values = ["accuracy=high"] }.expected == "a number")
        #expect(try refused { $0.asked.values = ["accuracy=0.9"] }.hint.contains("support set"))
    }

    @Test("A run without conditions cannot be asked for anything")
    func unconditional() throws {
        let small = try SmallExperiment()
        try small.run(out: "run")
        let file = try table(small, "a.csv", ["3", "8"])
        for change in [
            { (operation: inout GenerateOperation) in operation.asked.support = file },
            { (operation: inout GenerateOperation) in operation.asked.values = ["accuracy=0.9"] },
        ] {
            let error = try requireDataError { _ = try generate(small, to: "b.h5", change) }
            #expect(error.description.contains("without conditions"), "\(error)")
        }
    }
}
