/// Modules that were saved whole (`torch.save(model)`), as the blanks that stand for them.
struct TorchModule {
    /// Parameters and persistent buffers of a module, in the order of its `state_dict()`.
    private let tensors: [(name: String, tensor: PickleTensor)]
    /// States of the modules inside it, and their classes.
    private let modules: [(name: String, state: PickleReference, global: PickleGlobal)]
    /// What it adds to a variance, if it is a norm.
    private let epsilon: Double?
    /// Numbers among its settings.
    private let settings: TorchSettings

    /// Modules of a checkpoint that were looked at, by their states.
    typealias Known = [PickleReference: TorchModule]

    /// Parameters and buffers of a module and of those inside it, under the names of its `state_dict()`; nil for
    /// other objects, for modules without any, and for those of `known`, which holds modules that were found before. A
    /// module that is used in several places stands in each of them, but not inside itself. Throws `.malformed` where
    /// the joined names are too long.
    static func network(
        _ object: PickleObject, in graph: PickleGraph, path: String, known: inout Known, nameBytes: inout Int
    ) throws -> TorchNetworkPlan? {
        guard let root = object.state, known[root] == nil else { return nil }
        var plan = TorchNetworkPlan(tensors: [])
        var stated = StatedLayers()
        var names: Set<String> = []
        // The modules around the one that is visited.
        var around: Set<PickleReference> = []
        // What is still to be done, the next one last: visit a module, or (no prefix) leave it. Nothing recurses.
        var open: [(prefix: String?, state: PickleReference, global: PickleGlobal)] = [("", root, object.global)]
        while let (prefix, state, global) = open.popLast() {
            guard let prefix else {
                around.remove(state)
                continue
            }
            guard around.insert(state).inserted else { continue }
            open.append((nil, state, global))
            let module = known[state] ?? TorchModule(state, in: graph)
            known[state] = module
            module.settings.add(global, hasModules: !module.modules.isEmpty, to: &stated)
            for (name, tensor) in module.tensors {
                let name = prefix + name
                try TorchBudget.spend(name, of: &nameBytes, path: path)
                if names.insert(name).inserted {
                    plan.tensors.append(.init(name: name, tensor: tensor, epsilon: module.epsilon))
                }
            }
            for (name, inner, global) in module.modules.reversed() {
                let inside = "\(prefix)\(name)."
                try TorchBudget.spend(inside, of: &nameBytes, path: path)
                open.append((inside, inner, global))
            }
        }
        plan.stated = stated
        return plan.tensors.isEmpty ? nil : plan
    }

    /// Looks at a module's attributes; buffers that are not part of its `state_dict()` are left out.
    private init(_ state: PickleReference, in graph: PickleGraph) {
        let passing = Set(Self.elements("_non_persistent_buffers_set", of: state, in: graph).compactMap(graph.text))
        let buffers = Self.entries("_buffers", of: state, in: graph).filter { !passing.contains($0.name) }
        tensors = (Self.entries("_parameters", of: state, in: graph) + buffers).compactMap { name, value in
            if case .tensor(let tensor) = graph[value] { (name, tensor) } else { nil }
        }
        modules = Self.entries("_modules", of: state, in: graph).compactMap { name, value in
            guard case .object(let inner) = graph[value] else { return nil }
            return inner.state.map { (name, $0, inner.global) }
        }
        settings = TorchSettings { name in Self.value(name, of: state, in: graph).map { graph[$0] } }
        epsilon = settings.number("eps")
    }

    private static func entries(
        _ attribute: String, of state: PickleReference, in graph: PickleGraph
    ) -> [(name: String, value: PickleReference)] {
        let entries = value(attribute, of: state, in: graph).flatMap { graph.entries($0) } ?? []
        return entries.compactMap { entry in graph.text(entry.key).map { ($0, entry.value) } }
    }

    private static func elements(
        _ attribute: String, of state: PickleReference, in graph: PickleGraph
    ) -> [PickleReference] {
        guard let value = value(attribute, of: state, in: graph) else { return [] }
        if case .set(let elements) = graph[value] { return elements }
        return graph.elements(value) ?? []
    }

    private static func value(
        _ attribute: String, of state: PickleReference, in graph: PickleGraph
    ) -> PickleReference? {
        graph.entries(state)?.last { graph.text($0.key) == attribute }?.value
    }
}
