/// A run of numbers that tensors are views of: a record beside the pickle, or bytes inside it.
struct PickleStorage: Sendable, Hashable {
    /// Where the numbers stand.
    enum Place: Sendable, Hashable {
        /// A record of the file, by its key.
        case record(String)
        /// A value of the pickle itself (NumPy's arrays), text or bytes.
        case inside(PickleReference)
    }

    let place: Place
    /// The type of its numbers, as the class of the storage or NumPy's dtype says.
    let type: TorchNumberType
    /// Bytes before its first number, where it is a part of a larger record.
    let byteOffset: Int
    /// Bytes it holds.
    let byteCount: Int
    /// Bytes of the whole record.
    let recordByteCount: Int
    /// Whether the most significant byte comes first; nil where the file as a whole says.
    let bigEndian: Bool?
}
