import Synchronization

/// One step of a history: an operation, what went in, and what its derivative rules need.
///
/// `@unchecked Sendable`: all fields are constant but `inputs`, which only `deinit` changes, when nobody else can see it.
final class Node: @unchecked Sendable {
    let primitive: Primitive
    private(set) var inputs: [Tensor]
    /// Rises with time, so that descending order is a reverse topological order.
    let serial: UInt64
    /// Shapes of the operation's outputs, in order.
    let outputShapes: [Shape]
    /// The result, where a rule needs it.
    let result: StridedArray?
    /// Further arrays that the rules need (mean and 1/std of a layer norm).
    let saved: [StridedArray]

    init(
        _ primitive: Primitive, _ inputs: [Tensor], outputShapes: [Shape], result: StridedArray? = nil,
        saved: [StridedArray] = []
    ) {
        self.primitive = primitive
        self.inputs = inputs
        self.outputShapes = outputShapes
        self.result = result
        self.saved = saved
        serial = nextSerial.add(1, ordering: .relaxed).newValue
    }

    /// Releases long chains one node at a time: the compiler's own release would recurse and overflow the stack.
    deinit {
        var pending: [Node] = []
        for input in inputs { if let node = input.node { pending.append(node) } }
        inputs = []
        while var node = pending.popLast() {
            guard isKnownUniquelyReferenced(&node) else { continue }
            for input in node.inputs { if let parent = input.node { pending.append(parent) } }
            node.inputs = []
        }
    }
}

private let nextSerial = Atomic<UInt64>(0)

extension Tensor {
    /// Wraps a result; gives it a history only if an input has one.
    static func recorded(
        _ primitive: Primitive, _ inputs: [Tensor], _ result: StridedArray, keepingResult: Bool = false,
        saved: [StridedArray] = []
    ) -> Tensor {
        guard inputs.contains(where: { $0.node != nil }) else { return Tensor(result) }
        let node = Node(
            primitive, inputs, outputShapes: [result.shape], result: keepingResult ? result : nil, saved: saved)
        return Tensor(result, node: node)
    }
}

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
            flags[index] =
                leafNodes.contains(ObjectIdentifier(node))
                || node.inputs.contains { input in
                    input.node.flatMap { places[ObjectIdentifier($0)] }.map { flags[$0] } ?? false
                }
        }
        (nodes, depends, isNested, position) = (found, flags, nested, places)
    }

    /// Index of the node that made a tensor, if it depends on the leaves.
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
