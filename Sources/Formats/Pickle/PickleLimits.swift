/// How much one pickle may ask for, whatever its length.
struct PickleLimits: Sendable {
    /// Values it may make: lists, numbers, texts ...; 32 bytes each.
    var values = 1 << 22
    /// Operations it may take; each puts at most one value on the stack, into a container or into the memo.
    var operations = 1 << 23
    /// Marks that may be open at once: the nesting of containers under construction.
    var marks = 1 << 12
    /// Bytes of the pickle.
    var bytes = 1 << 29
}
