import Basics
import Tensors

/// The training of a zoo, or of several: every combination of settings times seeds (and tasks).
///
/// Networks of one combination train side by side, ten at a time. Combinations that share architecture and data end in
/// one zoo file, their settings as columns; others in files of their own.
public struct ZooTraining {
    /// One combination of settings.
    public struct Arm: Sendable {
        /// The settings of this combination, all of them.
        public let recipe: ZooRecipe
        /// What tells it from the other arms, columns of one value.
        public let facts: ZooColumns

        /// Describes a combination; traps unless the facts are of one network.
        public init(recipe: ZooRecipe, facts: ZooColumns = ZooColumns(count: 1)) {
            precondition(facts.count == 1, "ZooTraining: facts of \(facts.count) networks")
            self.recipe = recipe
            self.facts = facts
        }
    }

    /// One network to be.
    struct Member: Hashable {
        let seed: UInt64
        let split: ZooSplit
    }

    /// Networks that train side by side.
    struct Group {
        /// Place among all groups, which names its record.
        let index: Int
        let arm: Arm
        /// Index among the tasks of its file, and the task.
        let task: (index: Int, task: ZooTask)?
        let members: [Member]

        var seeds: [UInt64] { members.map(\.seed) }
    }

    /// One zoo file.
    struct Part {
        let header: ZooHeader
        let arms: [Arm]
        var groups: [Group]
        /// Places for checkpoints; 0 records none.
        let checkpoints: Int
    }

    /// The settings of every combination, as they were given.
    let recipes: [ZooRecipe]
    let parts: [Part]
    let shelf: DataShelf
    /// What a resumed training must agree on, line by line: kernel set, recipes, data.
    public let identity: String

    /// Reads all data and checks every arm against it; throws `DataError`. Traps without arms.
    public init(arms: [Arm], catalog: DatasetCatalog) throws {
        precondition(!arms.isEmpty, "ZooTraining: no arms")
        guard Set(arms.map(\.recipe.checkpoints.areKept)).count == 1 else {
            throw DataError(
                .configuration, path: "grid.checkpoints", expected: "trajectories of all networks, or of none",
                found: "both")
        }
        guard arms.allSatisfy({ $0.recipe.count > 0 }) else {
            throw DataError(.configuration, path: "networks", expected: "at least one network in all", found: "none")
        }
        shelf = DataShelf(catalog)
        recipes = arms.map(\.recipe)
        var (parts, count) = ([Part](), 0)
        for own in Self.shared(arms) {
            let part = try Self.part(own, shelf, firstGroup: count)
            count += part.groups.count
            parts.append(part)
        }
        self.parts = parts
        let kernels = "weightspace training 2, kernel set \(Threads.kernelSet), groups of \(ZooTrainer.group)"
        identity =
            try
            ([kernels]
            + parts.flatMap { part in
                try part.arms.map { try ZooHeader.text($0.recipe) }
                    + Self.order(part.header)
                    + [part.header.dataset.map { try ZooHeader.text($0) } ?? part.header.tasks ?? ""]
            }).joined(separator: "\n") + "\n"
    }

    /// The order of slots, of kinds whose files once had another: records of these hold other rows.
    private static func order(_ header: ZooHeader) -> [String] {
        guard let forms = header.architecture?.config.formerForms, !forms.isEmpty else { return [] }
        return ["slots " + header.layout.slots.map(\.name).joined(separator: " ")]
    }

    /// What a person should know of the data before networks are trained on it, a line a data set: how inputs come from raw
    /// values, which column is the class.
    public func dataNotes() throws -> [String] {
        var notes: [String] = []
        for part in parts {
            let settings = part.arms[0].recipe.dataset
            let tasks = try part.header.tasks.map { try ZooTask.list($0, path: "tasks").map(\.dataset) }
            var seen: Set<String> = []
            for recorded in tasks ?? [part.header.dataset].compactMap({ $0 }) where seen.insert(recorded.name).inserted
            {
                let loaded = try shelf.load(recorded.name, settings)
                let columns = loaded.columnsNote.map { "; \($0)" } ?? ""
                let note = "\(recorded.name.printable()): inputs are \(recorded.preparation.inWords)\(columns)"
                if !notes.contains(note) { notes.append(note) }
            }
        }
        return notes
    }

    /// Whether there are several zoo files, which then stand in a folder.
    public var isFolder: Bool { parts.count > 1 }
    /// The number of networks of all combinations and tasks.
    public var count: Int { groups.reduce(0) { $0 + $1.members.count } }
    var groups: [Group] { parts.flatMap(\.groups) }

