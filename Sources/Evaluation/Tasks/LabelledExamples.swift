import Tensors

/// Labelled examples of one task: what everything that learns a task from a few of its rows is given.
public struct LabelledExamples: Sendable {
    /// Inputs, [n, features] or images [n, c, h, w].
    public let inputs: Tensor
    /// The class of each, n of them, 0 to `classes` - 1: class c is the networks' output c.
    public let labels: [Int32]
    /// C, the classes that the task tells apart, whether or not there are examples of all.
    public let classes: Int

    /// Collects examples; traps unless there is a row a label and every label is a class.
    public init(inputs: Tensor, labels: [Int32], classes: Int) {
        precondition(
            inputs.rank >= 2 && inputs.shape[0] == labels.count,
            "labelled examples: inputs \(inputs.shape) for \(labels.count) labels")
        precondition(
            labels.allSatisfy { $0 >= 0 && $0 < classes }, "labelled examples: a label outside 0..<\(classes)")
        (self.inputs, self.labels, self.classes) = (inputs, labels, classes)
    }

    /// n, the number of examples.
    public var count: Int { labels.count }
    /// Inputs as rows, [n, F].
    var rows: Tensor { inputs.reshaped([count, -1]) }

    /// Some of the examples, in this order; traps for one that does not exist.
    public func selecting(_ rows: [Int]) -> LabelledExamples {
        LabelledExamples(
            inputs: inputs.gathered(axis: 0, rows.map(Int32.init)), labels: rows.map { labels[$0] }, classes: classes)
    }

    /// So many examples of each class, class by class; all of a class that has fewer.
    ///
    /// Equal streams draw sets that hold each other: the five examples of a class are among its twenty.
    public func drawn(_ perClass: Int, _ stream: inout RandomStream) -> LabelledExamples {
        selecting(
            (0..<classes).flatMap { label in
                let own = labels.indices.filter { labels[$0] == Int32(label) }
                return stream.permutation(own.count).prefix(perClass).map { own[$0] }
            })
    }
}

/// Examples that say something else than the task's: what a support set is worth is seen by what these do.
extension LabelledExamples {
    /// The same inputs with the labels dealt out anew: what is learned from them is right by chance, 1 / C on average,
    /// whatever the classes' shares.
    public func shufflingLabels(_ stream: inout RandomStream) -> LabelledExamples {
        let order = stream.permutation(count)
        return LabelledExamples(inputs: inputs, labels: order.map { labels[$0] }, classes: classes)
    }

    /// The same inputs with every label moved on: l becomes (l + shift) mod C.
    ///
    /// Whoever treats labels alike is right on the C shifts of a labelling 1 / C of the time in all: each query has its own
    /// label in one of them.
    public func shiftingLabels(by shift: Int) -> LabelledExamples {
        LabelledExamples(
            inputs: inputs, labels: labels.map { Int32((Int($0) + shift) % classes) }, classes: classes)
    }

    /// The same task with two of its labels exchanged on every example; traps on a label that is no class.
    public func swapping(_ first: Int, _ second: Int) -> LabelledExamples {
        precondition(
            (0..<classes).contains(first) && (0..<classes).contains(second),
            "labelled examples: labels \(first) and \(second) of \(classes)")
        let (a, b) = (Int32(first), Int32(second))
        return LabelledExamples(
            inputs: inputs, labels: labels.map { $0 == a ? b : ($0 == b ? a : $0) }, classes: classes)
    }
}
