import Basics

/// What a folder source reads at once: a file of networks, or the shards of one network.
struct FolderFile: Sendable {
    /// What a file of a folder is to one who looks for networks.
    enum Content {
        /// It begins as files of networks do.
        case networks
        /// It is a checkpoint without a network: settings, an optimizer's state, random generators.
        case noNetwork
        /// It is something else: a table, a picture, settings, an archive of other things.
        case unknown
    }

    /// The file, or the shards in the order of their numbers.
    let paths: [String]
    /// What the name says.
    let match: NamePattern.Match?

    /// The index that named the shards, where there is one.
    var index: ShardIndex?
    /// The name that the shards stand for, which no file need have.
    var whole: String?

    /// How it is called beside its other forms: by its shards, where it is made of some, and with `*` for their numbers.
    var shownName: String {
        guard paths.count > 1 else { return name }
        guard let shard = ShardName(path) else { return index?.path ?? path }
        let ending = shard.whole.lastIndex(of: ".") ?? shard.whole.endIndex
        return "\(shard.whole[..<ending])-*\(shard.whole[ending...])"
    }

    /// The file, or the first shard.
    var path: String { paths[0] }
    /// The file's name, or that of the whole that its shards are of.
    var name: String { whole ?? path }

    /// Files with the shards of each network put together, where its first one stood.
    ///
    /// Throws `.missing` where a shard is not there, `.malformed` where a pattern says different things of shards.
    static func joiningShards(_ files: [FolderFile]) throws -> [FolderFile] {
        // What an index has joined is whole.
        let names = files.map { $0.index == nil ? ShardName($0.path) : nil }
        var members: [ShardName: FolderFile] = [:]
        for case (let name?, let file) in zip(names, files) {
            guard let other = members.updateValue(file, forKey: name) else { continue }
            throw DataError(
                .malformed, path: file.path, expected: "one shard of each number", found: "\(other.path) too")
        }
        guard !members.isEmpty else { return files }
        var joined: Set<String> = []
        return try zip(names, files).compactMap { name, file in
            guard let name else { return file }
            guard joined.insert("\(name.count) \(name.whole)").inserted else { return nil }
            return try whole(name, first: file, members)
        }
    }

    private static func whole(
        _ name: ShardName, first: FolderFile, _ members: [ShardName: FolderFile]
    ) throws -> FolderFile {
        var paths: [String] = []
        for number in 1...name.count {
            guard let shard = members[name.with(number)] else {
                throw DataError(
                    .missing, path: first.path, expected: "all \(name.count) shards of \(name.whole)",
                    found: "none of number \(number)", hint: "--pattern says which files of a folder to read")
            }
            guard shard.match?.facts == first.match?.facts else {
                throw DataError(
                    .malformed, path: shard.path, expected: "a shard of \(name.whole), as its name says",
                    found: "another network, as the pattern says",
                    hint: "put * where the numbers of shards stand, or rename the files if they are not shards")
            }
            paths.append(shard.path)
        }
        return FolderFile(paths: paths, match: first.match, whole: name.whole)
    }

    /// Files with the shards that an index names put together, where its first one stood, or the index itself.
    static func joiningIndices(_ files: [FolderFile], _ indices: [ShardIndex]) -> [FolderFile] {
        guard !indices.isEmpty else { return files }
        var owners: [String: Int] = [:]
        for (place, index) in indices.enumerated() {
            for path in [index.path] + index.shards where owners[path] == nil { owners[path] = place }
        }
        var joined: Set<Int> = []
        var matches: [Int: NamePattern.Match] = [:]
        for file in files {
            if let owner = owners[file.path], matches[owner] == nil { matches[owner] = file.match }
        }
        return files.compactMap { file in
            guard let owner = owners[file.path] else { return file }
            guard joined.insert(owner).inserted else { return nil }
            let index = indices[owner]
            return FolderFile(paths: index.shards, match: matches[owner], index: index, whole: index.whole)
        }
    }

    /// The network of all files, each opened by `open`; throws what `open` throws, and `.malformed` as `joined` does.
    func network(_ open: (String) throws -> any ForeignSource) throws -> ForeignNetwork {
        let whole = try Self.joined(paths.map { try open($0).onlyNetwork(at: $0) })
        try index?.check(whole)
        return whole
    }

    /// The network that its shards hold; throws `.malformed` where two of them have a tensor of the same name.
    static func joined(_ shards: [ForeignNetwork]) throws -> ForeignNetwork {
        var whole = shards[0]
        var names = Set(whole.tensors.map(\.name))
        for shard in shards.dropFirst() {
            for tensor in shard.tensors where !names.insert(tensor.name).inserted {
                throw DataError(
                    .malformed, path: shard.place, expected: "a shard with tensors of its own",
                    found: "\(tensor.name), which a shard before it has",
                    hint: "rename the files if they are networks of their own")
            }
            whole.tensors += shard.tensors
            whole.facts.merge(shard.facts) { first, _ in first }
            whole.spellings.merge(shard.spellings) { first, _ in first }
            whole.beside += shard.beside
            whole.notes += shard.notes
            whole.isOrdered = whole.isOrdered && shard.isOrdered
            whole.hasOwnNames = whole.hasOwnNames && shard.hasOwnNames
        }
        return whole
    }
}

extension ShardName {
    /// The shard of another number.
    func with(_ number: Int) -> ShardName { ShardName(whole: whole, number: number, count: count) }

    private init(whole: String, number: Int, count: Int) {
        (self.whole, self.number, self.count) = (whole, number, count)
    }
}

/// The name of one file of several that hold a network together, `model-00001-of-00003.safetensors`.
struct ShardName: Hashable, Sendable {
    /// The name without its number, `model.safetensors`, folders included: equal for the shards of one network.
    let whole: String
    /// Which shard it is, from 1 on.
    let number: Int
    /// How many there are, two at least.
    let count: Int

    /// What a path says; nil where it does not name a shard.
    init?(_ path: String) {
        let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        guard let dot = path[start...].lastIndex(of: ".") else { return nil }
        let parts = path[start..<dot].split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[parts.count - 2] == "of", let number = Self.number(parts[parts.count - 3]),
            let count = Self.number(parts[parts.count - 1]), count > 1, (1...count).contains(number)
        else { return nil }
        whole = "\(path[..<start])\(parts.dropLast(3).joined(separator: "-"))\(path[dot...])"
        (self.number, self.count) = (number, count)
    }

    /// A number of five digits or more, as these names have them.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.count >= 5 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}
