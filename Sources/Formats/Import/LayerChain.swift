/// The layers of an unknown network in their order, as far as names and shapes tell: convolutions, then linear layers,
/// and norms wherever they stand. Nil where it is no such chain.
struct LayerChain {
    /// One layer.
    struct Layer {
        let name: String
        /// Of its weight, in PyTorch's order.
        let shape: [Int]
        let hasBias: Bool
        let hasStatistics: Bool
    }

    private(set) var convolutions: [Layer] = []
    private(set) var layers: [Layer] = []
    private(set) var norms: [Layer] = []

    init?(_ names: [String], _ shapes: [[Int]], isOrdered: Bool) {
        var places: [String: Int] = [:]
        var modules: [(name: String, parts: [String: [Int]])] = []
        for (name, shape) in zip(names, shapes) {
            let module = TensorNames.module(name)
            let place = places[module] ?? modules.count
            if place == modules.count {
                places[module] = place
                modules.append((module, [:]))
            }
            modules[place].parts[TensorNames.leaf(name)] = shape
        }
        for module in modules {
            guard let weight = module.parts["weight"], weight.allSatisfy({ $0 > 0 }) else { return nil }
            let layer = Layer(
                name: module.name, shape: weight, hasBias: module.parts["bias"] != nil,
                hasStatistics: module.parts["running_mean"] != nil)
            switch weight.count {
            case 1: norms.append(layer)
            case 2: layers.append(layer)
            case 4: convolutions.append(layer)
            default: return nil
            }
        }
        let isKnown = isOrdered && !MatchOrder.isSorted(names)
        convolutions = Self.chained(convolutions, isKnown)
        layers = Self.chained(layers, isKnown)
        guard !layers.isEmpty, Self.isChain(convolutions), Self.isChain(layers) else { return nil }
    }

    private static func chained(_ layers: [Layer], _ isKnown: Bool) -> [Layer] {
        if isKnown, isChain(layers) { return layers }
        let sorted = layers.sorted { NaturalOrder.precedes($0.name, $1.name) }
        if isChain(sorted) { return sorted }
        // Whose inputs nobody makes is first; then whoever reads the last one's outputs.
        var rest = sorted
        guard let start = rest.firstIndex(where: { layer in !rest.contains { $0.shape[0] == layer.shape[1] } }) else {
            return layers
        }
        var chain = [rest.remove(at: start)]
        while let last = chain.last, let next = rest.firstIndex(where: { $0.shape[1] == last.shape[0] }) {
            chain.append(rest.remove(at: next))
        }
        return rest.isEmpty ? chain : layers
    }

    private static func isChain(_ layers: [Layer]) -> Bool {
        zip(layers, layers.dropFirst()).allSatisfy { $0.shape[0] == $1.shape[1] }
    }

    /// After which convolutions something more stands than norm and activation, where all are counted in one list.
    var pooled: [Bool]? {
        guard let first = layers.first else { return nil }
        let own = 2 + (norms.isEmpty ? 0 : 1)
        var result: [Bool] = []
        for (index, layer) in convolutions.enumerated() {
            let isLast = index == convolutions.count - 1
            guard let gap = MatchOrder.gap(layer.name, isLast ? first.name : convolutions[index + 1].name) else {
                return isLast && !result.isEmpty ? result + [result[result.count - 1]] : nil
            }
            result.append(gap > own + (isLast ? 1 : 0))
        }
        return result
    }
}
