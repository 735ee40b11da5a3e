import Networks

/// Matches modules (a weight with its bias, a normalisation's vectors) of a file to those of a layout.
enum ModuleMatch {
    private struct Module {
        let name: String
        /// Indices by the last part of the name.
        var parts: [String: Int] = [:]

        func signature(_ shapes: [[Int]]) -> [String: [Int]] { parts.mapValues { shapes[$0] } }
    }

    /// For every slot and buffer the tensor's index; nil where modules do not match, or not in one way alone.
    /// `isOrdered` says whether the order of tensors may be the layers'.
    static func find(
        _ names: [String], _ shapes: [[Int]], isOrdered: Bool, _ layout: ParameterLayout
    ) -> (weights: [Int], buffers: [Int])? {
        let slots = layout.slots + layout.buffers
        guard let files = modules(names), let wanted = modules(slots.map(\.name)) else { return nil }
        let have = files.map { $0.signature(shapes) }
        // A file without running statistics may still fit.
        let skipsBuffers = !names.contains(where: TensorNames.isBuffer)
        let want = wanted.map { module in
            module.signature(slots.map(\.shape)).filter { !(skipsBuffers && TensorNames.isBuffer("." + $0.key)) }
        }
        let order = isOrdered && !isSorted(names) ? Array(files.indices) : numberedOrder(files.map(\.name))
        guard have.count == want.count, let pairs = pairs(order, have, want) else { return nil }
        var found = [Int?](repeating: nil, count: slots.count)
        for (file, module) in pairs {
            for (part, slot) in wanted[module].parts { found[slot] = files[file].parts[part] }
        }
        let weights = found.prefix(layout.slots.count).compactMap { $0 }
        let buffers = found.suffix(layout.buffers.count).compactMap { $0 }
        guard weights.count == layout.slots.count, buffers.isEmpty || buffers.count == layout.buffers.count else {
            return nil
        }
        return (weights, buffers)
    }

    /// Pairs of a file's module and one of ours: in order where the file's order means something, else where every
    /// module's shapes are its own.
    private static func pairs(
        _ order: [Int]?, _ have: [[String: [Int]]], _ want: [[String: [Int]]]
    ) -> [(Int, Int)]? {
        if let order {
            let fits = zip(order, want).allSatisfy { have[$0] == $1 }
            return fits ? order.enumerated().map { ($1, $0) } : nil
        }
        let places = Dictionary(have.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        guard places.count == have.count, Set(want).count == want.count else { return nil }
        let found = want.enumerated().compactMap { index, signature in places[signature].map { ($0, index) } }
        return found.count == want.count ? found : nil
    }

    /// The order of tensors where it means something: the file's own, or by numbers where names differ in numbers
    /// alone. Formats that sort their tensors and files that list names alphabetically say nothing about it.
    static func knownOrder(_ names: [String], isOrdered: Bool) -> [Int]? {
        isOrdered && !isSorted(names) ? Array(names.indices) : numberedOrder(names)
    }

    private static func isSorted(_ names: [String]) -> Bool {
        names.count > 1 && zip(names, names.dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func numberedOrder(_ names: [String]) -> [Int]? {
        guard Set(names.map(NaturalOrder.skeleton)).count == 1 else { return nil }
        return names.indices.sorted { NaturalOrder.precedes(names[$0], names[$1]) }
    }

    /// Tensors grouped by module, in the order of first appearance; nil where a module has a part twice.
    private static func modules(_ names: [String]) -> [Module]? {
        var places: [String: Int] = [:]
        var modules: [Module] = []
        for (index, name) in names.enumerated() {
            let module = TensorNames.module(name)
            let place = places[module] ?? modules.count
            if place == modules.count {
                places[module] = place
                modules.append(Module(name: module))
            }
            guard modules[place].parts.updateValue(index, forKey: TensorNames.leaf(name)) == nil else { return nil }
        }
        return modules
    }
}

/// What names of tensors tell: what belongs to the network, and which wrappers stand around it.
enum TensorNames {
    /// Wrappers around a network's tensors, as checkpoints and training frameworks add them.
    private static let wrappers: Set<String> = [
        "module", "model", "net", "network", "state_dict", "model_state_dict", "model_state", "weights", "params",
        "_orig_mod",
    ]
    /// Keys of a checkpoint that are not the network's. Words that modules bear too (`scaler`, `scheduler`) are none.
    private static let others: Set<String> = [
        "optimizer", "optimizer_state", "optimizer_state_dict", "optim", "optimizers", "optimizer_states",
        "scheduler_state_dict", "lr_scheduler", "lr_schedulers", "rng_state", "cuda_rng_state",
    ]
    private static let buffers: Set<String> = ["running_mean", "running_var"]

    /// Whether a tensor counts training batches, which no evaluation uses.
    static func isIgnored(_ name: String) -> Bool { leaf(name) == "num_batches_tracked" }

    /// Whether a tensor is a running statistic.
    static func isBuffer(_ name: String) -> Bool { buffers.contains(leaf(name)) }

    /// The part after the last dot.
    static func leaf(_ name: String) -> String { name.split(separator: ".").last.map(String.init) ?? name }

    /// All before the last dot; empty where there is none.
    static func module(_ name: String) -> String {
        name.lastIndex(of: ".").map { String(name[..<$0]) } ?? ""
    }

    /// The outermost keys among names (`optimizer` of `optimizer.state.0.exp_avg`) that are an optimizer's and the
    /// like; none where the other tensors do not all stand under one wrapper (`model.0.weight`), since then the names
    /// are those of modules, whatever they are called.
    static func otherKeys(_ names: [String]) -> Set<String> {
        let keys = names.map { name in name.firstIndex(of: ".").map { String(name[..<$0]) } ?? "" }
        let own = Set(keys).subtracting(others)
        guard own.count == 1, own.isSubset(of: wrappers) else { return [] }
        return others.intersection(keys)
    }

    /// The names as they are, then without one wrapper after the other, as long as all bear the same one.
    static func unwrapped(_ names: [String]) -> [[String]] {
        var forms = [names]
        while let current = forms.last, let first = current.first, let dot = first.firstIndex(of: ".") {
            let wrapper = first[..<dot]
            guard wrappers.contains(String(wrapper)), current.allSatisfy({ $0.hasPrefix("\(wrapper).") }) else { break }
            forms.append(current.map { String($0.dropFirst(wrapper.count + 1)) })
        }
        return forms
    }
}
