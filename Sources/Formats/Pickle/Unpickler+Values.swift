import Basics

extension Unpickler {
    /// Makes or fills a container; false for other operations.
    mutating func build(_ operation: PickleOperation) throws -> Bool {
        switch operation {
        case .emptyList: try push(.list([]))
        case .emptyTuple: stack.append(Self.emptyTuple)
        case .emptyDict: try push(.dictionary([]))
        case .emptySet: try push(.set([]))
        case .list: try push(.list(try popToMark()))
        case .tuple: try push(.tuple(try popToMark()))
        case .dict: try push(.dictionary(try pairs(try popToMark())))
        case .frozenSet: try push(.set(try popToMark()))
        case .tuple1: try pushTuple(1)
        case .tuple2: try pushTuple(2)
        case .tuple3: try pushTuple(3)
        case .append: try extend(by: [try pop()])
        case .appends, .addItems: try extend(by: try popToMark())
        case .setItem:
            let value = try pop()
            try setEntries([PickleEntry(key: try pop(), value: value)])
        case .setItems: try setEntries(try pairs(try popToMark()))
        default: return false
        }
        return true
    }

    /// Keys and values in turn; throws where one is left over.
    func pairs(_ items: [PickleReference]) throws -> [PickleEntry] {
        guard items.count.isMultiple(of: 2) else {
            throw input.problem(expected: "keys with values in a pickle", found: "\(items.count) items")
        }
        return stride(from: 0, to: items.count, by: 2).map { PickleEntry(key: items[$0], value: items[$0 + 1]) }
    }

    private mutating func pushTuple(_ count: Int) throws {
        var items: [PickleReference] = []
        for _ in 0..<count { items.append(try pop()) }
        try push(.tuple(items.reversed()))
    }

    /// Appends to the list or set on top of the stack.
    private mutating func extend(by items: [PickleReference]) throws {
        let index = try top().index
        if var elements = values[index].takeList() {
            elements += items
            values[index] = .list(elements)
        } else if var elements = values[index].takeSet() {
            elements += items
            values[index] = .set(elements)
        } else if var object = values[index].takeObject() {
            object.elements += items
            values[index] = .object(object)
        } else {
            throw input.problem(expected: "a list or set to append to in a pickle", found: "another value")
        }
    }

    /// Appends to the dictionary on top of the stack.
    private mutating func setEntries(_ entries: [PickleEntry]) throws {
        let index = try top().index
        if var present = values[index].takeDictionary() {
            present += entries
            values[index] = .dictionary(present)
        } else if var object = values[index].takeObject() {
            object.entries += entries
            values[index] = .object(object)
        } else {
            throw input.problem(expected: "a dictionary to fill in a pickle", found: "another value")
        }
    }
}

/// Containers are taken out of their place while they grow: a second holder would make every growth a copy of all.
extension PickleValue {
    fileprivate mutating func takeList() -> [PickleReference]? {
        guard case .list(let elements) = self else { return nil }
        self = .none
        return elements
    }

    fileprivate mutating func takeSet() -> [PickleReference]? {
        guard case .set(let elements) = self else { return nil }
        self = .none
        return elements
    }

    fileprivate mutating func takeDictionary() -> [PickleEntry]? {
        guard case .dictionary(let entries) = self else { return nil }
        self = .none
        return entries
    }

    fileprivate mutating func takeObject() -> PickleObject? {
        guard case .object(let object) = self else { return nil }
        self = .none
        return object
    }
}

extension Unpickler {
    /// Puts None, a truth value or a number on the stack; false for other operations.
    mutating func pushNumber(_ operation: PickleOperation) throws -> Bool {
        switch operation {
        case .none: stack.append(Self.none)
        case .newTrue: stack.append(Self.yes)
        case .newFalse: stack.append(Self.no)
        case .int: try pushIntLine()
        case .long: try push(integerLine(try textLine(), suffix: "L"))
        case .binint: try push(integer: Int128(Int32(truncatingIfNeeded: try input.number(4))))
        case .binint1: try push(integer: Int128(try input.number(1)))
        case .binint2: try push(integer: Int128(try input.number(2)))
        case .long1: try pushLong(try input.number(1))
        case .long4: try pushLong(try length(4))
        case .float: try pushFloatLine()
        case .binfloat:
            let bits = try input.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            try push(.real(Double(bitPattern: bits)))
        default: return false
        }
        return true
    }

    /// A line of ASCII; throws for other bytes.
    mutating func textLine() throws -> String {
        let line = try input.line()
        guard line.allSatisfy({ $0 < 0x80 }) else {
            throw input.problem(expected: "a line of ASCII in a pickle", found: "other bytes")
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// A length of four bytes with sign; throws for negative ones.
    mutating func length(_ count: Int) throws -> Int {
        let length = try input.number(count)
        guard count < 4 || length <= Int(Int32.max) else {
            throw input.problem(expected: "a length", found: "\(Int32(truncatingIfNeeded: length))")
        }
        return length
    }

    /// The integer that a line says.
    func integerLine(_ line: String, suffix: Character? = nil) throws -> PickleValue {
        let digits = suffix != nil && line.last == suffix ? line.dropLast() : line[...]
        if let value = Int128(digits) { return .integer(value) }
        let magnitude = digits.first == "-" ? digits.dropFirst() : digits
        guard magnitude.utf8.count > 38, magnitude.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw input.problem(expected: "an integer in a pickle", found: "\(line.prefix(40))")
        }
        return .hugeInteger
    }

    private mutating func pushIntLine() throws {
        // Protocol 0 writes truth values as integers with a leading zero.
        switch try textLine() {
        case "00": stack.append(Self.no)
        case "01": stack.append(Self.yes)
        case let line: try push(integerLine(line))
        }
    }

    private mutating func pushFloatLine() throws {
        let line = try textLine()
        guard let value = Double(line) else {
            throw input.problem(expected: "a number in a pickle", found: "\(line.prefix(40))")
        }
        try push(.real(value))
    }

    /// A little-endian integer in two's complement.
    private mutating func pushLong(_ count: Int) throws {
        let bytes = try input.bytes(count)
        guard count <= 16 else { return try push(.hugeInteger) }
        let sign: Int128 = bytes.last.map { $0 >= 0x80 ? -1 : 0 } ?? 0
        try push(.integer(bytes.reversed().reduce(sign) { $0 << 8 | Int128($1) }))
    }
}

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
