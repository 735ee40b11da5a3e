import Evaluation

extension TaskTable {
    /// The table and its findings for a terminal.
    var text: String {
        var table = TextTable(head)
        for line in lines { table.append(line) }
        return "\(title)\n\(table.text)" + findings.map { "  \($0.holds ? "yes" : "no "): \($0.text)\n" }.joined()
            + "\n"
    }

    /// The tables of a summary for a terminal: those of all seeds together, or of the only ones.
    static func text(_ summary: Summary) -> String {
        summary.tasks.map(\.arm).uniqued().flatMap { arm -> [TaskTable] in
            let own = summary.tasks.filter { $0.arm == arm }
            let together = own.filter { $0.seed == nil }
            return tables(together.isEmpty ? own : together)
        }.map(\.text).joined()
    }
}

extension PromptText {
    /// The table and its sentence for a terminal.
    static func text(_ table: PromptTable) -> String {
        var lines = TextTable(head)
        for line in Self.lines(table) { lines.append(line) }
        return lines.text + sentence(table) + "\n\n"
    }
}
