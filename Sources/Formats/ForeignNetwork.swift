/// One network, or one checkpoint of a run: named tensors in file order, and facts.
public struct ForeignNetwork: Sendable, Hashable {
    /// Tensors, in the order of the file.
    public var tensors: [ForeignTensor]
    /// Whether that order may be the layers'; some formats sort tensors by type and name, and tell nothing.
    public var isOrdered: Bool
    /// Names of tensors that its file has elsewhere, of which it is not known whether they are of this network.
    public var beside: [String] = []
    /// What is known beside the weights: `seed`, `epoch`, `test_accuracy` (a fraction), ...
    public var facts: [String: ZooFact]
    /// How facts that are numbers are written in the source, where we would write them otherwise (`0012`, `1e3`).
    public var spellings: [String: String] = [:]
    /// The run that this is a checkpoint of; nil for a network of its own.
    public var run: String?
    /// The checkpoint's place in its run (epochs or steps; 0 is the initialisation).
    public var step: Int?
    /// Where it stands, for messages: a path, or a path and a row.
    public var place: String

    /// Collects a network's tensors and facts.
    public init(
        tensors: [ForeignTensor], isOrdered: Bool = true, facts: [String: ZooFact] = [:], run: String? = nil,
        step: Int? = nil, place: String = ""
    ) {
        self.tensors = tensors
        self.isOrdered = isOrdered
        self.facts = facts
        self.run = run
        self.step = step
        self.place = place
    }
}
