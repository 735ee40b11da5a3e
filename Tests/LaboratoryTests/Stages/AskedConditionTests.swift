import Foundation
import Generation
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("What a person asks of new networks")
struct AskedConditionTests {
    /// A run that knows an accuracy, a loss and labels.
    private func facts(_ names: [String] = ["validation_accuracy", "train_loss"]) throws -> ConditionFacts {
        var config = ConditionsConfig()
        var numbers = PlainNumbers()
        numbers.columns = names
        (config.number, config.label) = (.perceptron(numbers), .table(LabelTable()))
        let rows = [0.2, 0.9].map { value in
            Condition(label: "a\(value)", numbers: Dictionary(uniqueKeysWithValues: names.map { ($0, value) }))
        }
        return try ConditionFacts(fitting: rows, config)
    }

    private func asked(_ values: [String]) -> AskedCondition {
        var asked = AskedCondition()
        asked.values = values
        return asked
    }

    @Test("Numbers go by their name or the only one that ends in it; a label by its own word")
    func names() throws {
        let condition = try asked(["accuracy=0.5", "train_loss=1e-2", "label=a0.2"]).condition(facts(), support: nil)
        #expect(condition.numbers == ["validation_accuracy": 0.5, "train_loss": 0.01] && condition.label == "a0.2")
        let several = try facts(["validation_accuracy", "test_accuracy"])
        #expect(try asked(["accuracy=0.5"]).condition(several, support: nil).numbers == ["accuracy": 0.5])
        #expect(try asked(["label=x=y"]).condition(facts(), support: nil).label == "x=y")
    }

    @Test(
        "What is no value, and a run that knows nothing, are refused", arguments: ["accuracy", "=1", "accuracy=much"])
    func refused(_ text: String) throws {
        let error = try requireDataError { _ = try asked([text]).condition(facts(), support: nil) }
        #expect(error.kind == .configuration && error.path.contains("--condition"))
        let nothing = try requireDataError { _ = try asked(["accuracy=1"]).condition(nil, support: nil) }
        #expect(nothing.description.contains("without conditions"))
    }

    @Test("Options that mean nothing by themselves are refused")
    func alone() throws {
        var asked = AskedCondition()
        try asked.check()
        asked.label = "y"
        #expect(try requireDataError { try asked.check() }.path == "--label")
        asked.support = URL(fileURLWithPath: "/there.csv")
        try asked.check()
        for guidance in [-1, 101, .nan, .infinity] {
            asked.guidance = guidance
            #expect(try requireDataError { try asked.check() }.path == "--guidance")
        }
    }
}
