/// A walk over a history from its newest node to its oldest that adds up cotangents.
struct ReverseSweep {
    private let history: History
    private var pending: [[Tensor?]]

    /// Puts the cotangents of the outputs in their places.
    init(_ history: History, outputs: [Tensor], cotangents: [Tensor]) {
        self.history = history
        pending = history.nodes.map { Array(repeating: nil, count: $0.outputShapes.count) }
        precondition(
            cotangents.count == outputs.count, "pullback: \(cotangents.count) cotangents, \(outputs.count) outputs")
        for (output, cotangent) in zip(outputs, cotangents) {
            precondition(output.shape == cotangent.shape, "pullback: cotangent \(cotangent.shape) for \(output.shape)")
            output.checkBackend(cotangent, "pullback, cotangent")
            add(cotangent, to: output)
        }
    }

    /// What has arrived at a node, one cotangent an output; nil is zero.
    func received(at index: Int) -> [Tensor?] { pending[index] }

    /// Sweeps down to the nodes `ends`, which keep what they receive.
    ///
    /// `keepBack` may take the product that a linear layer's weight gradient is: (its weight, cotangent g, input x), the
    /// gradient being g' x. It returns whether it did; what it takes is not formed.
    mutating func run(until ends: [Int?], keepBack: (_ weight: Tensor, _ g: Tensor, _ x: Tensor) -> Bool = { _, _, _ in false }) {
        for index in history.nodes.indices.reversed() where history.depends[index] && !ends.contains(index) {
            let cotangents = pending[index]
            guard cotangents.contains(where: { $0 != nil }) else { continue }
            pending[index] = []
            let node = history.nodes[index]
            var needs = node.inputs.map { history.index(of: $0) != nil }
            if case .linear = node.primitive, needs[1], let g = cotangents[0] {
                needs[1] = !keepBack(node.inputs[1], g, node.inputs[0])
            }
            let rule = Rule(node, needs: needs, isNested: history.isNested)
            for (input, cotangent) in zip(node.inputs, node.primitive.vjp(rule, cotangents)) {
                if let cotangent { add(cotangent, to: input) }
            }
        }
    }

    private mutating func add(_ cotangent: consuming Tensor, to target: Tensor) {
        guard let index = history.index(of: target) else { return }
        if let sum = pending[index][target.output].take() {
            pending[index][target.output] = sum + cotangent
        } else {
            pending[index][target.output] = cotangent
        }
    }
}
