import Basics

/// Turns an experiment's file and the command's options into checked configurations, one for each run.
///
/// Layers, each over the one before: the components' defaults, the file, the arm, the seed, `--set`. A layer that
/// changes a `kind` swaps in that kind's defaults before its other keys are set. Keys that nobody set and that follow
/// others are settled last. All problems are reported at once.
public struct ConfigResolver<Config: ComponentConfig>: Sendable {
    /// The table of keys with defaults.
    public let schema: ConfigSchema
    private let tables: ConfigTables

    /// Reads the table of the configuration's type; sections in kinds have those of these tables.
    public init(_ tables: ConfigTables = .standard) {
        schema = ConfigSchema(Config.self, tables)
        self.tables = tables
    }

    /// One run to be made: its arm, its configuration, and the tree that `config.resolved.yaml` records.
    public struct Run: Sendable {
        /// The arm with the seed.
        public let arm: Arm
        /// The resolved configuration, decoded from `tree`.
        public let config: Config
        /// All keys and their values.
        public let tree: Tree
        /// Where values were written, by path; those of other paths are defaults, or follow other keys.
        public let origins: [String: ConfigOrigin]
        /// The seed of the run: the key `seed`, or 0 where the configuration has none.
        public var seed: Int { tree["seed"]?.integer ?? 0 }
    }

    /// All runs of an experiment.
    public struct Plan: Sendable {
        /// The runs that were asked for, in order; seeds vary fastest.
        public let runs: [Run]
        /// Whether the file has `grid:` or `arms:`: the runs then stand in `arms/<name>/seed-<n>/`.
        public let hasArms: Bool
        /// The names of all arms, also of those that were not asked for.
        public let knownArms: [String]
    }

    /// Checks every arm of the file (nil: only defaults and settings) and returns the runs of those that were asked
    /// for: by the arm's name, or by the name under `arms:` for all of its grid; with no `arms`, the default ones.
    ///
    /// A setting of a key that the grid varies collapses that axis. Throws `ConfigError`.
    public func plan(
        _ document: ConfigDocument? = nil, settings: [ConfigAssignment] = [], arms names: [String] = []
    ) throws -> Plan {
        let document = document ?? ConfigDocument(file: "defaults", tree: .null, origins: [:])
        guard document.tree == .null || document.tree.map != nil else {
            throw ConfigError([
                ConfigProblem("", expected: "a section", found: document.tree.summary, origin: document.origin(""))
            ])
        }
        var expansion = ArmExpansion(document, fixed: Set(settings.flatMap(\.flattened).map(\.path)))
        let arms = expansion.arms()
        var problems = expansion.problems
        var runs: [Run] = []
        func isWanted(_ arm: Arm) -> Bool {
            names.isEmpty ? arm.isDefault : names.contains { $0 == arm.name || $0 == arm.group }
        }
        for arm in arms {
            do {
                // A setting that another arm has no place for is no reason to refuse the arms that were asked for.
                runs.append(try resolve(arm, of: document, isWanted(arm) ? settings : []))
            } catch let error as ConfigError {
                problems += error.problems
            }
        }
        problems += equalArms(runs, of: document) + unknownArms(names, arms)
        guard problems.isEmpty else { throw ConfigError(problems) }
        let chosen = runs.filter { isWanted($0.arm) }
        return Plan(runs: chosen, hasArms: expansion.isDeclared, knownArms: Self.unique(arms.map(\.name)))
    }

    private func resolve(_ arm: Arm, of document: ConfigDocument, _ settings: [ConfigAssignment]) throws -> Run {
        var merge = ConfigMerge(schema)
        merge.apply(document.assignments(below: "", of: document.tree, excluding: ["grid", "arms"]))
        merge.apply(arm.overrides)
        if let seed = arm.seed {
            let origin = document.origin(arm.group.map { "arms.\($0)" } ?? "grid.seed")
            merge.apply([ConfigAssignment(path: "seed", value: .integer(seed), origin: origin)])
        }
        merge.apply(settings, allowingRepeats: true)
        guard merge.problems.isEmpty else { throw ConfigError(merge.problems) }
        func located(_ problems: [ConfigProblem]) -> ConfigError {
            ConfigError(
                problems.map { problem in
                    var problem = problem
                    problem.origin = problem.origin ?? merge.origins[problem.path]
                    return problem
                })
        }
        var (tree, config): (Tree, Config)
        do {
            (tree, config) = (merge.tree, try merge.tree.decode(Config.self, tables))
            for (path, value) in config.settled() { tree[path] = value }
            if tree != merge.tree { config = try tree.decode(Config.self, tables) }
        } catch let error as ConfigError {
            throw located(error.problems)
        }
        let problems = config.problems()
        guard problems.isEmpty else { throw located(problems) }
        return Run(arm: arm, config: config, tree: tree, origins: merge.origins)
    }

    /// Arms of one grid that come to the same settings: what they vary was taken away, or is the same.
    private func equalArms(_ runs: [Run], of document: ConfigDocument) -> [ConfigProblem] {
        var names: [String: String] = [:]
        return runs.compactMap { run in
            let settings = "\(run.arm.group ?? "")\n\(run.tree.yaml)"
            guard let other = names.updateValue(run.arm.name, forKey: settings), other != run.arm.name else {
                return nil
            }
            return ConfigProblem(
                "grid", problem: "the arms \(other) and \(run.arm.name) come to the same settings",
                hint: "another kind takes the keys of the old one with it", origin: document.origin("grid"))
        }
    }

    private func unknownArms(_ names: [String], _ arms: [Arm]) -> [ConfigProblem] {
        let known = Self.unique(arms.compactMap(\.group) + arms.map(\.name))
        return names.filter { !known.contains($0) }.map { name in
            ConfigProblem(
                "", problem: "there is no arm \(name)",
                hint: Nearest.hint(Nearest.match(name, among: known), of: known), origin: .option("--arm \(name)"))
        }
    }

    private static func unique(_ names: [String]) -> [String] {
        names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
