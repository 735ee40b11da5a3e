import Basics
import Evaluation
import Foundation
import Reports

/// Several finished runs beside each other: what differs in their settings, and their rows side by side.
public struct CompareOperation {
    /// One finished run.
    struct Compared {
        /// The folder as the person named it.
        let name: String
        let settings: Tree
        let run: ReportInput.Run
        let rows: [EvaluationRow]
    }

    let runs: [Compared]

    /// Reads runs, each a run folder or the folder of an experiment, which stands for all its finished runs.
    ///
    /// Throws `DataError`: missing or configuration where a folder is no finished run, or there are not two of them.
    public init(_ folders: [String]) throws {
        var runs: [Compared] = []
        for folder in folders {
            for place in try Self.leaves(folder) where !runs.contains(where: { $0.name == place }) {
                runs.append(try Self.read(place))
            }
        }
        guard runs.count >= 2 else {
            throw DataError(
                .configuration, path: folders.joined(separator: ", "), expected: "two runs or more",
                found: "\(runs.count)", hint: "name another run's folder, or that of an experiment with several arms")
        }
        self.runs = runs
    }

    /// The finished runs of a folder: itself, or those of its arms.
    static func leaves(_ folder: String) throws -> [String] {
        let url = URL(fileURLWithPath: folder), files = FileManager.default
        let arms = url.appendingPathComponent("arms")
        guard files.fileExists(atPath: arms.path) else { return [folder.trimmedSlashes] }
        let found = (files.subpaths(atPath: arms.path) ?? []).filter { $0.hasSuffix("/config.resolved.yaml") }
        let names = found.map { String($0.dropLast("/config.resolved.yaml".count)) }.sorted(by: Self.isBefore)
        return names.map { "\(folder.trimmedSlashes)/arms/\($0)" }
            .filter { RunFolder.state(at: URL(fileURLWithPath: $0)) == .finished }
    }

    /// Seeds in the order of their numbers.
    private static func isBefore(_ first: String, _ second: String) -> Bool {
        first.compare(second, options: .numeric) == .orderedAscending
    }

    private static func read(_ place: String) throws -> Compared {
        let folder = URL(fileURLWithPath: place)
        guard RunFolder.state(at: folder) == .finished else {
            throw RunFolder.unusable(folder)
                ?? DataError(
                    .missing, path: place, problem: "is not the folder of a finished run",
                    hint: "give folders that `weightspace run` made and finished")
        }
        let file = folder.appendingPathComponent("report.json")
        guard let data = try? Data(contentsOf: file) else {
            throw DataError(
                .configuration, path: place, problem: "holds no report.json, as studies of shift detection do not",
                hint: "compare runs that generate networks")
        }
        guard !StoredJSON.isOfOtherVersion(data, than: ReportInput.version) else {
            throw StoredJSON.otherVersion(file.path, "was written by another version of weightspace")
        }
        guard let input = try? ReportInput(json: data), let run = input.arms.first?.runs.first else {
            throw StoredJSON.changed(file.path, "does not hold what a report draws")
        }
        let settings = folder.appendingPathComponent("config.resolved.yaml")
        guard let text = try? String(contentsOf: settings, encoding: .utf8) else {
            throw StoredJSON.changed(settings.path, "cannot be read")
        }
        return Compared(
            name: place, settings: try YAMLReader.read(text, file: settings.path).tree, run: run,
            rows: run.populations.isEmpty ? input.summary.rows : run.populations)
    }

    /// The keys that not all runs have alike, with each run's value: nil where it has none. Where the kinds of a section
    /// differ, the kinds say it, and the keys that only some of them have are left out.
    var differences: [(key: String, values: [Tree?])] {
        var keys: [String] = []
        for run in runs { for leaf in run.settings.leaves where !keys.contains(leaf.path) { keys.append(leaf.path) } }
        return keys.compactMap { key in
            let values = runs.map { $0.settings[key] }
            if values.allSatisfy({ $0 == values[0] }) || values.contains(nil) && isOfOtherKinds(key) { return nil }
            return (key, values)
        }
    }

    /// Whether a key stands in a section whose kind differs from run to run.
    private func isOfOtherKinds(_ key: String) -> Bool {
        let parts = key.split(separator: ".")
        return parts.indices.dropFirst().contains { end in
            let kind = parts[..<end].joined(separator: ".") + ".kind"
            return kind != key && runs.contains { $0.settings[kind] != runs[0].settings[kind] }
        }
    }

