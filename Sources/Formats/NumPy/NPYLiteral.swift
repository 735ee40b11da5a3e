import Basics

/// Reads the Python dictionary of a `.npy` header, and nothing but such a dictionary:
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct NPYLiteral {
    /// What the dictionary says.
    struct Fields: Hashable {
        var descr: String
        var isFortran: Bool
        var shape: [Int]
    }

    private let bytes: [UInt8]
    private var position = 0
    private let place: String

    /// The three fields; throws `.malformed` where one is missing, stands twice or is of another form, or where there
    /// is anything else.
    static func fields(of bytes: [UInt8], place: String) throws -> Fields {
        var literal = NPYLiteral(bytes: bytes, place: place)
        return try literal.fields()
    }

    private init(bytes: [UInt8], place: String) {
        self.bytes = bytes
        self.place = place
    }

    private mutating func fields() throws -> Fields {
        var descr: String?
        var isFortran: Bool?
        var shape: [Int]?
        try expect("{")
        while !take("}") {
            let key = try text()
            try expect(":")
            switch key {
            case "descr" where descr == nil: descr = try text()
            case "fortran_order" where isFortran == nil: isFortran = try truth()
            case "shape" where shape == nil: shape = try extents()
            default: throw problem("the keys descr, fortran_order and shape, once each")
            }
            if !take(",") {
                try expect("}")
                break
            }
        }
        skipBlanks()
        guard position == bytes.count else { throw problem("nothing after the dictionary") }
        guard let descr, let isFortran, let shape else { throw problem("descr, fortran_order and shape") }
        return Fields(descr: descr, isFortran: isFortran, shape: shape)
    }

    private mutating func text() throws -> String {
        skipBlanks()
        guard position < bytes.count, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(bytes[position]) else {
            throw problem("a text in quotes")
        }
        let quote = bytes[position]
        let rest = bytes[(position + 1)...]
        guard let end = rest.firstIndex(of: quote), end - position <= 64,
            bytes[position + 1..<end].allSatisfy({ (32..<127).contains($0) && $0 != UInt8(ascii: "\\") })
        else { throw problem("a short text in quotes") }
        position = end + 1
        return String(decoding: rest[..<end], as: UTF8.self)
    }

    private mutating func truth() throws -> Bool {
        skipBlanks()
        for (word, value) in [("True", true), ("False", false)] where bytes[position...].starts(with: word.utf8) {
            position += word.utf8.count
            return value
        }
        throw problem("True or False")
    }

    /// `()`, `(3,)` or `(3, 4)`; Python 2 wrote `3L`.
    private mutating func extents() throws -> [Int] {
        try expect("(")
        var extents: [Int] = []
        var endedByComma = true
        while !take(")") {
            guard endedByComma, extents.count < 64 else { throw problem("extents parted by commas, at most 64") }
            extents.append(try extent())
            endedByComma = take(",")
        }
        guard endedByComma || extents.count > 1 else { throw problem("a comma after a single extent") }
        return extents
    }

    private mutating func extent() throws -> Int {
        skipBlanks()
        let digits = bytes[position...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let value = Int(String(decoding: digits, as: UTF8.self)) else { throw problem("an extent") }
        position = digits.endIndex
        _ = take("L")
        return value
    }

    private mutating func take(_ mark: Character) -> Bool {
        skipBlanks()
        guard position < bytes.count, bytes[position] == mark.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ mark: Character) throws {
        guard take(mark) else { throw problem("\"\(mark)\"") }
    }

    private mutating func skipBlanks() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private func problem(_ expected: String) -> DataError {
        let found = String(decoding: bytes[min(position, bytes.count)...].prefix(24), as: UTF8.self)
        let shown = found.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "\u{FFFD}" : "\($0)" }.joined()
        return DataError(
            .malformed, path: place, expected: "\(expected) in NumPy's header", found: "\"\(shown)\"")
    }
}
