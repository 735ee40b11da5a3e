import Foundation
import TestSupport
import Tensors
import Testing

@testable import Basics
@testable import Generation

@Suite("What a generator knows of its conditions")
struct ConditionFactsTests {
    private static func seen() throws -> [Condition] {
        let set = try SupportSamples.rows(), pair = try SupportSamples.rows(classes: 2)
        return [
            Condition(label: "svhn", numbers: ["accuracy": 0.5, "loss": 1], support: set),
            Condition(label: "mnist", numbers: ["accuracy": 0.9], support: set),
            Condition(label: "svhn", numbers: ["accuracy": 0.7, "loss": 3], support: pair),
        ]
    }

    private static func facts() throws -> ConditionFacts {
        try ConditionFacts(fitting: seen(), SupportSamples.config())
    }

    @Test("labels, ranges and shapes are those of the training networks, and are read back")
    func fit() throws {
        let facts = try Self.facts()
        #expect(facts.labels == ["mnist", "svhn"])
        #expect(facts.support == .init(shape: [4], classes: 3))
        let accuracy = try #require(facts.numbers?.first), loss = try #require(facts.numbers?.last)
        #expect((accuracy.name, accuracy.least, accuracy.most) == ("accuracy", 0.5, 0.9))
        #expect(abs(accuracy.mean - 0.7) < 1e-12 && abs(accuracy.std - (0.08 / 3).squareRoot()) < 1e-12)
        #expect((loss.name, loss.mean, loss.std) == ("loss", 2, 1))
        let json = try JSONEncoder().encode(facts)
        #expect(try JSONDecoder().decode(ConditionFacts.self, from: json) == facts)
        #expect(
            facts.summary
                == "a label (mnist, svhn), accuracy (0.5 to 0.9), loss (1.0 to 3.0), a support set of rows of 4 numbers, "
                + "up to 3 classes")
    }

    @Test("what a run has not learned is refused with what it has")
    func refusals() throws {
        let facts = try Self.facts()
        func message(_ condition: Condition, _ facts: ConditionFacts) throws -> String {
            try requireDataError { try facts.check(condition) }.description
        }
        for condition in try Self.seen() + [.none] { try facts.check(condition) }
        #expect(
            try message(Condition(label: "cifar"), facts)
                == "condition: expected a label that the training networks had: mnist, svhn, found cifar")
        #expect(
            try message(Condition(numbers: ["epoch": 3]), facts).hasPrefix(
                "condition: the generator cannot be asked for epoch (it can be asked for a label (mnist, svhn), accuracy"
            ))
        #expect(
            try message(Condition(numbers: ["loss": .nan]), facts)
                == "condition loss: expected a finite number, found nan")
        #expect(
            try message(Condition(support: SupportSamples.rows(features: 5)), facts)
                == "support set: expected rows of 4 numbers, found rows of 5 numbers")
        #expect(
            try message(Condition(support: SupportSamples.images()), facts)
                == "support set: expected rows of 4 numbers, found images of 2x5x5")
        #expect(
            try message(Condition(support: SupportSamples.rows(classes: 4)), facts)
                == "support set: expected at most 3 classes, which the run has learned, found 4")
        let none = try ConditionFacts(fitting: [], ConditionsConfig())
        #expect(
            try message(Condition(label: "mnist"), none)
                == "condition: the generator cannot be asked for a label, mnist (its run has no conditions)")
    }

    @Test("a number outside the range is said, not refused")
    func doubts() throws {
        let facts = try Self.facts()
        let condition = Condition(numbers: ["accuracy": 0.95, "loss": 1])
        try facts.check(condition)
        #expect(
            facts.doubts(condition) == [
                "accuracy 0.95 is outside the training networks' range, 0.5 to 0.9: the generator has never seen such a "
                    + "network"
            ])
        #expect(facts.doubts(Condition(numbers: ["accuracy": 0.5, "loss": 3])).isEmpty)
        #expect(facts.doubts(.none).isEmpty)
    }

    @Test("where the training networks leave nothing to learn, it is said which column or setting it is")
    func nothingToLearn() throws {
        func message(_ conditions: [Condition], _ change: (inout ConditionsConfig) -> Void = { _ in }) throws -> String
        {
            var config = SupportSamples.config()
            change(&config)
            return try requireDataError { _ = try ConditionFacts(fitting: conditions, config) }.description
        }
        let seen = try Self.seen()
        #expect(try message([.none]).hasPrefix("conditions.label.column: no training network has \"task\""))
        #expect(try message([seen[1]]).contains("\"accuracy\" is 0.9 for all training networks"))
        #expect(
            try message([Condition(label: "a", numbers: ["accuracy": 1]), Condition(numbers: ["accuracy": 2])])
                .contains("no training network has \"loss\""))
        #expect(try message([Condition(label: "a", numbers: ["accuracy": .infinity])]).contains("not finite"))
        #expect(
            try message(seen.map { Condition(label: $0.label, numbers: $0.numbers) })
                .contains("no training network has a support set"))
        #expect(
            try message(seen) { config in
                guard var settings = config.support.settings else { return }
                settings.classes = 2
                config.support = .rows(settings)
            } == "conditions.support.classes: expected at least 3, which a training task has, found 2")
        #expect(try message(seen) { $0.support = .images(SupportSettings()) }.contains("expected rows, found images"))
    }

    @Test("settings that contradict each other are named")
    func problems() throws {
        var config = SupportSamples.config(), numbers = PlainNumbers(), settings = SupportSettings()
        numbers.columns = ["a", "b", "a"]
        (settings.fewest, settings.most, settings.features, settings.heads) = (5, 2, 10, 4)
        config.number = .perceptron(numbers)
        config.support = .images(settings)
        #expect(
            config.problems().map(\.path) == ["number.columns", "support.fewest", "support.features"])
        #expect(ConditionsConfig().isEmpty && ConditionsConfig().problems().isEmpty && !config.isEmpty)
        var description = GeneratorDescription()
        description.sampling.guidance = 2
        #expect(description.problems().map(\.path) == ["sampling.guidance"])
        description.conditions.label = .table(LabelTable())
        #expect(description.problems().isEmpty)
    }

    @Test("recorded facts that no training with the settings leaves are refused")
    func foreign() throws {
        let facts = try Self.facts(), config = SupportSamples.config()
        try facts.check(against: config)
        try ConditionFacts(fitting: [], ConditionsConfig()).check(against: ConditionsConfig())
        let changes: [(inout ConditionFacts) -> Void] = [
            { $0.labels = nil }, { $0.labels = [] }, { $0.labels = ["a", "a"] },
            { $0.numbers = nil }, { $0.numbers?.removeLast() }, { $0.numbers?[0].name = "loss" },
            { $0.numbers?[0].std = 0 }, { $0.numbers?[1].mean = .infinity }, { $0.numbers?[1].most = 0 },
            { $0.support = nil }, { $0.support?.shape = [] }, { $0.support?.shape = [0] },
            { $0.support?.shape = [1 << 20, 1 << 20, 4] }, { $0.support?.classes = 1 },
            { $0.support?.classes = 1 << 40 }, { $0.support?.shape = [-1, 4, 4] },
        ]
        for change in changes {
            var other = facts
            change(&other)
            let error = try requireDataError { try other.check(against: config) }
            #expect(error.kind == .malformed && error.path == "conditions", "\(other)")
        }
        #expect(
            try requireDataError { try facts.check(against: SupportSamples.config(images: true)) }.found
                == "the support sets are not those of the settings")
    }
}
