/// The part of a history that lies between fresh leaves and some outputs, oldest first.
struct History {
    let nodes: [Node]
    /// Whether a node depends on one of the leaves.
    let depends: [Bool]
    /// Whether an enclosing derivative also looks at this computation.
    let isNested: Bool
    private let position: [ObjectIdentifier: Int]

    /// Walks back from `outputs`. Nothing older than the first leaf can depend on the leaves; reaching it, or a leaf
    /// that stands for a tensor with a history, shows that derivatives nest.
    init(outputs: [Tensor], leaves: [Tensor]) {
        let leafNodes = Set(leaves.compactMap { $0.node.map(ObjectIdentifier.init) })
        let oldest = leaves.compactMap { $0.node?.serial }.min() ?? .max
        var nested = leaves.contains { $0.node?.inputs.first?.node != nil }
        var found: [Node] = []
        var seen: Set<ObjectIdentifier> = []
        var pending = outputs.compactMap(\.node)
        while let node = pending.popLast() {
            guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
            if node.serial < oldest {
                nested = true
                continue
            }
            found.append(node)
            if leafNodes.contains(ObjectIdentifier(node)) { continue }
            for input in node.inputs { if let parent = input.node { pending.append(parent) } }
        }
        found.sort { $0.serial < $1.serial }
        let places = Dictionary(uniqueKeysWithValues: found.enumerated().map { (ObjectIdentifier($1), $0) })
        var flags = [Bool](repeating: false, count: found.count)
        for (index, node) in found.enumerated() {
            flags[index] = leafNodes.contains(ObjectIdentifier(node))
                || node.inputs.contains { input in
                    input.node.flatMap { places[ObjectIdentifier($0)] }.map { flags[$0] } ?? false
                }
        }
        (nodes, depends, isNested, position) = (found, flags, nested, places)
    }

    /// Index of the node behind a tensor, if it depends on the leaves.
    func index(of tensor: Tensor) -> Int? {
        guard let node = tensor.node, let index = position[ObjectIdentifier(node)], depends[index] else { return nil }
        return index
    }
}

extension Tensor {
    /// A fresh point to differentiate at.
    var asLeaf: Tensor {
        Tensor(array, node: Node(.leaf, [self], outputShapes: [shape]))
    }
}
