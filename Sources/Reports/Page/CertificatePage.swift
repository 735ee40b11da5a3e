import Basics
import Evaluation

/// The page of networks that somebody brought: the verdict, the certificate, and the pictures of a run.
public enum CertificatePage {
    /// One HTML file that needs nothing else; the same input gives the same text.
    public static func render(_ input: ReportInput) -> String {
        var parts = [HTMLReport.header(input.title, input.question), VerdictBanner(input: input).html()]
        for run in input.arms.flatMap(\.runs) {
            let rows = run.populations.isEmpty ? input.summary.rows : run.populations
            parts.append(RunSection(run: run, rows: rows).judgement())
        }
        return HTMLReport.page(input.title, parts)
    }
}
