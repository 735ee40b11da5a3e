/// Little-endian numbers at places of a record whose length was checked before.
struct ZipFields {
    let bytes: ArraySlice<UInt8>

    /// The number of two bytes at `offset`.
    func short(_ offset: Int) -> Int { number(offset, 2) }
    /// The number of four bytes at `offset`.
    func word(_ offset: Int) -> Int { number(offset, 4) }
    /// The number of eight bytes at `offset`; `Int.max` for larger ones, which no file reaches.
    func long(_ offset: Int) -> Int {
        let high = number(offset + 4, 4)
        return high > 0x7FFF_FFFF ? .max : high << 32 | word(offset)
    }

    private func number(_ offset: Int, _ count: Int) -> Int {
        let start = bytes.startIndex + offset
        return (0..<count).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
    }
}
