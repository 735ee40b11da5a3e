import Networks

/// Modules that were saved whole (`torch.save(model)`), as the blanks that stand for them.
enum TorchModule {
    /// Parameters and buffers of a module and of those inside it, under the names of its `state_dict()`; nil for
    /// other objects, and for modules without any. Every module is visited once: `seen` holds those before.
    static func network(
        _ object: PickleObject, in graph: PickleGraph, seen: inout Set<PickleReference>
    ) -> TorchNetworkPlan? {
        var plan = TorchNetworkPlan(tensors: [])
        var names: Set<String> = []
        // Modules that are still to be visited, the next one last; nothing recurses into a module inside a module.
        var open: [(prefix: String, state: PickleReference)] = object.state.map { [("", $0)] } ?? []
        while let (prefix, state) = open.popLast() {
            guard seen.insert(state).inserted, prefix.utf8.count < 1024 else { continue }
            for attribute in ["_parameters", "_buffers"] {
                for (name, value) in entries(attribute, of: state, in: graph) {
                    guard case .tensor(let tensor) = graph[value], names.insert(prefix + name).inserted else { continue }
                    plan.tensors.append(.init(name: prefix + name, tensor: tensor))
                }
            }
            for (name, value) in entries("_modules", of: state, in: graph).reversed() {
                guard case .object(let inner) = graph[value], let state = inner.state else { continue }
                open.append(("\(prefix)\(name).", state))
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
