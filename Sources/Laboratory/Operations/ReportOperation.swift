import Basics
import Foundation
import ModelZoo
import Reports

/// Draws the report of a run, or of an experiment with arms, again from what it measured; or the picture of a zoo.
public enum ReportOperation {
    /// Writes the page and returns where it stands: at `out`, or else as `report.html` in the folder of a run, or
    /// beside a zoo file with `.html` in place of its ending. What is there is replaced where `replaces` says so; the
    /// page in a run's folder is the run's own, and is always drawn anew. Throws `DataError`.
    public static func execute(_ source: URL, out: URL? = nil, replaces: Bool = false) throws -> URL {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: source.path, isDirectory: &isFolder)
        let isZoo = exists && (!isFolder.boolValue || ShardedZoo.isOne(source.path))
        let own =
            isZoo
            ? source.deletingPathExtension().appendingPathExtension("html")
            : source.appendingPathComponent("report.html")
        let target = out ?? own
        let page: String?
        if isZoo || target.standardizedFileURL != own.standardizedFileURL {
            page = nil
            try OutputFile.check(
                target, reading: [isZoo ? source.path : data(of: source).path], replacing: replaces)
        } else {
            // What is no run's folder is told first, not what stands in it.
            page = try run(source)
            try OutputFile.check(target, replacing: true)
        }
        try WholeFile.write(page ?? (isZoo ? population(source) : run(source)), to: target)
        return target
    }

    private static func population(_ file: URL) throws -> String {
        let reader = try ZooReader(path: file.path)
        return PopulationReport(PopulationPicture(try reader.inspect(), columns: reader.columns)).html()
    }

    /// What the report of a run draws.
    private static func data(of folder: URL) -> URL { folder.appendingPathComponent("report.json") }

    private static func run(_ folder: URL) throws -> String {
        let source = data(of: folder)
        if let study = try ShiftStudy.page(of: folder) { return study }
        guard let data = try? Data(contentsOf: source) else {
            throw RunFolder.unusable(folder)
                ?? DataError(
                    .missing, path: folder.path, problem: "is neither the folder of a finished run nor a zoo file",
                    hint: "give a folder that `weightspace run` made and finished, or a zoo file")
        }
        guard !StoredJSON.isOfOtherVersion(data, than: ReportInput.version) else {
            throw StoredJSON.otherVersion(
                source.path, "was written by another version of weightspace, as was the report.html beside it")
        }
        do {
            return HTMLReport.render(try ReportInput(json: data))
        } catch {
            throw StoredJSON.changed(source.path, "does not hold what a report draws")
        }
    }
}
