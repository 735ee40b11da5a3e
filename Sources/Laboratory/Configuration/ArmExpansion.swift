import Basics
import Reports

/// Expands `grid:` and `arms:` of an experiment's file into arms.
struct ArmExpansion {
    static let maximumCount = 4096
    /// Bytes of a name; file systems take 255.
    private static let longestName = 240

    let document: ConfigDocument
    /// The keys that an option of the command fixes: their axes collapse.
    let fixed: Set<String>
    private(set) var problems: [ConfigProblem] = []

    private struct Axis {
        let path: String
        let values: [Tree]
        let origin: ConfigOrigin
    }

    init(_ document: ConfigDocument, fixed: Set<String>) {
        self.document = document
        self.fixed = fixed
    }

    /// Whether the file names any arms or grid, whose runs then stand in folders of their own.
    var isDeclared: Bool { document.tree["grid"] != nil || document.tree["arms"] != nil }

    /// All arms: the grid's, then the named ones in the file's order; seeds vary fastest.
    mutating func arms() -> [Arm] {
        let named = section("arms", document.tree.map?["arms"])
        let grid = axes(document.tree.map?["grid"], at: "grid")
        let seeds = self.seeds(grid)
        var arms: [Arm] = []
        for name in named?.keys ?? [] {
            arms += namedArm(name, named?[name] ?? .null, fileSeeds: seeds)
        }
        if document.tree.map?["grid"] != nil || !arms.contains(where: \.isDefault) {
            arms = expand(group: nil, isDefault: true, base: [], axes: grid, seeds: seeds) + arms
        }
        checkNames(arms)
        return arms
    }

    private mutating func namedArm(_ name: String, _ value: Tree, fileSeeds: [Int?]) -> [Arm] {
        let place = "arms.\(name)"
        guard name.wholeMatch(of: #/[A-Za-z0-9][A-Za-z0-9_+.-]*/#) != nil else {
            return refuse(place, "a name of letters, digits and _+.-", Tree.string(name).text())
        }
        guard let map = section(place, value) else { return [] }
        if let flag = map["default"], flag.bool == nil {
            return refuse("\(place).default", "true or false", flag.summary)
        }
        var axes = axes(map["grid"], at: "\(place).grid")
        if let own = map["seeds"] { axes += axis("seed", own, at: "\(place).seeds") }
        let base = document.assignments(below: place, of: value, excluding: ["default", "seeds", "grid"])
        let lists = axes.count { $0.path == "seed" }
        let isSeeded = base.contains { $0.path == "seed" }
        guard lists + (isSeeded ? 1 : 0) <= 1 else { return refuse(place, "its seeds once", "them twice") }
        return expand(
            group: name, isDefault: map["default"]?.bool ?? true, base: base, axes: axes,
            seeds: lists > 0 ? seeds(axes) : isSeeded ? [nil] : fileSeeds)
    }

    private mutating func axes(_ grid: Tree?, at place: String) -> [Axis] {
        guard let grid, section(place, grid) != nil else { return [] }
        return grid.leaves.flatMap { axis($0.path, $0.value, at: "\(place).\($0.path)") }
    }

    private mutating func axis(_ path: String, _ value: Tree, at place: String) -> [Axis] {
        if fixed.contains(where: { $0 == path || $0.hasPrefix(path + ".") }) { return [] }
        guard let values = value.list, !values.isEmpty else {
            return refuse(place, "a list of values", value.summary, hint: "as in [1, 2, 3]")
        }
        for (index, value) in values.enumerated() where values[..<index].contains(value) {
            return refuse(place, "every value once", "\(value.summary) twice")
        }
        return [Axis(path: path, values: values, origin: document.origin(place))]
    }

    private mutating func seeds(_ axes: [Axis]) -> [Int?] {
        guard let axis = axes.first(where: { $0.path == "seed" }) else { return [nil] }
        let type = ConfigType.seed
        let seeds = axis.values.compactMap { try? type.check($0, at: axis.path).get().integer }
        guard seeds.count == axis.values.count else {
            problems.append(
                ConfigProblem(
                    "seed", expected: "seeds, each \(Seed.expectation)", found: Tree.list(axis.values).summary,
                    origin: axis.origin))
            return [nil]
        }
        return seeds
    }

