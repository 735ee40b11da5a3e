import Foundation
import Networks

/// Draws the report of a run, or of an experiment with arms, again from what it measured.
public enum ReportOperation {
    /// Rewrites `report.html` in `folder` and returns where it stands. Throws `DataError`.
    public static func execute(_ folder: URL) throws -> URL {
        let source = folder.appendingPathComponent("report.json")
        guard let data = try? Data(contentsOf: source) else {
            throw DataError(
                .missing, path: source.path, expected: "what a finished run measured", found: "none",
                hint: "RUN is a folder that `weightspace run` made and finished")
        }
        let input: ReportInput
        do {
            input = try ReportInput(json: data)
        } catch {
            throw DataError(.malformed, path: source.path, expected: "a report's data", found: "\(error)")
        }
        let out = folder.appendingPathComponent("report.html")
        try AtomicFile.write(HTMLReport.render(input), to: out)
        return out
    }
}
