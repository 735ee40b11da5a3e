/// Merges layers of assignments onto defaults and collects everything that does not fit.
package struct ConfigMerge {
    let schema: ConfigSchema
    package private(set) var tree: Tree
    package private(set) var problems: [ConfigProblem] = []
    package private(set) var origins: [String: ConfigOrigin] = [:]

    package init(_ schema: ConfigSchema) {
        self.schema = schema
        tree = schema.defaults
    }

    /// Applies one layer: its kinds first (outer before inner), then the other keys in order; `allowingRepeats` lets
    /// a later assignment of a key win silently.
    package mutating func apply(_ layer: [ConfigAssignment], allowingRepeats: Bool = false) {
        var assignments = layer.flatMap(\.flattened)
        if !allowingRepeats { reportRepeats(assignments) }
        let kindPaths = Set(schema.keys.filter { !$0.variants.isEmpty }.map(\.path))
        let kinds = assignments.filter { kindPaths.contains($0.path) }
            .sorted { ConfigSchema.prefixes(of: $0.path).count < ConfigSchema.prefixes(of: $1.path).count }
        assignments.removeAll { kindPaths.contains($0.path) }
        for kind in kinds where !swapKind(kind) {
            // The keys of an unknown kind cannot be judged.
            let section = kind.path.dropLast("kind".count)
            assignments.removeAll { $0.path.hasPrefix(section) }
        }
        for assignment in assignments { set(assignment) }
    }

    /// Chooses a kind, with its defaults where it differs from the present one; false where there is no such kind.
    private mutating func swapKind(_ assignment: ConfigAssignment) -> Bool {
        guard let key = schema.key(at: assignment.path, in: tree),
            let variant = key.variants.first(where: { .string($0.kind) == assignment.value })
        else {
            set(assignment)
            return false
        }
        if tree[assignment.path] != assignment.value {
            let section = String(assignment.path.dropLast(".kind".count))
            tree[section] = variant.defaults()
            // What was written for the old kind is not where the new one's defaults come from.
            origins = origins.filter { !$0.key.hasPrefix(section + ".") }
        }
        origins[assignment.path] = assignment.origin
        return true
    }

    private mutating func set(_ assignment: ConfigAssignment) {
        let path = assignment.path
        guard let key = schema.key(at: path, in: tree) else {
            if let problem = misplaced(assignment), !problems.contains(where: { $0.path == problem.path }) {
                problems.append(problem)
            }
            return
        }
        switch key.type.check(assignment.value, at: path) {
        case .success(let value):
            tree[path] = value
            origins[path] = assignment.origin
        case .failure(let mismatch):
            problems.append(
                ConfigProblem(
                    mismatch.path, expected: mismatch.expected, found: mismatch.found,
                    hint: hint(for: key.type, assignment.value), origin: assignment.origin))
        }
    }

    private func hint(for type: ConfigType, _ value: Tree) -> String {
        switch (type, value) {
        case (.optional(let inner), _): return hint(for: inner, value)
        case (.choice(let words), .string(let word)): return Nearest.hint(Nearest.match(word, among: words))
        case (.text, .integer), (.text, .number), (.text, .bool): return "put a text that looks like a number in quotes"
        case (.flag, .string), (.whole, .string), (.real, .string): return "without quotes, as true, 3 or 0.5"
        default: return ""
        }
    }

    /// What is wrong with a path that is no key now: a section, inside a key, of another kind, or unknown.
    private func misplaced(_ assignment: ConfigAssignment) -> ConfigProblem? {
        let path = assignment.path
        func problem(_ path: String, _ expected: String, _ found: String, _ hint: String = "") -> ConfigProblem {
            ConfigProblem(path, expected: expected, found: found, hint: hint, origin: assignment.origin)
        }
        if schema.sections.contains(path) {
            if assignment.value == .map(Tree.Map()) { return nil }
            return problem(path, "a section with keys of its own", assignment.value.summary)
        }
        if let leaf = ConfigSchema.prefixes(of: path).compactMap({ schema.key(at: $0, in: tree) }).first {
            return problem(leaf.path, leaf.type.expectation, "a section")
        }
        if let other = schema.keys.first(where: { $0.path == path }),
            let condition = other.conditions.first(where: { tree[$0.path] != .string($0.kind) })
        {
            let kind = tree[condition.path]?.string ?? "another"
            return problem(
                path, "no such key with \(condition.path): \(kind)", "a key of \(condition.path): \(condition.kind)",
                "set \(condition.path) too, or leave the key out")
        }
        if let renamed = schema.keys.first(where: { $0.formerly == path }) {
            return problem(path, "", "there is no such key any more", "it is called \(renamed.path)")
        }
        // Report an unknown section once, not each key in it.
        let unknown = ConfigSchema.prefixes(of: path).first { !schema.sections.contains($0) } ?? path
        return problem(unknown, "", "there is no such key", Nearest.hint(schema.nearest(to: unknown)))
    }

    private mutating func reportRepeats(_ assignments: [ConfigAssignment]) {
        var seen: Set<String> = []
        for assignment in assignments where !seen.insert(assignment.path).inserted {
            problems.append(
                ConfigProblem(
                    assignment.path, problem: "the key stands twice", origin: assignment.origin))
        }
    }
}
