import Basics
import Evaluation

extension TaskTable {
    /// The table and its findings as a card of a page.
    func card() -> String {
        var table = HTMLTable(head)
        for line in lines { table.add(line) }
        let found = findings.map { "<li>\($0.holds ? "yes" : "no"): \(Markup.escape($0.text))</li>" }.joined()
        let name = "Networks from examples: \(title)"
        return Card.section(
            name,
            "Mean test accuracy over a task's networks, then over tasks, ± half the 95 % interval over tasks. Steps are Adam's"
                + " on the examples.",
            content: (table.html(named: name) ?? "") + (found.isEmpty ? "" : "<ul>\(found)</ul>"))
    }

    /// The tables of all seeds together, where there are several.
    static func together(_ input: ReportInput) -> String {
        tables(input.summary.tasks.filter { $0.seed == nil }).map { $0.card() }.joined()
    }
}

extension PromptText {
    /// The table and its sentence as a card of a page.
    static func card(_ prompts: PromptTable) -> String {
        var table = HTMLTable(head)
        for line in lines(prompts) { table.add(line) }
        return Card.section("Asked and achieved", sentence(prompts), table: table)
    }
}
