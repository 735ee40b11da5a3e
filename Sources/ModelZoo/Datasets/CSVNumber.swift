/// Reads the cells of a CSV file as numbers.
enum CSVNumber {
    /// The finite number that the text spells in decimal notation, or nil.
    static func parse(_ text: ArraySlice<UInt8>) -> Float? {
        if let whole = smallWhole(text) { return whole }
        guard text.allSatisfy(isDecimal), let value = Float(String(decoding: text, as: UTF8.self)), value.isFinite
        else { return nil }
        return value
    }

    /// Whether the text stands for a value that was not recorded.
    static func isMissing(_ text: ArraySlice<UInt8>) -> Bool {
        text.isEmpty || ["?", "NA", "NaN", "nan"].contains { text.elementsEqual($0.utf8) }
    }

    /// Up to seven digits without sign, which every single-precision number holds exactly: the common case, fast.
    private static func smallWhole(_ text: ArraySlice<UInt8>) -> Float? {
        guard (1...7).contains(text.count) else { return nil }
        var value: Int32 = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int32(byte &- UInt8(ascii: "0"))
        }
        return Float(value)
    }

    private static func isDecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}
