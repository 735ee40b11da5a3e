import Tensors

extension RandomStream {
    /// A seed for a stream of its own.
    mutating func seed() -> UInt64 {
        let high = UInt64(integer(below: Int(UInt32.max)))
        return high << 32 | UInt64(integer(below: Int(UInt32.max)))
    }
}
