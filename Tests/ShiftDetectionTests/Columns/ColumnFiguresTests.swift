import Testing

@testable import ShiftDetection

@Suite("Figures and tests of single columns")
struct ColumnFiguresTests {
    private func numbers(_ reference: [Double?], _ sample: [Double?], seed: UInt64 = 0)
        -> [ColumnShift]
    {
        ColumnTests.run(
            reference: [ShiftColumn(name: "c", values: .numbers(reference))],
            sample: [ShiftColumn(name: "c", values: .numbers(sample))], seed: seed)
    }

    private func words(_ reference: [String?], _ sample: [String?], seed: UInt64 = 0) -> [ColumnShift] {
        ColumnTests.run(
            reference: [ShiftColumn(name: "c", values: .categories(reference))],
            sample: [ShiftColumn(name: "c", values: .categories(sample))], seed: seed)
    }

    @Test(
        "Where medians stand still the means are shown; of an even number the median is between two")
    func figures() {
        let still = numbers([0, 0, 0, 4], [0, 0, 1])
        #expect(still[0].figure == "mean" && still[0].reference == 1 && still[0].sample == 1.0 / 3)
        let moved = numbers([10, 1, 3, 2], [7, 5, 6])
        #expect(moved[0].figure == "median" && moved[0].reference == 2.5 && moved[0].sample == 6)
    }

    /// Of C(6, 3) = 20 ways to cut six different values into halves, two have a gap of 1.
    @Test("The p-values are those of all ways in which rows could have fallen")
    func closedForms() {
        #expect(near(numbers([1, 2, 3], [4, 5, 6])[0].pValue, 0.1))
        #expect(numbers([1, 2, 3], [1, 2, 3])[0].pValue == 1)
        // The same six as words of two kinds, and as values that are there or not.
        #expect(near(words(["a", "a", "a"], ["b", "b", "b"])[0].pValue, 0.1))
        let gaps = numbers([1, 2, 3], [nil, nil, nil])
        #expect(gaps.map(\.aspect) == [.missing] && near(gaps[0].pValue, 0.1))
        #expect(gaps[0].holm == gaps[0].pValue && gaps[0].benjaminiHochberg == gaps[0].pValue)
    }

    @Test("Missing words are no category; empty fields on both sides are no finding")
    func missing() {
        let found = words(["a", nil, "b", "a", "a"], ["b", nil, "b"])
        #expect(found.map(\.aspect) == [.values, .missing] && found[0].test == .fisher)
        #expect(
            found[0].reference == 0.75 && found[0].sample == 0 && found[0].figure == "share of a")
        #expect(near(found[1].reference, 0.2) && near(found[1].sample, 1.0 / 3))
        let empty = words([nil, nil], [nil, nil, nil])
        #expect(
            empty.count == 1 && near(empty[0].pValue, 1) && empty[0].reference == 1
                && empty[0].sample == 1)
        #expect(ShiftColumn(name: "c", values: .numbers([nil, 1, nil])).missing == (2, 3))
    }

    @Test("What is not finite is not compared as a value")
    func infinite() {
        #expect(numbers([1, 2, .infinity], [1, 2]).isEmpty)
        #expect(numbers([1, 2, 3], [nil, .nan]).map(\.aspect) == [.missing])
    }

    @Test("Permutations of more than two categories depend on the seed alone, and p is never 0")
    func permutations() {
        let reference = (0..<30).map { ["a", "b", "c"][$0 % 3] }
        let sample = ["a", "a", "a", "a", "a", "b", "c"]
        let (first, again) = (words(reference, sample, seed: 1), words(reference, sample, seed: 1))
        #expect(first == again && first[0].test == .chiSquare && first[0].figure == "share of a")
        let others = (2..<6).map { words(reference, sample, seed: $0)[0].pValue }
        #expect(others.contains { $0 != first[0].pValue })
        // One estimate of a p-value, whose standard error is below 0.016.
        #expect(others.allSatisfy { abs($0 - first[0].pValue) < 0.1 && $0 >= 0.001 })
    }

    @Test("Files say which test and what of a column it was by these words")
    func namesInFiles() {
        #expect(ColumnShift.Test.allCases.map(\.rawValue) == ["ks", "fisher", "chi-square"])
        #expect(ColumnShift.Aspect.allCases.map(\.rawValue) == ["values", "missing"])
    }
}
