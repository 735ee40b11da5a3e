import Networks

/// A folder of files, each with one network or more, in the natural order of their names.
///
/// With a pattern only the files that fit it are read. Where it has an epoch or a step, files whose names tell the
/// same run are its checkpoints (`NamePattern`).
struct FolderSource: ZooSource {
    let format = ZooFormat.folder
    let path: String
    let notes: [String]
    private struct File: Sendable {
        let path: String
        let match: NamePattern.Match?
    }
    /// Files of one run, steps rising; or single files.
    private let groups: [[File]]
    private let open: @Sendable (String) throws -> any ZooSource

    /// Lists the files; `open` reads one of them. Throws `DataError`.
    init(
        path: String, pattern: NamePattern?, open: @escaping @Sendable (String) throws -> any ZooSource
    ) throws {
        let names = try FolderListing.files(in: path, depth: pattern?.depth ?? 0)
        var files: [File] = []
        for name in names {
            guard let pattern else {
                if ZooFormat.isReadable("\(path)/\(name)") { files.append(File(path: "\(path)/\(name)", match: nil)) }
                continue
            }
            if let match = pattern.match(name) { files.append(File(path: "\(path)/\(name)", match: match)) }
        }
        guard !files.isEmpty else {
            let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", ..." : "")
            throw DataError(
                .malformed, path: path, expected: pattern.map { "files named \"\($0.text)\"" } ?? "files of networks",
                found: names.isEmpty ? "none" : shown,
                hint: pattern == nil ? "--pattern \"seed{seed}.safetensors\" says which files to read" : "")
        }
        let passed = names.count - files.count
        let why = pattern == nil ? "are of no format that is known" : "do not fit the pattern"
        let groups = try Self.groups(files)
        notes = [
            passed == 0 ? nil : "\(passed) of \(names.count) files \(why) and were passed over",
            pattern?.hasStep == true ? Self.note(groups) : nil,
        ].compactMap { $0 }
        self.groups = groups
        self.path = path
        self.open = open
    }

    /// Not known where a file may hold several networks.
    var total: Int? { groups.first?.first?.match?.run == nil ? nil : groups.reduce(0) { $0 + $1.count } }
    var longestRun: Int { groups.map(\.count).max() ?? 1 }

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        for file in groups.joined() {
            guard let match = file.match, let run = match.run else {
                try open(file.path).forEach { try body(Self.named($0, file.match)) }
                continue
            }
            var network = try open(file.path).onlyNetwork(at: file.path)
            network.run = run
            network.step = match.step
            try body(Self.named(network, match))
        }
    }

    private static func named(_ network: ForeignNetwork, _ match: NamePattern.Match?) -> ForeignNetwork {
        var network = network
        for (name, fact) in match?.facts ?? [:] {
            (network.facts[name], network.spellings[name]) = (fact, match?.spellings[name])
        }
        return network
    }

    /// Says that no two files are of one run, where they were to be.
    private static func note(_ groups: [[File]]) -> String? {
        guard groups.count > 1, groups.allSatisfy({ $0.count == 1 }) else { return nil }
        return "\(groups.count) runs of one checkpoint each: what differs besides epoch and step tells runs apart, "
            + "unless * stands for it"
    }

    /// Files of one run together, in the order of their steps; runs in the order of their first files.
    private static func groups(_ files: [File]) throws -> [[File]] {
        var runs: [String: Int] = [:]
        var groups: [[File]] = []
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
