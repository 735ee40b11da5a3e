/// An inert blank in place of an object: which class or function was named and what it was given. Nothing was run.
struct PickleObject: Sendable {
    /// The class or function.
    let global: PickleGlobal
    /// A tuple of arguments.
    let arguments: PickleReference
    /// What the object's attributes were to be set from.
    var state: PickleReference?
    /// Entries that were set, if the class is a kind of dictionary.
    var entries: [PickleEntry] = []
    /// Elements that were appended, if the class is a kind of list.
    var elements: [PickleReference] = []
}
