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

    /// Pairs of a file's module and a wanted one: in order where the file's order means something, else where every
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
    /// alone. Formats that sort their tensors and files that list names alphabetically tell nothing.
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
