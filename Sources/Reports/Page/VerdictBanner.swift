import Basics
import Evaluation

/// The verdict on top of the page: coloured, in one sentence, with three large numbers.
struct VerdictBanner {
    let input: ReportInput

    /// The banner's HTML.
    func html() -> String {
        let verdict = input.summary.verdict
        let reasons = verdict.reasons.map { "<li>\(Self.unbroken($0))</li>" }.joined()
        let list = Self.list(reasons, count: verdict.reasons.count)
        return "<section class=\"verdict \(verdict.light.rawValue)\" aria-label=\"Verdict\">"
            + "<h2 class=\"word\"><span class=\"sign\" aria-hidden=\"true\">\(Self.sign(verdict))</span>"
            + "\(verdict.word)</h2>"
            + "<p class=\"sentence\">\(Self.unbroken(verdict.text))</p>\(numbers())\(list)</section>"
    }

    /// A few reasons stand open, many are folded away.
    private static func list(_ items: String, count: Int) -> String {
        if count == 0 { return "" }
        let list = "<ul>\(items)</ul>"
        return count <= 6 ? list : "<details><summary>All \(count) findings</summary>\(list)</details>"
    }

    /// Escaped text in which no line ends between a number and its percent sign.
    private static func unbroken(_ text: String) -> String {
        Markup.prose(text).replacing(" %", with: "&#160;%")
    }

    private static func sign(_ verdict: Verdict) -> String {
        switch verdict.light {
        case .green: "✓"
        case .amber: "≈"
        case .red: "✕"
        }
    }

    /// The rows of the run that the numbers are about: the first arm and seed with generated networks.
    private var rows: [EvaluationRow] {
        guard let first = input.summary.rows.first(where: { $0.population == .generated }) else { return [] }
        return input.summary.rows(arm: first.arm, seed: first.seed)
    }

    /// The finish that the numbers are after, as the verdict is; nil where it compares networks as they are.
    private func finish(_ rows: [EvaluationRow]) -> String? {
        let finishes = [PopulationKind.generated, .fresh].map { kind in
            rows.first { $0.population == kind }?.finished?.finish
        }
        return finishes[0] == finishes[1] ? finishes[0] : nil
    }

    private func numbers() -> String {
        let plain = rows, finish = finish(plain)
        let rows = finish.map { finish in plain.map { $0.after(finish) ?? $0 } } ?? plain
        let generated = rows.first { $0.population == .generated }
        var others = [PopulationKind.zoo, .fresh].compactMap { kind -> String? in
            guard finish == nil || kind == .fresh else { return nil }
            return rows.first { $0.population == kind }.map {
                "\(kind.what) \(NumberText.percent($0.testAccuracy.mean)) %"
            }
        }
        if finish != nil, let before = plain.first(where: { $0.population == .generated })?.testAccuracy.mean {
            others.append("without the finish \(NumberText.percent(before)) %")
        }
        let accuracy = generated.map(\.testAccuracy.mean)
        let ratio = generated.flatMap { $0.decidingRatio }
        let spread = generated.flatMap(\.codeRMSRatio)
        let several = Set(input.summary.rows.map { "\($0.seed) \($0.arm)" }).count > 1
        let origin = several ? generated.map { " (\($0.arm), seed \($0.seed))" } ?? "" : ""
        return "<div class=\"numbers\">"
            + number(
                "Test accuracy of generated networks" + (finish.map { ", after `\($0)`" } ?? "") + origin,
                percent(accuracy),
                others.isEmpty ? "zoo not available" : others.joined(separator: " · "))
            + number(
                "Distance to the nearest zoo network", available(ratio),
                "0 = copy · 1 = as far as a freshly trained network")
            + (spread.map { number("Spread of the codes", available($0), "RMS ratio · 1 = as wide as the zoo") } ?? "")
            + "</div>"
    }

    private func percent(_ value: Double?) -> String {
        guard let value, value.isFinite else { return Self.absent }
        return "\(NumberText.percent(value))<small> %</small>"
    }

    private func available(_ value: Double?) -> String {
        guard let value, value.isFinite else { return Self.absent }
        return NumberText.ratio(value)
    }

    private static let absent = "<span class=\"absent\">not available</span>"

    private func number(_ name: String, _ value: String, _ note: String) -> String {
        "<div><p>\(Markup.prose(name))</p><p class=\"big\">\(value)</p><p>\(Markup.escape(note))</p></div>"
    }
}
