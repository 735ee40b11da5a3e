extension Decoder {
    /// Throws where an object has another key than these; the message names the key that was likely meant.
    package func refuseKeys(except known: [String]) throws {
        let fields = try container(keyedBy: AnyKey.self)
        let names = fields.allKeys.map(\.stringValue).sorted()
        guard let other = names.first(where: { !known.contains($0) }) else { return }
        let nearest = Nearest.match(other, among: known).map { "; did you mean \($0)?" } ?? ""
        throw DecodingError.dataCorrupted(
            .init(
                codingPath: codingPath,
                debugDescription: "the key \(other.printable()), which is none of \(known.joined(separator: ", "))"
                    + nearest))
    }
}
