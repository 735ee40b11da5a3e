import Foundation
import Testing

@testable import ShiftDetection

@Suite struct ColumnTestsTests {
    private func numbers(_ name: String, _ values: [Double?]) -> ShiftColumn {
        ShiftColumn(name: name, values: .numbers(values))
    }

    private func words(_ name: String, _ values: [String?]) -> ShiftColumn {
        ShiftColumn(name: name, values: .categories(values))
    }

    /// A field that a clerk leaves empty moves the missing values and not the values.
    @Test func missingValuesAreATestOfTheirOwn() throws {
        let reference = numbers("chol", (0..<60).map { Double($0 % 20) })
        let sample = numbers("chol", (0..<20).map { $0 < 10 ? Double($0 * 2) : nil })
        let found = ColumnTests.run(reference: [reference], sample: [sample])
        #expect(found.map(\.aspect) == [.values, .missing] && found.map(\.test) == [.ks, .fisher])
        #expect(found[0].pValue > 0.5 && found[1].pValue < 1e-6)
        #expect(found[1].reference == 0 && found[1].sample == 0.5 && found[1].figure == "share missing")
        #expect(found[0].figure == "median" && found[0].reference == 9.5)
        #expect(found[1].pValue == FisherExact(events: 10, of: 20, against: 0, of: 60).pValue)
    }

    /// A column that is empty on one side has no values to compare.
    @Test func anEmptyColumnIsMissingAlone() {
        let found = ColumnTests.run(
            reference: [numbers("chol", [1, 2, 3]), numbers("age", [1, 2, 3])],
            sample: [numbers("chol", [nil, nil]), numbers("age", [2, 2])])
        #expect(found.map(\.column) == ["chol", "age"] && found.map(\.aspect) == [.missing, .values])
        #expect(ColumnTests.run(reference: [], sample: []).isEmpty)
        #expect(ColumnTests.run(reference: [words("sex", [nil])], sample: [words("sex", [])]).isEmpty)
    }

    @Test func categoriesByFisherOrByPermutations() throws {
        let reference = [words("sex", Array(repeating: "f", count: 30) + Array(repeating: "m", count: 30))]
        let two = ColumnTests.run(reference: reference, sample: [words("sex", Array(repeating: "m", count: 12))])
        #expect(two.count == 1 && two[0].test == .fisher && two[0].figure == "share of f")
        #expect(two[0].pValue == FisherExact(events: 0, of: 12, against: 30, of: 60).pValue)
        let kinds = [words("kind", (0..<60).map { ["a", "b", "c"][$0 % 3] })]
        let same = ColumnTests.run(reference: kinds, sample: [words("kind", ["a", "b", "c", "a", "b", "c"])])
        #expect(same[0].test == .chiSquare && same[0].pValue == 1)
        let new = ColumnTests.run(reference: kinds, sample: [words("kind", Array(repeating: "d", count: 8))])
        #expect(new[0].pValue == 0.001 && new[0].figure == "share of d" && new[0].sample == 1)
        let one = ColumnTests.run(reference: [words("kind", ["a", "a"])], sample: [words("kind", ["a"])])
        #expect(one[0].pValue == 1)
    }

    /// All tests together are adjusted, so that one of many is not called a finding.
    @Test func severalColumnsAreAdjustedTogether() throws {
        let names = (0..<5).map { "c\($0)" }
        func table(_ count: Int, _ shift: Double) -> [ShiftColumn] {
            names.enumerated().map { place, name in
                numbers(name, (0..<count).map { Double(($0 * (7 + place)) % 31) + (place == 0 ? shift : 0) })
            }
        }
        let found = ColumnTests.run(reference: table(62, 0), sample: table(20, 20))
        #expect(found.map(\.holm) == MultipleTesting.holm(found.map(\.pValue)))
        #expect(found.map(\.benjaminiHochberg) == MultipleTesting.benjaminiHochberg(found.map(\.pValue)))
        #expect(found.filter { $0.holm <= 0.05 }.map(\.column) == ["c0"])
        let again = try JSONDecoder().decode([ColumnShift].self, from: JSONEncoder().encode(found))
        #expect(again == found)
    }
}
