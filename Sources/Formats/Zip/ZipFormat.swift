/// Signatures and sizes of a ZIP archive's records (PKWARE APPNOTE 6.3.10, section 4.3).
enum ZipFormat {
    static let localHeader = 0x0403_4B50
    static let centralHeader = 0x0201_4B50
    static let directoryEnd = 0x0605_4B50
    static let directoryEnd64 = 0x0606_4B50
    static let locator64 = 0x0706_4B50

    static let localHeaderSize = 30
    static let centralHeaderSize = 46
    static let directoryEndSize = 22
    static let directoryEnd64Size = 56
    static let locator64Size = 20

    static let stored = 0
    static let deflated = 8
    /// The extra field that holds sizes and offsets of 64 bits.
    static let extra64 = 0x0001
    /// A 16-bit field whose value stands in a zip64 record instead.
    static let elsewhere16 = 0xFFFF
    /// A 32-bit field whose value stands in a zip64 record or extra field instead.
    static let elsewhere32 = 0xFFFF_FFFF
}
