/// One network in a safetensors file; its `__metadata__` are facts. Writers sort tensors by number type, then by name:
/// the order tells nothing.
struct SafetensorsSource: ZooSource {
    let format = ZooFormat.safetensors
    let path: String

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        let file = try FileBytes(path: path)
        let header = try SafetensorsHeader(file)
        var facts: [String: ZooFact] = [:]
        for (name, text) in header.metadata where name != "format" { facts[name] = ZooFact(parsing: text) }
        let tensors = try header.entries.map { entry in
            ForeignTensor(
                name: entry.name, shape: entry.shape,
                values: ForeignValues(bytes: try file.read(entry.range), element: entry.element))
        }
        try body(ForeignNetwork(tensors: tensors, isOrdered: false, facts: facts, place: path))
    }
}