    /// The product of the axes, the first one varying slowest, times the seeds.
    private mutating func expand(
        group: String?, isDefault: Bool, base: [ConfigAssignment], axes: [Axis], seeds: [Int?]
    ) -> [Arm] {
        let axes = axes.filter { $0.path != "seed" }
        let labels = Self.labels(axes.map(\.path))
        let count = axes.reduce(seeds.count) { $0.multipliedReportingOverflow(by: $1.values.count).partialValue }
        guard count > 0, count <= Self.maximumCount else {
            return refuse("grid", "at most \(Self.maximumCount) arms", "\(count)", at: document.origin("grid"))
        }
        var points: [(parts: [String], overrides: [ConfigAssignment])] = [(group.map { [$0] } ?? [], base)]
        for (axis, label) in zip(axes, labels) {
            points = points.flatMap { point in
                axis.values.map { value in
                    let assignment = ConfigAssignment(path: axis.path, value: value, origin: axis.origin)
                    return (point.parts + ["\(label)-\(Self.word(value))"], point.overrides + [assignment])
                }
            }
        }
        return points.flatMap { point in
            let name = point.parts.isEmpty ? "default" : point.parts.joined(separator: "_")
            return seeds.map { seed in
                Arm(name: name, group: group, isDefault: isDefault, overrides: point.overrides, seed: seed)
            }
        }
    }

    /// The last component of each path, or the whole path where two would be the same.
    private static func labels(_ paths: [String]) -> [String] {
        let last = paths.map { String($0.split(separator: ".").last ?? "") }
        return zip(paths, last).map { path, word in last.count { $0 == word } > 1 ? path : word }
    }

    /// A value as part of a folder's name: `64`, `true`, `32x10`; the kind of a section.
    private static func word(_ value: Tree) -> String {
        switch value {
        case .list(let values): return values.map(word).joined(separator: "x")
        case .map(let map):
            return map["kind"].map(word) ?? map.keys.map { "\($0)-\(word(map[$0] ?? .null))" }.joined(separator: "-")
        case .string(let text): return text.replacing(#/[^A-Za-z0-9_+.-]+/#, with: "-")
        case .integer, .number: return value.text()
        default: return value.inlineYAML
        }
    }

    private mutating func section(_ place: String, _ value: Tree?) -> Tree.Map? {
        guard let value else { return nil }
        if let map = value.map { return map }
        problems.append(
            ConfigProblem(place, expected: "a section", found: value.summary, origin: document.origin(place)))
        return nil
    }

    private mutating func refuse<Result: RangeReplaceableCollection>(
        _ place: String, _ expected: String, _ found: String, hint: String = "", at origin: ConfigOrigin? = nil
    ) -> Result {
        problems.append(
            ConfigProblem(
                place, expected: expected, found: found, hint: hint, origin: origin ?? document.origin(place)))
        return Result()
    }

    /// Refuses names that two arms share, and those that a folder cannot have.
    private mutating func checkNames(_ arms: [Arm]) {
        var seen: Set<String> = []
        var overrides: [String: [ConfigAssignment]] = [:]
        for arm in arms {
            if arm.name.utf8.count > Self.longestName {
                problems.append(
                    ConfigProblem(
                        "grid", expected: "values whose names fit a folder's, \(Self.longestName) bytes",
                        found: "\(arm.name.prefix(40))... of \(arm.name.utf8.count)", origin: document.origin("grid")))
            }
            let isNew = seen.insert("\(arm.name)/\(arm.seed ?? -1)").inserted
            // Other seeds of a name would stand in the same folder as if they were the same arm.
            if isNew, overrides[arm.name, default: arm.overrides] == arm.overrides {
                overrides[arm.name] = arm.overrides
                continue
            }
            problems.append(
                ConfigProblem(
                    "arms", problem: "two arms have the name \(arm.name)", hint: "give each one of its own",
                    origin: document.origin("arms")))
        }
    }
}

/// One variation of an experiment: what it sets differently, and its seed.
public struct Arm: Sendable, Equatable {
    /// The name, made of `key-value` parts for a grid; a folder name. "default" where nothing but the seed varies.
    public var name: String
    /// The name under `arms:` that the arm comes from, or nil for the arms of the file's own grid.
    public let group: String?
    /// Whether the arm runs when none is asked for.
    public let isDefault: Bool
    /// What it sets on top of the file.
    public let overrides: [ConfigAssignment]
    /// The seed, where the grid or the arm names some.
    public let seed: Int?
}
