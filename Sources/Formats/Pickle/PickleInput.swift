import Basics

/// Bytes of pickles, read in windows, so that a file of large storages after small pickles is not read whole.
struct PickleInput {
    /// The file, for messages.
    let path: String
    /// Where the pickles end at the latest.
    let end: Int
    /// The place of the next byte.
    private(set) var position: Int
    private let file: RegularFile?
    private var window: [UInt8]
    private var windowStart: Int
    private static let windowSize = 1 << 16

    /// Pickles that are in memory.
    init(bytes: [UInt8], path: String) {
        self.path = path
        file = nil
        window = bytes
        (windowStart, position, end) = (0, 0, bytes.count)
    }

    /// Pickles that begin at a place of a file.
    init(file: RegularFile, from start: Int = 0) {
        path = file.path
        self.file = file
        window = []
        (windowStart, position, end) = (start, start, file.count)
    }

    /// Bytes that are left.
    var remaining: Int { end - position }

    /// The next byte; throws `.malformed` at the end.
    mutating func byte() throws -> UInt8 {
        try need(1)
        defer { position += 1 }
        return window[position - windowStart]
    }

    /// The next bytes; throws `.malformed` where fewer are left, and allocates nothing then.
    mutating func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
        try need(count)
        defer { position += count }
        return window[(position - windowStart)..<(position - windowStart + count)]
    }

    /// The next little-endian number without sign of up to eight bytes; `Int.max` for larger ones.
    mutating func number(_ count: Int) throws -> Int {
        let bits = try bytes(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(clamping: bits)
    }

    /// The bytes up to the end of the line, which is skipped; throws `.malformed` where there is none.
    mutating func line() throws -> [UInt8] {
        var line: [UInt8] = []
        while true {
            let next = try byte()
            if next == UInt8(ascii: "\n") { return line }
            line.append(next)
        }
    }

    /// A complaint about the byte read last.
    func problem(expected: String, found: String, hint: String = "") -> DataError {
        DataError(.malformed, path: "\(path), byte \(position)", expected: expected, found: found, hint: hint)
    }

    private mutating func need(_ count: Int) throws {
        guard count <= remaining else {
            throw problem(
                expected: "\(count) more byte\(count == 1 ? "" : "s") of a pickle", found: "\(remaining)",
                hint: "the file is damaged or incomplete")
        }
        guard position + count > windowStart + window.count, let file else { return }
        window = try file.read(position..<min(end, position + max(count, Self.windowSize)))
        windowStart = position
    }
}

/// The operations of pickle's stack machine, protocols 0 to 5 (Python's Lib/pickletools.py lists them).
enum PickleOperation: UInt8 {
    // The machine itself.
    case proto = 0x80
    case frame = 0x95
    case stop = 0x2E
    case mark = 0x28
    case pop = 0x30
    case popMark = 0x31
    case duplicate = 0x32
    case put = 0x70
    case binput = 0x71
    case longBinput = 0x72
    case memoize = 0x94
    case get = 0x67
    case binget = 0x68
    case longBinget = 0x6A

    // Numbers.
    case none = 0x4E
    case newTrue = 0x88
    case newFalse = 0x89
    case int = 0x49
    case binint = 0x4A
    case binint1 = 0x4B
    case binint2 = 0x4D
    case long = 0x4C
    case long1 = 0x8A
    case long4 = 0x8B
    case float = 0x46
    case binfloat = 0x47

    // Text and bytes.
    case string = 0x53
    case binstring = 0x54
    case shortBinstring = 0x55
    case unicode = 0x56
    case binunicode = 0x58
    case shortBinunicode = 0x8C
    case binunicode8 = 0x8D
    case binbytes = 0x42
    case shortBinbytes = 0x43
    case binbytes8 = 0x8E
    case bytearray8 = 0x96

    // Containers.
    case emptyList = 0x5D
    case list = 0x6C
    case append = 0x61
    case appends = 0x65
    case emptyTuple = 0x29
    case tuple = 0x74
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case emptyDict = 0x7D
    case dict = 0x64
    case setItem = 0x73
    case setItems = 0x75
    case emptySet = 0x8F
    case addItems = 0x90
    case frozenSet = 0x91

    // Classes, calls, and objects that lie elsewhere.
    case global = 0x63
    case stackGlobal = 0x93
    case inst = 0x69
    case obj = 0x6F
    case reduce = 0x52
    case newObj = 0x81
    case newObjEx = 0x92
    case build = 0x62
    case persid = 0x50
    case binpersid = 0x51
    case ext1 = 0x82
    case ext2 = 0x83
    case ext4 = 0x84
    case nextBuffer = 0x97
    case readonlyBuffer = 0x98
}

/// How much one pickle may ask for, whatever its length.
struct PickleLimits: Sendable {
    /// Values it may make: lists, numbers, texts ...; 32 bytes each.
    var values = 6 << 20
    /// Operations it may take; each puts at most one value on the stack, into a container or into the memo.
    var operations = 1 << 24
    /// Marks that may be open at once: the nesting of containers under construction.
    var marks = 1 << 12
    /// Places of its memo.
    var memo = 1 << 22
    /// Bytes of the pickle.
    var bytes = 1 << 29
}
