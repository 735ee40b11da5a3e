import Basics

/// Column by column, what has moved between the reference and the sample.
///
/// The values that are there and the share that is missing are two tests: a clerk who leaves a field empty is not a
/// patient who is different. Several tests are adjusted together, by Holm and by Benjamini and Hochberg.
public enum ColumnTests {
    /// Permutations behind the chi-square of more than two categories.
    static let permutations = 999

    /// Tests every column, in their order: its values where both sides have some, its missing values where either side
    /// has one. Traps unless both sides have the same columns.
    public static func run(reference: [ShiftColumn], sample: [ShiftColumn], seed: UInt64 = 0) -> [ColumnShift] {
        precondition(
            reference.map(\.name) == sample.map(\.name),
            "column tests: \(reference.map(\.name)) against \(sample.map(\.name))")
        var found = zip(reference, sample).flatMap { mine, other in
            [values(mine, other, seed: seed), missing(mine, other)].compactMap { $0 }
        }
        let pValues = found.map(\.pValue)
        let holm = MultipleTesting.holm(pValues)
        let discovery = MultipleTesting.benjaminiHochberg(pValues)
        for place in found.indices {
            (found[place].holm, found[place].benjaminiHochberg) = (holm[place], discovery[place])
        }
        return found
    }

    private static func values(_ reference: ShiftColumn, _ sample: ShiftColumn, seed: UInt64) -> ColumnShift? {
        switch (reference.values, sample.values) {
        case (.numbers(let mine), .numbers(let others)):
            numbers(reference.name, mine.compactMap { $0 }, others.compactMap { $0 })
        case (.categories(let mine), .categories(let others)):
            categories(reference.name, mine.compactMap { $0 }, others.compactMap { $0 }, seed: seed)
        default:
            preconditionFailure("column tests: \(reference.name) has numbers on one side and words on the other")
        }
    }

    private static func numbers(_ name: String, _ reference: [Double], _ sample: [Double]) -> ColumnShift? {
        KolmogorovSmirnov(sample, against: reference).map { test in
            // Of two values the share of the larger says all; median and mean say it in other words.
            let both = Set(reference + sample)
            if both.count == 2, let most = both.max() {
                let shares = [reference, sample].map { side in mean(side.map { $0 == most ? 1 : 0 }) }
                return shift(
                    name, .values, .ks, test.pValue, "share of \(NumberText.significant(most))", shares[0], shares[1])
            }
            let medians = (median(reference), median(sample))
            // Of few different values the median may stand still while the column moves.
            guard medians.0 == medians.1 else {
                return shift(name, .values, .ks, test.pValue, "median", medians.0, medians.1)
            }
            return shift(name, .values, .ks, test.pValue, "mean", mean(reference), mean(sample))
        }
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    /// The categories' frequencies; the figure is the share of the category that moved most.
    private static func categories(
        _ name: String, _ reference: [String], _ sample: [String], seed: UInt64
    ) -> ColumnShift? {
        guard !reference.isEmpty, !sample.isEmpty else { return nil }
        let words = Set(reference + sample).sorted()
        let places = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($1, $0) })
        let table = [reference, sample].map { side in
            side.reduce(into: [Int](repeating: 0, count: words.count)) { counts, word in
                if let place = places[word] { counts[place] += 1 }
            }
        }
        let shares = table.map { row in row.map { Double($0) / Double(row.reduce(0, +)) } }
        let most = words.indices.max { abs(shares[1][$0] - shares[0][$0]) < abs(shares[1][$1] - shares[0][$1]) } ?? 0
        let isPair = words.count <= 2
        let pValue =
            isPair
            ? FisherExact(events: table[1][0], of: sample.count, against: table[0][0], of: reference.count).pValue
            : permuted(reference.count, (reference + sample).compactMap { places[$0] }, words.count, seed: seed)
        return shift(
            name, .values, isPair ? .fisher : .chiSquare, pValue, "share of \(words[most])", shares[0][most],
            shares[1][most])
    }

    /// Chi-square against that of random subsets of the pooled rows.
    private static func permuted(_ reference: Int, _ bins: [Int], _ count: Int, seed: UInt64) -> Double {
        var totals = [Int](repeating: 0, count: count)
        for bin in bins { totals[bin] += 1 }
        func statistic(_ rows: some Sequence<Int>) -> Double {
            var mine = [Int](repeating: 0, count: count)
            for row in rows { mine[bins[row]] += 1 }
            return ChiSquare([mine, zip(totals, mine).map { $0 - $1 }]).statistic
        }
        let size = bins.count - reference
        let subsets = PermutationTest.subsets(permutations, size: size, of: bins.count, seed: seed)
        return PermutationTest(statistic: statistic(reference..<bins.count), null: subsets.map { statistic($0) }).pValue
    }

    private static func missing(_ reference: ShiftColumn, _ sample: ShiftColumn) -> ColumnShift? {
        let (mine, others) = (reference.missing, sample.missing)
        guard mine.of > 0, others.of > 0, mine.count + others.count > 0 else { return nil }
        let test = FisherExact(events: others.count, of: others.of, against: mine.count, of: mine.of)
        return shift(
            reference.name, .missing, .fisher, test.pValue, "share missing", Double(mine.count) / Double(mine.of),
            Double(others.count) / Double(others.of))
    }

    private static func shift(
        _ column: String, _ aspect: ColumnShift.Aspect, _ test: ColumnShift.Test, _ pValue: Double, _ figure: String,
        _ reference: Double, _ sample: Double
    ) -> ColumnShift {
        ColumnShift(
            column: column, aspect: aspect, test: test, pValue: pValue, holm: pValue, benjaminiHochberg: pValue,
            figure: figure, reference: reference, sample: sample)
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

extension ShiftColumn {
    /// How many rows have no value, of how many.
    var missing: (count: Int, of: Int) {
        switch values {
        case .numbers(let values): (values.count { $0 == nil }, values.count)
        case .categories(let values): (values.count { $0 == nil }, values.count)
        }
    }
}