    /// The kinds of populations of any run, in the order of the rows.
    private var populations: [(kind: PopulationKind, label: String)] {
        var found: [(kind: PopulationKind, label: String)] = []
        for row in runs.flatMap(\.rows) where !found.contains(where: { $0.kind == row.population }) {
            found.append((row.population, row.label))
        }
        return found
    }

    /// The finish that all runs' rows were given as well; nil where any run has none or another.
    private var finish: String? {
        let finishes = runs.map { run in run.rows.first { $0.population == .generated }?.finished?.finish }
        return finishes.allSatisfy { $0 == finishes[0] } ? finishes[0] : nil
    }

    /// Short names for columns: the letter that a legend above explains.
    private func letter(_ index: Int) -> String {
        index < 26 ? String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index))) : "run \(index + 1)"
    }

    /// Tables for a terminal.
    public func text() -> String {
        let letters = runs.indices.map(letter)
        let legend = zip(letters, runs).map { "\($0): \($1.name)\n" }.joined()
        var settings = TextTable(["what differs"] + letters)
        let differences = differences
        for (key, values) in differences { settings.append([key] + values.map { $0?.inlineYAML ?? "-" }) }
        let same = "all settings are the same\n"
        let unfinished = table("test accuracy, %", letters) { NumberText.percent($0.testAccuracy.meanOfAll) }
        let finished = finish.map { name in
            "\n"
                + table("after \(name), %", letters) { row in
                    row.finished.map { NumberText.percent($0.testAccuracy.meanOfAll) } ?? NumberText.missing
                }
        }
        let distances = table("distance ratio, median", letters) { NumberText.ratio($0.decidingRatio) }
        let verdicts = zip(letters, runs).map { letter, run in
            "\(letter): \(run.run.verdict.map { "\($0.word): \($0.text)" } ?? "no verdict")\n"
        }.joined()
        return [legend, differences.isEmpty ? same : settings.text, unfinished + (finished ?? ""), distances, verdicts]
            .joined(separator: "\n")
    }

    private func table(_ title: String, _ letters: [String], _ cell: (EvaluationRow) -> String) -> String {
        var table = TextTable([title] + letters)
        for population in populations {
            table.append(
                [population.label]
                    + runs.map { run in
                        run.rows.first { $0.population == population.kind }.map(cell) ?? NumberText.missing
                    })
        }
        return table.text
    }

    /// The same for programs: runs with their rows and verdicts, and what differs.
    public func tree() throws -> Tree {
        let differing = differences.map { key, values in
            Tree.map(["key": .string(key), "values": .list(values.map { $0 ?? .null })])
        }
        return [
            "differences": .list(differing),
            "runs": .list(
                try runs.map { run in
                    [
                        "run": .string(run.name), "rows": try Tree(encoding: run.rows.map(\.withoutPoints)),
                        "verdict": try run.run.verdict.map { try Tree(encoding: $0) } ?? .null,
                    ]
                }),
        ]
    }

    /// Writes the page; what is there is replaced where `replaces` says so. Throws `DataError`.
    public func write(page target: URL, replaces: Bool = false) throws {
        try OutputFile.check(target, reading: runs.map(\.name), replacing: replaces)
        try WholeFile.write(page(), to: target)
    }

    /// A page with all of it: an arm a run, named as its folder, with what differs as its factors.
    public func page() -> String {
        let shown = differences.prefix(Self.mostFactors)
        let verdicts = runs.compactMap { run in run.run.verdict.map { (name: run.name, verdict: $0) } }
        var rows: [EvaluationRow] = []
        for run in runs { rows += run.rows.map { $0.withoutPoints.named(run.name) } }
        var input = ReportInput(
            title: "Runs beside each other", summary: Summary(rows: rows, verdict: Verdict(over: verdicts)))
        input.question = "Arms are runs, named as their folders; their columns say what differs in their settings."
        for (index, run) in runs.enumerated() {
            let factors = shown.map { ReportInput.Fact($0.key, $0.values[index]?.inlineYAML ?? "-") }
            var own = run.run
            own.populations = run.rows.map { $0.named(run.name) }
            input.arms.append(ReportInput.Arm(name: run.name, factors: factors, runs: [own]))
        }
        return HTMLReport.render(input)
    }

    private static let mostFactors = 6
}

extension EvaluationRow {
    /// The same row under another arm's name.
    fileprivate func named(_ arm: String) -> EvaluationRow {
        var row = self
        row.arm = arm
        return row
    }
}

extension String {
    /// Without slashes at its end.
    fileprivate var trimmedSlashes: String {
        var text = self
        while text.count > 1, text.hasSuffix("/") { text.removeLast() }
        return text
    }
}
