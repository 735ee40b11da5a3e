/// One value of a pickle. Containers hold references, so a graph may share values and contain itself, and nothing
/// here nests: neither building nor releasing a value ever recurses.
enum PickleValue: Sendable {
    case none
    case bool(Bool)
    /// An integer of up to 128 bits.
    case integer(Int128)
    /// An integer of more bits, whose value is not kept.
    case hugeInteger
    case real(Double)
    case text(String)
    case bytes([UInt8])
    case list([PickleReference])
    case tuple([PickleReference])
    case set([PickleReference])
    /// Entries in the order of the file; of equal keys the last one counts.
    case dictionary([PickleEntry])
    /// A class or function that was named, nothing more.
    indirect case global(PickleGlobal)
    /// What an unknown class or function was to make: an inert blank.
    indirect case object(PickleObject)
    indirect case storage(PickleStorage)
    indirect case tensor(PickleTensor)
}
