import Basics

extension Unpickler {
    /// Puts text or bytes on the stack; false for other operations.
    mutating func pushText(_ operation: PickleOperation) throws -> Bool {
        switch operation {
        case .string: try pushPythonString(try quotedLine())
        case .binstring: try pushPythonString(try input.bytes(try length(4)))
        case .shortBinstring: try pushPythonString(try input.bytes(try input.number(1)))
        case .unicode: try push(.text(try escapedLine()))
        case .binunicode: try pushUnicode(try input.number(4))
        case .shortBinunicode: try pushUnicode(try input.number(1))
        case .binunicode8: try pushUnicode(try input.number(8))
        case .binbytes: try push(.bytes(Array(try input.bytes(try input.number(4)))))
        case .shortBinbytes: try push(.bytes(Array(try input.bytes(try input.number(1)))))
        case .binbytes8, .bytearray8: try push(.bytes(Array(try input.bytes(try input.number(8)))))
        default: return false
        }
        return true
    }

    private mutating func pushUnicode(_ count: Int) throws {
        let bytes = try input.bytes(count)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw input.problem(expected: "UTF-8 text in a pickle", found: "other bytes")
        }
        try push(.text(text))
    }

    /// Python 2's strings may be text or data: text where they are UTF-8, which loses no byte.
    private mutating func pushPythonString(_ bytes: some Collection<UInt8>) throws {
        try push(String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .bytes(Array(bytes)))
    }

    /// A line that holds a Python string literal, without its quotes and escapes.
    private mutating func quotedLine() throws -> [UInt8] {
        var line = try input.line()[...]
        while let last = line.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\r") { line.removeLast() }
        guard line.count >= 2, let quote = line.first, quote == line.last,
            quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
        else {
            throw input.problem(expected: "a quoted string in a pickle", found: "another line")
        }
        return try unescaped(line.dropFirst().dropLast())
    }

    private func unescaped(_ line: ArraySlice<UInt8>) throws -> [UInt8] {
        var result: [UInt8] = []
        var place = line.startIndex
        while place < line.endIndex {
            guard line[place] == UInt8(ascii: "\\") else {
                result.append(line[place])
                place += 1
                continue
            }
            guard place + 1 < line.endIndex else { throw wrongEscape() }
            let letter = line[place + 1]
            place += 2
            if letter == UInt8(ascii: "x") {
                result.append(UInt8(try hexadecimal(line[place...].prefix(2), digits: 2)))
                place += 2
            } else if let byte = Self.escapes[letter] {
                result.append(byte)
            } else {
                throw wrongEscape()
            }
        }
        return result
    }

    /// A line of Latin-1 in which \u and \U stand before four and eight hexadecimal digits ("raw-unicode-escape").
    private mutating func escapedLine() throws -> String {
        let line = try input.line()
        var text = String.UnicodeScalarView()
        var place = 0
        while place < line.count {
            let next = place + 1 < line.count ? line[place + 1] : 0
            let digits = next == UInt8(ascii: "u") ? 4 : 8
            if line[place] == UInt8(ascii: "\\"), next == UInt8(ascii: "u") || next == UInt8(ascii: "U") {
                let code = try hexadecimal(line[(place + 2)...].prefix(digits), digits: digits)
                guard let scalar = Unicode.Scalar(code) else { throw wrongEscape() }
                text.append(scalar)
                place += 2 + digits
            } else {
                text.append(Unicode.Scalar(line[place]))
                place += 1
            }
        }
        return String(text)
    }

    private func hexadecimal(_ line: ArraySlice<UInt8>, digits: Int) throws -> UInt32 {
        guard line.count == digits, line.first != UInt8(ascii: "+"), line.first != UInt8(ascii: "-"),
            let value = UInt32(String(decoding: line, as: UTF8.self), radix: 16)
        else { throw wrongEscape() }
        return value
    }

    private func wrongEscape() -> DataError {
        input.problem(expected: "a string literal of Python in a pickle", found: "an escape that is none")
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "'"): UInt8(ascii: "'"),
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "r"): 13,
        UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "v"): 11, UInt8(ascii: "f"): 12,
        UInt8(ascii: "0"): 0,
    ]
}
