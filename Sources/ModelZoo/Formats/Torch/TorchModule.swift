import Networks

/// Modules that were saved whole (`torch.save(model)`), as the blanks that stand for them.
enum TorchModule {
    /// Parameters and buffers of a module and of those inside it, under the names of its `state_dict()`; nil for
    /// other objects, and for modules without any. Every module is visited once: `seen` holds those before. Throws
    /// `.malformed` where the joined names are too long.
    static func network(
        _ object: PickleObject, in graph: PickleGraph, path: String, seen: inout Set<PickleReference>,
        nameBytes: inout Int
    ) throws -> TorchNetworkPlan? {
        var plan = TorchNetworkPlan(tensors: [])
        var names: Set<String> = []
        // Modules that are still to be visited, the next one last; nothing recurses into a module inside a module.
        var open: [(prefix: String, state: PickleReference)] = object.state.map { [("", $0)] } ?? []
        while let (prefix, state) = open.popLast() {
            guard seen.insert(state).inserted else { continue }
            for attribute in ["_parameters", "_buffers"] {
                for (name, value) in entries(attribute, of: state, in: graph) {
                    guard case .tensor(let tensor) = graph[value] else { continue }
                    let name = prefix + name
                    try TorchBudget.spend(name, of: &nameBytes, path: path)
                    guard names.insert(name).inserted else { continue }
                    plan.tensors.append(.init(name: name, tensor: tensor))
                }
            }
            for (name, value) in entries("_modules", of: state, in: graph).reversed() {
                guard case .object(let inner) = graph[value], let state = inner.state else { continue }
                let inside = "\(prefix)\(name)."
                try TorchBudget.spend(inside, of: &nameBytes, path: path)
                open.append((inside, state))
            }
        }
        return plan.tensors.isEmpty ? nil : plan
    }

    private static func entries(
        _ attribute: String, of state: PickleReference, in graph: PickleGraph
    ) -> [(name: String, value: PickleReference)] {
        guard let value = graph.entries(state)?.last(where: { graph.text($0.key) == attribute })?.value,
            let entries = graph.entries(value)
        else { return [] }
        return entries.compactMap { entry in graph.text(entry.key).map { ($0, entry.value) } }
    }
}
