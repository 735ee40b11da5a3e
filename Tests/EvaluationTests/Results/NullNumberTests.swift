import Basics
import Foundation
import Testing

@testable import Evaluation

/// What results look like in JSON where numbers are not finite.
@Suite("Results with numbers that are not finite")
struct NullNumberTests {
    /// Writes `value` as `text`, and reads that as what is written the same again.
    private func check<Value: Codable>(_ value: Value, _ text: String) throws {
        #expect(try Tree(encoding: value).text() == text)
        let read = try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        #expect(try Tree(encoding: read).text() == text)
    }

    @Test("A point of the frontier: null, and nothing for what was not measured")
    func frontier() throws {
        try check(
            FrontierPoint(population: .zoo, label: "zoo", testAccuracy: 0.5, distance: .nan),
            #"{"distance":null,"label":"zoo","on_frontier":false,"test_accuracy":0.5,"what":"zoo"}"#)
        try check(
            FrontierPoint(
                population: .fresh, label: "f", testAccuracy: .nan, distance: 1, contributionDistance: .infinity,
                disagreement: 2, isOnFrontier: true),
            #"{"contribution_distance":null,"disagreement":2,"distance":1,"label":"f","on_frontier":true,"#
                + #""test_accuracy":null,"what":"fresh"}"#)
    }

    @Test("A step of the error budget")
    func step() throws {
        try check(
            ErrorBudget.Step(part: .codeModel, from: 0.5, to: .nan), #"{"from":0.5,"part":"code-model","to":null}"#)
    }

    @Test("Overlaps and disagreements")
    func predictions() throws {
        try check(WrongSetOverlap(mean: .nan, meanOfMax: 0.25), #"{"max_mean":0.25,"mean":null}"#)
        try check(Disagreement(mean: 0.5, nearest: .nan), #"{"mean":0.5,"nearest":null}"#)
        try check(
            Disagreement(mean: 0.5, nearest: 0, withNeighbour: .nan, withContributor: 0.25),
            #"{"mean":0.5,"nearest":0,"with_contributor":0.25,"with_neighbour":null}"#)
    }

    @Test("The unit of distances")
    func unit() throws {
        try check(NoveltyUnit(distance: .nan, origin: .leaveOneOut), #"{"distance":null,"origin":"leave-one-out"}"#)
    }

    @Test("A row of tuning")
    func tuning() throws {
        let none = SampleStatistics(mean: 1, sd: 2, median: 1, min: 0, max: 3, count: 2)
        let text = try Tree(encoding: none).text()
        try check(
            TuningRow(
                .bestOf, number: 4, reward: none, validationAccuracy: nil, testAccuracy: none, novelty: .infinity,
                diversity: 0.5, evaluations: 1, rewardEvaluations: 2),
            #"{"diversity":0.5,"evaluations":1,"method":"best-of","novelty":null,"number":4,"reward":\#(text),"#
                + #""reward_evaluations":2,"test_accuracy":\#(text)}"#)
    }
}
