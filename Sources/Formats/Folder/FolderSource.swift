import Basics

/// A folder of files, each with one network or more, in the natural order of their names.
///
/// With a pattern only the files that fit it are read. Where it has an epoch or a step, files whose names give the
/// same run are its checkpoints (`NamePattern`).
struct FolderSource: ForeignSource {
    let format = ZooFormat.folder
    let path: String
    let notes: [String]
    /// Files of one run, steps rising; or single files.
    private let groups: [[FolderFile]]
    private let open: @Sendable (String) throws -> any ForeignSource

    /// Lists the files; `content` says what one of them is, `open` reads it. Throws `DataError`.
    init(
        path: String, pattern: NamePattern?, content: (String) throws -> FolderFile.Content,
        open: @escaping @Sendable (String) throws -> any ForeignSource
    ) throws {
        let names = try FolderListing.files(in: path, depth: pattern?.depth ?? 0)
        let found = try Self.sorted(names, in: path, pattern: pattern, content)
        guard !found.files.isEmpty else {
            throw FolderSearch(below: path, content: content).problem(pattern: pattern, names: names)
        }
        var notes = found.notes
        let whole = try FolderFile.joiningShards(FolderFile.joiningIndices(found.files, found.indices))
        if pattern == nil { try Self.checkIndices(names, whole, in: path) }
        let copies = FolderCopies(whole, in: path, hasPattern: pattern != nil)
        notes += copies.notes
        let forms = FolderForms(copies.files, in: path)
        let sharded = forms.files.count { $0.paths.count > 1 }
        if sharded > 0 { notes.append("shards were joined: \(sharded) networks of several files") }
        notes += forms.notes
        if pattern == nil { notes += FolderSearch(below: path, content: content).note.map { [$0] } ?? [] }
        groups = try Self.groups(forms.files)
        if pattern == nil, let note = Self.runsNote(forms.files, in: path) { notes.append(note) }
        if pattern?.hasStep == true, let note = Self.note(groups) { notes.append(note) }
        self.notes = notes
        self.path = path
        self.open = open
    }

    /// The one network of an index of shards; `open` reads a shard.
    init(index: ShardIndex, open: @escaping @Sendable (String) throws -> any ForeignSource) throws {
        groups = [[FolderFile(paths: index.shards, match: nil, index: index, whole: index.whole)]]
        notes = ["shards were joined: one network of \(index.shards.count) files"]
        path = index.path
        self.open = open
    }

    /// Files of a folder by what they are to one who looks for networks.
    private struct Sorted {
        var files: [FolderFile] = []
        var indices: [ShardIndex] = []
        var notes: [String] = []
    }

    private static func sorted(
        _ names: [String], in folder: String, pattern: NamePattern?, _ content: (String) throws -> FolderFile.Content
    ) throws -> Sorted {
        var sorted = Sorted()
        var (passed, empty): ([String], [String]) = ([], [])
        for name in names {
            let file = "\(folder)/\(name)"
            let match = pattern?.match(name)
            if pattern == nil || match != nil, let index = try ShardIndex(beside: file) {
                sorted.indices.append(index)
                if match != nil { sorted.files.append(FolderFile(paths: [file], match: match)) }
            } else if pattern != nil {
                if match == nil {
                    passed.append(name)
                } else {
                    sorted.files.append(FolderFile(paths: [file], match: match))
                }
            } else {
                switch try content(file) {
                case .networks: sorted.files.append(FolderFile(paths: [file], match: nil))
                case .noNetwork: empty.append(name)
                case .unknown: passed.append(name)
                }
            }
        }
        let why = pattern == nil ? "are of no format that is known" : "do not fit the pattern"
        if !passed.isEmpty { sorted.notes.append(passedOver(passed, of: names.count, why)) }
        if !empty.isEmpty { sorted.notes.append(passedOver(empty, of: names.count, "have no network in them")) }
        return sorted
    }

