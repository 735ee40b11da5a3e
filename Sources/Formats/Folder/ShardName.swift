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
