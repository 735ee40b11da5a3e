extension Unpickler {
    /// Puts None, a truth value or a number on the stack; false for other operations.
    mutating func pushNumber(_ operation: PickleOperation) throws -> Bool {
        switch operation {
        case .none: stack.append(Self.none)
        case .newTrue: stack.append(Self.yes)
        case .newFalse: stack.append(Self.no)
        case .int: try pushIntLine()
        case .long: try push(integerLine(try textLine(), suffix: "L"))
        case .binint: try push(.integer(Int128(Int32(truncatingIfNeeded: try input.number(4)))))
        case .binint1: try push(.integer(Int128(try input.number(1))))
        case .binint2: try push(.integer(Int128(try input.number(2))))
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
