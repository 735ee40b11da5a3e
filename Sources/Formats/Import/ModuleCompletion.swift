import Networks

/// Adds what a file leaves out because it changes nothing: biases of 0 where some layers have none, scales of 1 and
/// shifts of 0 of batch norms without weights. The network computes the same with them.
enum ModuleCompletion {
    /// A module of a file: indices by the last parts of names.
    private typealias Module = (name: String, parts: [String: Int])

    /// The tensors with those that the layout has and they have not; `added` are their names.
    static func completed(
        _ tensors: [ForeignTensor], _ layout: ParameterLayout
    ) -> (tensors: [ForeignTensor], added: [String]) {
        let wanted = layout.slots.count + layout.buffers.count
        guard tensors.count > 1, tensors.count < wanted, wanted < 1 << 14 else { return (tensors, []) }
        let view = TensorView(tensors, layout: layout)
        let modules = modules(view.names)
        var new: [Int: [ForeignTensor]] = [:]
        for module in modules {
            guard let (place, tensor) = missing(module, view, tensors) else { continue }
            new[place, default: []] += tensor
        }
        let added = new.values.reduce(0) { $0 + $1.count }
        let counts = [layout.slots.count, wanted]
        guard added > 0, counts.contains(tensors.count + added) else { return (tensors, []) }
        var all: [ForeignTensor] = []
        for (index, tensor) in tensors.enumerated() { all += [tensor] + (new[index] ?? []) }
        let known = Set(tensors.map(\.name))
        return (all, all.map(\.name).filter { !known.contains($0) })
    }

    /// What a module lacks, and after which tensor it goes.
    private static func missing(
        _ module: Module, _ view: TensorView, _ tensors: [ForeignTensor]
    ) -> (Int, [ForeignTensor])? {
        func tensor(_ leaf: String, like index: Int, count: Int, _ value: Float) -> ForeignTensor {
            let own = tensors[index].name
            let mark = own.lastIndex { $0 == "." || $0 == "/" }
            let name = mark.map { own[...$0] + leaf } ?? leaf[...]
            return ForeignTensor(
                name: String(name), shape: [count],
                values: ForeignValues(floats: [Float](repeating: value, count: count)))
        }
        if let mean = module.parts["running_mean"], view.shapes[mean].count == 1 {
            let count = view.shapes[mean][0]
            var new: [ForeignTensor] = []
            if module.parts["weight"] == nil { new.append(tensor("weight", like: mean, count: count, 1)) }
            if module.parts["bias"] == nil { new.append(tensor("bias", like: mean, count: count, 0)) }
            return new.isEmpty ? nil : (mean, new)
        }
        guard let weight = module.parts["weight"], module.parts["bias"] == nil, view.shapes[weight].count >= 2 else {
            return nil
        }
        return (weight, [tensor("bias", like: weight, count: view.shapes[weight][0], 0)])
    }

    private static func modules(_ names: [String]) -> [Module] {
        var places: [String: Int] = [:]
        var modules: [Module] = []
        for (index, name) in names.enumerated() {
            let module = TensorNames.module(name)
            let place = places[module] ?? modules.count
            if place == modules.count {
                places[module] = place
                modules.append((module, [:]))
            }
            modules[place].parts[TensorNames.leaf(name)] = index
        }
        return modules
    }
}
