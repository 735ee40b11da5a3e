import Testing

@testable import ShiftDetection

@Suite("What a person may do next")
struct ShiftAdviceTests {
    /// A verdict at p = 0.001 or 1, with a drop of given value and lower end.
    private func verdict(isDifferent: Bool, drop: (Double, Double)? = nil) -> ShiftVerdict {
        let test = ShiftVerdict.MethodResult(
            method: "energy",
            permutations: PermutationTest(
                statistic: 1, null: .init(repeating: isDifferent ? 0 : 2, count: 999)),
            level: .exact)
        let estimate = drop.map { value, low in
            PerformanceEstimate(
                metric: .balancedAccuracy, sample: AccuracyInterval(value: 0.7, low: 0.6, high: 0.8),
                reference: AccuracyInterval(value: 0.77, low: 0.7, high: 0.83),
                drop: AccuracyInterval(value: value, low: low, high: value + 0.1), level: 0.9, classes: 2)
        }
        return ShiftVerdict(rows: 50, test: test, estimate: estimate, alpha: 0.05, margin: 0.05)
    }

    private func sentences(
        _ verdict: ShiftVerdict, columns: [ColumnShift] = [], power: [ShiftPower.Row] = [],
        truth: Double? = nil
    ) -> [String] {
        ShiftAdvice(verdict: verdict, columns: columns, power: power, alpha: 0.05, truth: truth)
            .sentences
    }

    private func row(
        _ origin: ShiftPower.Origin, drop: Double, cases: Int = 100, different: Double
    ) -> ShiftPower.Row {
        ShiftPower.Row(
            rows: 50, origin: origin, drop: drop, cases: cases, different: different, harmful: 0)
    }

    private func missing(_ column: String, holm: Double, aspect: ColumnShift.Aspect = .missing)
        -> ColumnShift
    {
        ColumnShift(
            column: column, aspect: aspect, test: .fisher, pValue: holm / 2, holm: holm,
            benjaminiHochberg: holm,
            figure: "share missing", reference: 0, sample: 0.5)
    }

    @Test("Each finding has its own first sentence")
    func findings() {
        let harmful = sentences(verdict(isDifferent: true, drop: (0.2, 0.1)))
        #expect(harmful.count == 1 && harmful[0].hasPrefix("Do not lean on the model for these rows:"))
        let different = sentences(verdict(isDifferent: true, drop: (0.01, -0.1)))
        #expect(different.count == 1 && different[0].hasPrefix("The model may go on being used;"))
        #expect(
            sentences(verdict(isDifferent: true))
                == ["Label the reference rows, or some of these, before anything is said about harm."])
        let wide = sentences(verdict(isDifferent: true, drop: (0.01, -0.5)))
        #expect(wide == ["Collect more rows before anything is said about harm: 20 to 50 are usual."])
        let none = ShiftVerdict(cannotSay: ["too few."], rows: 3, alpha: 0.05, margin: 0.05)
        #expect(sentences(none) == ["Nothing follows from this sample; see why above."])
    }

    @Test("Where nothing is found, the smallest fall that would have been found is named")
    func power() {
        let nothing = verdict(isDifferent: false)
        let unknown =
            "Go on; keep in mind that 50 rows show large shifts only (`weightspace shift power` says which)."
        #expect(sentences(nothing) == [unknown])
        let table = [
            row(.none, drop: 0.01, different: 1), row(.other, drop: 0.01, different: 1),
            row(.errors, drop: 0.02, different: 0.79), row(.errors, drop: 0.1, different: 0.85),
            row(.doubtful, drop: 0.2, different: 0.99),
            row(.doubtful, drop: 0.05, cases: 0, different: 1),
        ]
        #expect(
            sentences(nothing, power: table) == [
                "Go on; of samples of this size that are drawn towards the model's errors until the accuracy "
                    + "is 10 points lower, 85 % would have been called different."
            ])
        #expect(sentences(nothing, power: Array(table.prefix(3))) == [unknown])
    }

    @Test("Labels that prove harm go before what outputs say, whatever that is; doubts about it keep from going on")
    func labels() {
        func first(right: Int, of count: Int, isDifferent: Bool = false) -> String {
            var advice = ShiftAdvice(
                verdict: verdict(isDifferent: isDifferent, drop: (0.01, -0.1)), columns: [], power: [], alpha: 0.05,
                truth: Double(right) / Double(count))
            advice.labelled = .init(right: right, count: count, reference: 0.8)
            return advice.sentences[0]
        }
        // P(X <= 17 | 30, 0.75) = 0.0216, P(X <= 18) = 0.0507.
        #expect(
            first(right: 17, of: 30)
                == "Do not lean on the model for these rows: by their own labels it is right on 17 of 30, and on the reference "
                + "on 80 %.")
        #expect(first(right: 18, of: 30).hasPrefix("Have more rows labelled before you go on"))
        #expect(first(right: 18, of: 30, isDifferent: true).hasPrefix("The model may go on"))
        #expect(first(right: 17, of: 30, isDifferent: true).hasPrefix("Do not lean"))
        #expect(first(right: 24, of: 30).hasPrefix("Go on;"))
        // P(X <= 20 | 30, 0.8) = 0.061, P(X <= 0 | 1, 0.8) = 0.2.
        #expect(first(right: 20, of: 30).hasPrefix("Go on;") && first(right: 0, of: 1).hasPrefix("Go on;"))
    }

    @Test("A column that is missing more often is named, the first that is sure")
    func missingValues() {
        let nothing = verdict(isDifferent: false)
        let columns = [
            missing("age", holm: 0.001, aspect: .values), missing("bp", holm: 0.051),
            missing("chol", holm: 0.05),
            missing("hdl", holm: 0.001),
        ]
        let said = sentences(nothing, columns: columns)
        #expect(
            said.dropFirst() == [
                "'chol' is missing in 50 % of these rows and in 0 % of the reference: ask first whether the way it is "
                    + "recorded has changed."
            ])
        #expect(sentences(nothing, columns: Array(columns.prefix(2))).count == 1)
    }

    @Test("Labels of the sample's own go before any estimate")
    func truth() {
        let said = sentences(verdict(isDifferent: true, drop: (0.2, 0.1)), truth: 0.614)
        #expect(
            said.last
                == "The sample's own labels are better than any estimate: by them the balanced accuracy is 0.61, "
                + "and it was 0.77 on the reference.")
        // Nothing was estimated, so there is nothing to be better than.
        #expect(sentences(verdict(isDifferent: true), truth: 0.614).count == 1)
    }
}
