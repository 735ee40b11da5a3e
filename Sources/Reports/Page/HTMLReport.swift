import Basics
import Evaluation

/// Writes a report as one HTML file that needs nothing else: no network, no script, light and dark, fit to print.
public enum HTMLReport {
    /// The page. The same input gives the same text; missing and non-finite numbers are shown as not available.
    public static func render(_ input: ReportInput) -> String {
        let parts = [
            header(input), VerdictBanner(input: input).html(), body(input), ending(input),
        ]
        return page(input.title, parts)
    }

    /// A page of finished parts.
    static func page(_ title: String, _ parts: [String]) -> String {
        let head =
            "<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
            + "<meta name=\"color-scheme\" content=\"light dark\"><title>\(Markup.escape(title))</title>"
            + "<style>\(ReportStyle.sheet)</style>"
        return "<!DOCTYPE html>\n<html lang=\"en\"><head>\(head)</head>\n<body><main>\n"
            + parts.joined(separator: "\n") + "\n</main></body></html>\n"
    }

    /// The title of a page and what it is about.
    static func header(_ title: String, _ text: String) -> String {
        "<header><p class=\"kicker\">WeightSpace report</p><h1>\(Markup.escape(title))</h1>"
            + Prose.paragraphs(text) + "</header>"
    }

    private static func header(_ input: ReportInput) -> String { header(input.title, input.question) }

    /// One run is shown in full; several get an overview first and a fold each.
    private static func body(_ input: ReportInput) -> String {
        let runs = input.arms.flatMap { arm in arm.runs.map { (arm: arm, run: $0) } }
        if runs.count <= 1, let only = runs.first {
            return RunSection(run: only.run, rows: input.rows(of: only.run, arm: only.arm)).html()
        }
        guard !runs.isEmpty else {
            return RunSection(run: ReportInput.Run(seed: 0), rows: input.summary.rows).html()
        }
        var folds = ""
        for (index, arm) in input.arms.enumerated() {
            folds += fold(arm, index: index, input: input)
        }
        return ArmsSection(input: input).html() + TaskTable.together(input) + "<h2>Every run</h2>" + folds
    }

    private static func fold(_ arm: ReportInput.Arm, index: Int, input: ReportInput) -> String {
        var content = ""
        for run in arm.runs {
            let open = index == 0 && run.seed == arm.runs.first?.seed ? " open" : ""
            let section = RunSection(run: run, rows: input.rows(of: run, arm: arm))
            content +=
                "<details\(open)><summary>\(dot(run.verdict))seed \(run.seed)"
                + (run.verdict.map { " <small>\(Markup.prose($0.text))</small>" } ?? "")
                + "</summary>\(section.html())</details>"
        }
        let open = index == 0 ? " open" : ""
        return "<details class=\"arm\" id=\"arm-\(index)\"\(open)><summary>\(Markup.escape(arm.name))</summary>"
            + "\(content)</details>"
    }

    private static func dot(_ verdict: Verdict?) -> String {
        verdict.map { "<span class=\"light \($0.light.rawValue)\"></span>" } ?? ""
    }

    /// What nobody reads first: configuration, environment, clock.
    private static func ending(_ input: ReportInput) -> String {
        var parts = "<h2>How it was made</h2><div class=\"pair\">"
        parts += HTMLTable.facts("Environment", input.environment)
        let timing = TimingTable(input.summary.timing)
        parts += timing.facts.map { HTMLTable.facts("Timing", $0) } ?? ""
        parts += "</div>" + (timing.table.map { Card.section("Timing", TimingTable.help, table: $0) } ?? "")
        let isOfFirst = input.arms.reduce(0) { $0 + $1.runs.count } > 1
        return parts
            + configuration(input.configuration, title: "Configuration" + (isOfFirst ? " of the first run" : ""))
    }

    /// A folded card with the text of a configuration, which the keyboard reaches where it scrolls.
    static func configuration(_ text: String, title: String = "Configuration") -> String {
        if text.isEmpty { return Card.absent(title) }
        let content = "<pre tabindex=\"0\" role=\"region\" aria-label=\"\(title)\">\(Markup.escape(text))</pre>"
        return "<details class=\"card\"><summary>\(title)</summary>\(content)</details>"
    }
}
