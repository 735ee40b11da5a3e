import Basics
import Foundation
import ModelZoo

/// A recipe's file with its grid: every combination of settings, and columns that say which network has which.
enum RecipeGrid {
    /// Names that columns of settings must not have.
    private static let taken: Set<String> = [
        "split", "seed", "epoch", "selected", "task", "diverged", "train_loss", "train_accuracy",
        "validation_accuracy", "test_accuracy",
    ]

    /// Whether a file is a zoo's recipe: it has the section that no experiment has at its top.
    static func isRecipe(_ file: ExperimentFile) -> Bool { file.document.tree["dataset"] != nil }

    /// The combinations, the grid's first key varying slowest. Throws `ConfigError` or `DataError`.
    static func arms(path: String, settings: [String]) throws -> [ZooTraining.Arm] {
        let file = try ExperimentFile.load(path)
        let plan = try ConfigResolver<ZooRecipe>().plan(
            file.document, settings: settings.map { try ConfigAssignment(setting: $0) })
        let runs = plan.runs
        var columns: [(name: String, column: ZooColumn)] = []
        for key in keys(runs) {
            columns.append((name(of: key, among: keys(runs)), column(runs.map { $0.tree[key] ?? .null })))
        }
        if runs.contains(where: { $0.arm.group != nil }) {
            columns.append(("arm", .text(runs.map { $0.arm.group ?? "" })))
        }
        return runs.enumerated().map { index, run in
            var facts = ZooColumns(count: 1)
            for (name, column) in columns { facts[name] = column.selecting([index]) }
            return ZooTraining.Arm(recipe: run.config, facts: facts)
        }
    }

    /// The one recipe of a file without a grid. Throws `ConfigError` or `DataError`.
    static func recipe(path: String, settings: [String]) throws -> ZooRecipe {
        let arms = try arms(path: path, settings: settings)
        guard let arm = arms.first, arms.count == 1 else {
            throw DataError(
                .configuration, path: path, expected: "one recipe", found: "\(arms.count) (a grid)")
        }
        return arm.recipe
    }

    /// The keys that combinations set, in order of their first appearance.
    private static func keys(_ runs: [ConfigResolver<ZooRecipe>.Run]) -> [String] {
        runs.flatMap { $0.arm.overrides.map(\.path) }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// The last word of a key's path, or the whole path where that word has another meaning.
    private static func name(of key: String, among keys: [String]) -> String {
        func last(_ path: String) -> String { String(path.split(separator: ".").last ?? "") }
        let isOne = keys.count { last($0) == last(key) } == 1
        return isOne && !taken.contains(last(key)) ? last(key) : key
    }

    /// One value a combination: whole numbers, numbers or text, whichever takes all.
    static func column(_ values: [Tree]) -> ZooColumn {
        let whole = values.map { value -> Int64? in
            switch value {
            case .integer(let number): Int64(number)
            case .bool(let flag): flag ? 1 : 0
            case .null: -1
            default: nil
            }
        }
        if !whole.contains(nil) { return .integer(whole.compactMap { $0 }) }
        let real = values.map { value -> Double? in
            switch value {
            case .integer(let number): Double(number)
            case .number(let number): number
            case .null: .nan
            default: nil
            }
        }
        if !real.contains(where: { $0 == nil }) { return .real(real.compactMap { $0 }) }
        return .text(values.map(text))
    }

    /// A value as text in a column: words as they are, lists as `64x32x10`, the kind of a section.
    private static func text(_ value: Tree) -> String {
        switch value {
        case .null: ""
        case .string(let text): text
        case .list(let values): values.map(text).joined(separator: "x")
        case .map(let map): map["kind"].map(text) ?? value.inlineYAML
        default: value.inlineYAML
        }
    }
}
