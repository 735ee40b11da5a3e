import Basics

/// Bytes of pickles, read in windows, so that a file of large storages behind small pickles is not read whole.
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