    /// Arms by architecture and data, each in the order of first appearance.
    private static func shared(_ arms: [Arm]) -> [[Arm]] {
        arms.reduce(into: [[Arm]]()) { parts, arm in
            let place = parts.firstIndex {
                let (first, own) = ($0[0].recipe, arm.recipe)
                return first.architecture == own.architecture && first.dataset == own.dataset
                    && first.tasks == own.tasks
            }
            if let place { parts[place].append(arm) } else { parts.append([arm]) }
        }
    }

    /// What provenance says of a zoo that is trained by these recipes.
    private static func step(_ arms: [Arm], _ dataset: ZooDataset?) throws -> Provenance.Step {
        let recipes = try arms.map { try ZooHeader.text($0.recipe) }.joined(separator: "\n")
        let data = dataset.flatMap { set in set.sha256.map { Provenance.Parent("data set \(set.name)", sha256: $0) } }
        return Provenance.Step(
            "zoo train", settings: SHA256.hex(Array(recipes.utf8).withUnsafeBytes { SHA256.digest(of: $0) }),
            seed: UInt64(clamping: arms[0].recipe.networks.firstSeed), parents: data.map { [$0] } ?? [])
    }

    private static func part(_ arms: [Arm], _ shelf: DataShelf, firstGroup: Int) throws -> Part {
        let first = arms[0].recipe
        let tasks =
            first.tasks.classes == 0
            ? nil : try first.plannedTasks { try shelf.load($0, first.dataset) }
        let dataset = tasks == nil ? try shelf.data(first, task: nil).recorded : nil
        let header = ZooHeader(
            architecture: first.architecture, dataset: dataset, tasks: try tasks.map { try ZooHeader.text($0) }
        ).adding(try step(arms, dataset))
        let choices: [ZooTask?] = tasks ?? [nil]
        var (groups, places) = ([Group](), 0)
        for arm in arms {
            let count = arm.recipe.count
            for (index, planned) in choices.enumerated() {
                let split = try shelf.data(arm.recipe, task: planned).split
                try arm.recipe.check(fits: split)
                let stepsPerEpoch = arm.recipe.training.stepsPerEpoch(rows: split.train.count)
                places = max(places, arm.recipe.checkpointSteps(of: stepsPerEpoch).count)
                let members = arm.recipe.networks.members(
                    offset: index * count, all: planned?.part?.split)
                for group in ZooTrainer.groups(of: members) {
                    groups.append(
                        Group(
                            index: firstGroup + groups.count, arm: arm, task: planned.map { (index, $0) },
                            members: group))
                }
            }
        }
        return Part(header: header, arms: arms, groups: groups, checkpoints: places)
    }
}

extension ZooRecipe.Networks {
    /// The networks in order of split, or all of one split; seeds count from `firstSeed` + `offset`.
    func members(offset: Int, all: ZooSplit?) -> [ZooTraining.Member] {
        let splits = [(train, ZooSplit.train), (validation, .validation), (test, .test)]
            .flatMap { Array(repeating: all ?? $1, count: $0) }
        return splits.enumerated().map { .init(seed: UInt64(firstSeed + offset + $0), split: $1) }
    }
}

/// Data sets that have been read, and the one that was used last, prepared.
final class DataShelf {
    private struct Key: Equatable {
        let data: ZooRecipe.Data
        let task: ZooTask?
    }

    let catalog: DatasetCatalog
    private var loaded: [String: LoadedDataset] = [:]
    private var last: (key: Key, split: DatasetSplit, recorded: ZooDataset)?

    init(_ catalog: DatasetCatalog) { self.catalog = catalog }

    /// A data set by its name, as `settings` want it read.
    func load(_ name: String, _ settings: ZooRecipe.Data) throws -> LoadedDataset {
        let key = "\(settings.missing.rawValue) \(name)"
        if let found = loaded[key] { return found }
        let data = try settings.load(name, from: catalog)
        loaded[key] = data
        return data
    }

    /// A recipe's data, or a task's, prepared and divided.
    func data(_ recipe: ZooRecipe, task: ZooTask?) throws -> (split: DatasetSplit, recorded: ZooDataset) {
        let key = Key(data: recipe.dataset, task: task)
        if let last, last.key == key { return (last.split, last.recorded) }
        last = nil
        let found: (split: DatasetSplit, recorded: ZooDataset)
        if let task {
            let own = try load(task.dataset.name, recipe.dataset)
            found = (try own.split(task), task.dataset)
        } else {
            found = try recipe.data(in: load(recipe.dataset.name, recipe.dataset))
        }
        last = (key, found.split, found.recorded)
        return found
    }
}
