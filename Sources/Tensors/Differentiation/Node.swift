import Synchronization

/// One step of a history: an operation, what went in, and what its derivative rules need.
///
/// `@unchecked Sendable`: all fields are constant but `inputs`, which only `deinit` changes, when nobody else can see it.
final class Node: @unchecked Sendable {
    let primitive: Primitive
    private(set) var inputs: [Tensor]
    /// Rises with time, so that descending order is a reverse topological order.
    let serial: UInt64
    /// Shapes of the outputs.
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
