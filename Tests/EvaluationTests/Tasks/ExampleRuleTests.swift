import Tensors
import Testing

@testable import Evaluation

@Suite("Rules that classify from examples")
struct ExampleRuleTests {
    /// Nine examples of three classes and six queries, numbers by formula.
    private let examples = LabelledExamples(
        inputs: Self.table(rows: 9) { i, j in Float((7 * i + 3 * j + 5 * i * j) % 11) / 10 },
        labels: (0..<9).map { Int32($0 % 3) }, classes: 3)
    private let queries = Self.table(rows: 6) { i, j in Float((5 * i + 2 * j + 3 * i * j + 1) % 13) / 12 }

    private static func table(rows: Int, _ value: (Int, Int) -> Float) -> Tensor {
        var values: [Float] = []
        for row in 0..<rows { for column in 0..<4 { values.append(value(row, column)) } }
        return Tensor(values, shape: [rows, 4])
    }

    @Test("The linear probe has the logits of scikit-learn's LogisticRegression(C=1)")
    func linearProbe() {
        let expected: [[Double]] = [
            [-0.13626, -0.13595, 0.27221], [0.00666, 0.17408, -0.18074], [0.141, 0.21051, -0.35152],
            [-0.04831, -0.29127, 0.33959], [0.09461, 0.01876, -0.11337], [-0.15172, -0.19987, 0.35159],
        ]
        for (own, wanted) in zip(LinearProbe(examples).logits(queries), expected) {
            let mean: Double = own.reduce(0, +) / 3
            for label in 0..<3 {
                let error: Double = own[label] - mean - wanted[label]
                #expect(abs(error) < 2e-5)
            }
        }
        #expect(ExampleRule.linearProbe.predictions(examples, queries: queries) == [2, 1, 1, 2, 0, 2])
    }

    @Test("Nearest neighbours and nearest means are scikit-learn's KNeighborsClassifier(1) and NearestCentroid")
    func distances() {
        #expect(ExampleRule.nearestNeighbour.predictions(examples, queries: queries) == [0, 1, 0, 2, 1, 0])
        #expect(ExampleRule.classMeans.predictions(examples, queries: queries) == [2, 1, 1, 2, 0, 2])
    }

    @Test(
        "Examples give back their own classes; the order in which they come changes nothing",
        arguments: ExampleRule.allCases)
    func order(_ rule: ExampleRule) {
        let plain = rule.predictions(examples, queries: queries)
        #expect(rule.predictions(examples.selecting([4, 0, 8, 2, 6, 1, 7, 3, 5]), queries: queries) == plain)
        #expect(rule.predictions(examples, queries: queries.reshaped([6, 1, 2, 2])) == plain)
        // Swapped labels give swapped predictions.
        let swapped = rule.predictions(examples.swapping(0, 2), queries: queries)
        let exchange: [Int32] = [2, 1, 0]
        #expect(swapped == plain.map { exchange[Int($0)] })
    }

    @Test("Without examples nothing is predicted; a class without any is never", arguments: ExampleRule.allCases)
    func few(_ rule: ExampleRule) {
        #expect(rule.predictions(examples.selecting([]), queries: queries) == Array(repeating: -1, count: 6))
        let two = examples.selecting([0, 2, 3, 5])
        #expect(rule.predictions(two, queries: queries).allSatisfy { $0 != 1 })
    }
}

@Suite("Labelled examples and their controls")
struct LabelledExamplesTests {
    private let examples = LabelledExamples(
        inputs: Tensor((0..<60).map(Float.init), shape: [30, 2]), labels: (0..<30).map { Int32($0 % 3) }, classes: 3)

    @Test("Drawn examples are so many of each class, smaller sets part of larger ones, all where there are fewer")
    func drawn() {
        func drawn(_ count: Int, _ index: UInt64 = 0) -> LabelledExamples {
            var stream = RandomStream(seed: 1, purpose: "test", index: index)
            return examples.drawn(count, &stream)
        }
        #expect(drawn(4).labels == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
        func first(_ examples: LabelledExamples) -> Set<Float> { Set(examples.inputs.sliced(axis: 1, 0..<1).floats) }
        #expect(first(drawn(2)).isSubset(of: first(drawn(4))) && first(drawn(4)).isSubset(of: first(drawn(9))))
        #expect(first(drawn(4)) != first(drawn(4, 1)))
        #expect(drawn(50).count == 30)
        for (row, label) in zip(drawn(4).inputs.floats.enumerated().filter { $0.offset % 2 == 0 }, drawn(4).labels) {
            #expect(Int32(row.element / 2) % 3 == label, "inputs keep their labels")
        }
    }

    @Test("Shuffled labels are the same labels on other rows, each class on each about as often")
    func shuffled() {
        var hits = 0
        for index in 0..<300 {
            var stream = RandomStream(seed: 2, purpose: "test", index: UInt64(index))
            let shuffled = examples.shufflingLabels(&stream)
            #expect(shuffled.labels.sorted() == examples.labels.sorted())
            hits += zip(shuffled.labels, examples.labels).count { $0 == $1 }
        }
        #expect(abs(Double(hits) / 9000 - 1 / 3) < 0.02)
    }

    @Test("Over all shifts of a labelling every row has every label once; no shift is nothing")
    func shifted() {
        let shifts = (0..<3).map { examples.shiftingLabels(by: $0).labels }
        #expect(shifts[0] == examples.labels)
        for row in examples.labels.indices { #expect(Set(shifts.map { $0[row] }) == [0, 1, 2]) }
    }

    @Test("Swapping twice is nothing, and leaves the third class alone")
    func swapped() {
        let swapped = examples.swapping(0, 1)
        #expect(swapped.labels.prefix(6) == [1, 0, 2, 1, 0, 2])
        #expect(swapped.swapping(1, 0).labels == examples.labels)
    }
}
