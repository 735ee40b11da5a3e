/// What a pickle describes: values that refer to each other, and which of them is the whole.
struct PickleGraph: Sendable {
    private let values: [PickleValue]
    /// The value that the pickle stands for.
    let root: PickleReference
    /// The records that its tensors are views of, by key: the type of their numbers and their size.
    let records: [String: PickleStorage]

    init(values: [PickleValue], root: PickleReference, records: [String: PickleStorage]) {
        self.values = values
        self.root = root
        self.records = records
    }

    /// The value at a reference, which must come from this graph.
    subscript(_ reference: PickleReference) -> PickleValue { values[reference.index] }

    /// What a text says; nil for other values.
    func text(_ reference: PickleReference) -> String? {
        if case .text(let text) = self[reference] { text } else { nil }
    }

    /// Entries of a dictionary, or of an object that is a kind of one; nil for other values.
    func entries(_ reference: PickleReference) -> [PickleEntry]? {
        switch self[reference] {
        case .dictionary(let entries): entries
        case .object(let object) where !object.entries.isEmpty: object.entries
        default: nil
        }
    }

    /// Elements of a list or tuple, or of an object that is a kind of list; nil for other values.
    func elements(_ reference: PickleReference) -> [PickleReference]? {
        switch self[reference] {
        case .list(let elements), .tuple(let elements): elements
        case .object(let object) where !object.elements.isEmpty: object.elements
        default: nil
        }
    }
}