    private static func passedOver(_ names: [String], of count: Int, _ why: String) -> String {
        "\(names.count) of \(count) files \(why) and were passed over: \(names.shownFirst())"
    }

    /// Not known where a file may hold several networks.
    var total: Int? { groups.first?.first?.match?.run == nil ? nil : groups.reduce(0) { $0 + $1.count } }
    var longestRun: Int { groups.map(\.count).max() ?? 1 }

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        for file in groups.joined() {
            guard file.match?.run != nil || file.paths.count > 1 || file.index != nil else {
                try open(file.path).forEach { try body(Self.named($0, file.match)) }
                continue
            }
            var network = try file.network(open)
            (network.run, network.step) = (file.match?.run, file.match?.step)
            try body(Self.named(network, file.match))
        }
    }

    /// Refuses a folder with an index of shards (`model.safetensors.index.json`) where neither shards nor the file
    /// itself go by that name: other files may be parts of one network. Throws `.malformed`.
    private static func checkIndices(_ names: [String], _ files: [FolderFile], in folder: String) throws {
        let suffix = ShardIndex.suffix
        let known = Set(files.map(\.name))
        for name in names where name.hasSuffix(suffix) {
            let whole = "\(folder)/\(name.dropLast(suffix.count))"
            guard ZooFormat.hasExtension(whole), !known.contains(whole) else { continue }
            throw DataError(
                .malformed, path: "\(folder)/\(name)", expected: "shards such as model-00001-of-00002.safetensors",
                found: "none that the index is of",
                hint: "save the network in one file, or choose files of whole networks with --pattern")
        }
    }

    private static func named(_ network: ForeignNetwork, _ match: NamePattern.Match?) -> ForeignNetwork {
        var network = network
        for (name, fact) in match?.facts ?? [:] {
            (network.facts[name], network.spellings[name]) = (fact, match?.spellings[name])
        }
        return network
    }

    /// Says that files whose names look like checkpoints of runs are read as networks of their own.
    private static func runsNote(_ files: [FolderFile], in folder: String) -> String? {
        let names = files.map { file in
            file.name.hasPrefix("\(folder)/") ? String(file.name.dropFirst(folder.count + 1)) : file.name
        }
        guard names.count > 1, let text = FolderSearch.pattern(of: names), let pattern = try? NamePattern(text),
            pattern.hasStep
        else { return nil }
        let runs = Set(names.compactMap { pattern.match($0)?.run })
        guard runs.count < names.count else { return nil }
        let count = runs.count == 1 ? "one run" : "\(runs.count) runs"
        return "the names look like \(names.count) checkpoints of \(count), and each was read as a network of its own "
            + "(--pattern \"\(text.printable())\" keeps those of a run together)"
    }

    /// Says that no two files are of one run, where they were to be.
    private static func note(_ groups: [[FolderFile]]) -> String? {
        guard groups.count > 1, groups.allSatisfy({ $0.count == 1 }) else { return nil }
        return "\(groups.count) runs of one checkpoint each: what differs besides epoch and step tells runs apart, "
            + "unless * stands for it"
    }

    /// Files of one run together, in the order of their steps; runs in the order of their first files.
    private static func groups(_ files: [FolderFile]) throws -> [[FolderFile]] {
        var runs: [String: Int] = [:]
        var groups: [[FolderFile]] = []
        for file in files {
            guard let run = file.match?.run else {
                groups.append([file])
                continue
            }
            if let place = runs[run] {
                groups[place].append(file)
            } else {
                runs[run] = groups.count
                groups.append([file])
            }
        }
        return try groups.map { group in
            let sorted = group.sorted { ($0.match?.step ?? 0, $0.path) < ($1.match?.step ?? 0, $1.path) }
            for (first, second) in zip(sorted, sorted.dropFirst()) where first.match?.step == second.match?.step {
                throw DataError(
                    .malformed, path: second.path, expected: "one checkpoint of each epoch or step of a run",
                    found: "that of \(first.path)", hint: "{name} in place of * tells runs apart")
            }
            return sorted
        }
    }
}
