import Testing

@testable import Formats
@testable import ModelZoo

@Suite("Columns of facts, in whatever order they come")
struct ColumnOrderTests {
    /// A gap, and a fact of every kind; -1 is also what stands for a gap in a column of integers.
    private static let facts: [ColumnValue?] = [
        nil, .integer(3), .integer(-1), .unsigned(.max), .real(0.5), .text("a"),
    ]

    /// The narrowest column that holds all facts, decided when all are known.
    private func narrowest(_ facts: [ColumnValue?]) -> ZooColumn {
        let known = facts.compactMap { $0 }
        if known.contains(where: { $0.number == nil }) { return .text(facts.map { $0?.text ?? "" }) }
        let isLarge = known.contains { $0.isInteger && $0.integer == nil }
        let isUnsigned = known.count == facts.count && known.allSatisfy { $0.unsigned != nil }
        if known.contains(where: { !$0.isInteger }) || (isLarge && !isUnsigned) {
            return .real(facts.map { $0?.number ?? .nan })
        }
        return isLarge ? .unsigned(facts.compactMap { $0?.unsigned }) : .integer(facts.map { $0?.integer ?? -1 })
    }

    @Test("every sequence of four facts gives the narrowest column, also where it begins late")
    func sequences() {
        for number in 0..<6 * 6 * 6 * 6 {
            let facts = [number % 6, number / 6 % 6, number / 36 % 6, number / 216].map { Self.facts[$0] }
            let late = facts.prefix { $0 == nil }.count
            var (whole, begun) = (ColumnBuilder(missing: 0), ColumnBuilder(missing: late))
            for fact in facts { whole.append(fact) }
            for fact in facts.dropFirst(late) { begun.append(fact) }
            // As text, where NaN is NaN.
            let expected = "\(narrowest(facts))"
            #expect("\(whole.column(prefersUnsigned: false))" == expected, "\(facts)")
            #expect("\(begun.column(prefersUnsigned: false))" == expected, "\(facts)")
        }
    }
}
