extension Unpickler {
    /// Marks, memo, and what describes the pickle itself; false for other operations.
    mutating func remember(_ operation: PickleOperation) throws -> Bool {
        switch operation {
        case .proto:
            let version = try input.byte()
            guard version <= 5 else { throw input.problem(expected: "pickle protocol 0 to 5", found: "\(version)") }
        case .frame:
            let length = try input.number(8)
            guard length <= input.remaining else {
                throw input.problem(expected: "a frame of at most \(input.remaining) bytes", found: "\(length)")
            }
        case .mark: try pushMark()
        case .pop:
            if marks.last == stack.count { marks.removeLast() } else { _ = try pop() }
        case .popMark: _ = try popToMark()
        case .duplicate: stack.append(try top())
        case .put: memo[try place(try textLine())] = try top()
        case .binput: memo[try input.number(1)] = try top()
        case .longBinput: memo[try input.number(4)] = try top()
        case .memoize: memo[memo.count] = try top()
        case .get: stack.append(try remembered(try place(try textLine())))
        case .binget: stack.append(try remembered(try input.number(1)))
        case .longBinget: stack.append(try remembered(try input.number(4)))
        default: return false
        }
        return true
    }

    private func place(_ line: String) throws -> Int {
        guard let place = Int(line), place >= 0 else {
            throw input.problem(expected: "a place in the memo of a pickle", found: "\(line.prefix(40))")
        }
        return place
    }

    private func remembered(_ place: Int) throws -> PickleReference {
        guard let value = memo[place] else {
            throw input.problem(expected: "a value at place \(place) of the memo of a pickle", found: "none")
        }
        return value
    }
}
