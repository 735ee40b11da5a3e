import Basics

/// What the clock said: a list for one run; for several, whose keys begin with `arm/seed-n/`, a table with a row each.
struct TimingTable {
    private var runs: [(name: String, values: [String: Double])] = []
    private var stages: [String] = []

    init(_ timing: [String: Double]) {
        for (key, value) in timing.sorted(by: { $0.key < $1.key }) {
            let parts = key.split(separator: "/")
            let name = parts.dropLast().joined(separator: "/"), stage = String(parts.last ?? "")
            if runs.last?.name != name { runs.append((name, [:])) }
            runs[runs.count - 1].values[stage] = value
            if !stages.contains(stage) { stages.append(stage) }
        }
        stages.sort()
    }

    static let help = "A row a run, seconds that each stage took."

    private static func title(_ stage: String) -> String {
        stage.replacing("_seconds", with: "").replacing("_", with: " ")
    }

    private static func text(_ stage: String, _ value: Double?) -> String {
        guard let value else { return NumberText.missing }
        return stage.hasSuffix("seconds") ? NumberText.seconds(value) : NumberText.significant(value)
    }

    /// Names and times; nil for several runs.
    var facts: [ReportInput.Fact]? {
        guard runs.count <= 1 else { return nil }
        return stages.map { ReportInput.Fact(Self.title($0), Self.text($0, runs.first?.values[$0])) }
    }

    /// A row a run; nil for a single one.
    var table: HTMLTable? {
        guard runs.count > 1 else { return nil }
        var table = HTMLTable(["run"] + stages.map(Self.title))
        for run in runs { table.add([run.name] + stages.map { Self.text($0, run.values[$0]) }) }
        return table
    }
}
