extension ForeignValues {
    /// The first element, exactly; traps where there is none or elements are not whole numbers.
    var firstInteger: Int128 {
        precondition(!element.isReal && count > 0, "ForeignValues: \(count) elements of \(element) have no integer")
        let first = bytes.prefix(element.byteCount)
        let isNegative = element != .uint8 && (bigEndian ? first.first : first.last).map { $0 >= 0x80 } == true
        let start: Int128 = isNegative ? -1 : 0
        return bigEndian
            ? first.reduce(start) { $0 << 8 | Int128($1) } : first.reversed().reduce(start) { $0 << 8 | Int128($1) }
    }
}
