import Basics

/// One network in a safetensors file; its `__metadata__` are facts. Writers sort tensors by number type, then by name:
/// the order tells nothing.
struct SafetensorsSource: ZooSource {
    let format = ZooFormat.safetensors
    let path: String

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        let file = try RegularFile(path: path)
        let header = try SafetensorsHeader(file)
        var facts: [String: ZooFact] = [:]
        var spellings: [String: String] = [:]
        for (name, text) in header.metadata where name != "format" {
            facts[name] = ZooFact(parsing: text)
            spellings[name] = facts[name]?.otherSpelling(text)
        }
        let tensors = try header.entries.map { entry in
            ForeignTensor(
                name: entry.name, shape: entry.shape,
                values: ForeignValues(bytes: try file.read(entry.range), element: entry.element))
        }
        var network = ForeignNetwork(tensors: tensors, isOrdered: false, facts: facts, place: path)
        network.spellings = spellings
        try body(network)
    }
}
