import Basics

/// Reads pickles, protocols 0 to 5, without running anything that they name.
///
/// A pickle is a program for a stack machine whose REDUCE, NEWOBJ, INST, OBJ and BUILD call any function it names. Here
/// calls of a few names are understood (containers, tensors, NumPy's arrays and numbers); every other becomes a
/// `PickleObject`, an inert blank. Names that only an attack has use for are refused (`PickleGlobal.isDangerous`).
struct Unpickler {
    var input: PickleInput
    var values: [PickleValue] = Self.first
    var stack: [PickleReference] = []
    var marks: [Int] = []
    var memo: [Int: PickleReference] = [:]
    var records: [String: PickleStorage] = [:]
    /// Classes and functions that were called and are blanks, and the same as a set.
    private var calls: [PickleGlobal] = []
    private var isCalled: Set<PickleGlobal> = []
    /// Elements copied from one container or text to another.
    private var copied = 0
    let limits: PickleLimits
    private let start: Int

    /// What stands in many places: one value each, and the integers from 0 on.
    private static let first: [PickleValue] =
        [.none, .bool(false), .bool(true), .tuple([])] + (0..<smallIntegers).map { .integer(Int128($0)) }
    private static let smallIntegers = 1024

    static let none = PickleReference(index: 0)
    static let no = PickleReference(index: 1)
    static let yes = PickleReference(index: 2)
    static let emptyTuple = PickleReference(index: 3)

    private init(input: PickleInput, limits: PickleLimits) {
        self.input = input
        self.limits = limits
        start = input.position
    }

    /// The next pickle of `input`, which then stands after it.
    ///
    /// Throws `.malformed` for what is no sound pickle, asks for more than `limits`, or names a dangerous function.
    static func read(_ input: inout PickleInput, limits: PickleLimits = PickleLimits()) throws -> PickleGraph {
        var machine = Unpickler(input: input, limits: limits)
        let root = try machine.run()
        input = machine.input
        return PickleGraph(values: machine.values, root: root, records: machine.records, calls: machine.calls)
    }

    private mutating func run() throws -> PickleReference {
        var operations = 0
        while true {
            let code = try input.byte()
            guard let operation = PickleOperation(rawValue: code) else {
                throw input.problem(
                    expected: "an operation of a pickle", found: "byte 0x\(String(code, radix: 16))",
                    hint: "the file is damaged, or no checkpoint")
            }
            if operation == .stop { break }
            operations += 1
            guard operations <= limits.operations, input.position - start <= limits.bytes else {
                throw input.problem(
                    expected: "a pickle of at most \(limits.operations) operations and \(limits.bytes) bytes",
                    found: "more")
            }
            let isKnown =
                try pushNumber(operation) || pushText(operation) || remember(operation) || build(operation)
                || callOrName(operation)
            precondition(isKnown, "pickle operation \(operation) without a meaning")
        }
        let root = try pop()
        guard stack.isEmpty, marks.isEmpty else {
            throw input.problem(
                expected: "one value at the end of a pickle", found: "\(stack.count + 1) values, \(marks.count) marks")
        }
        return root
    }

    /// Notes that a class or function was called that is a blank here.
    mutating func noteCall(_ global: PickleGlobal) {
        if isCalled.insert(global).inserted { calls.append(global) }
    }

    /// Keeps a value; throws beyond the limit of values.
    mutating func add(_ value: PickleValue) throws -> PickleReference {
        guard values.count - Self.first.count < limits.values else {
            throw input.problem(expected: "a pickle of at most \(limits.values) values", found: "more")
        }
        values.append(value)
        return PickleReference(index: values.count - 1)
    }

    /// Puts an integer on the stack; a small one takes no room of its own.
    mutating func push(integer value: Int128) throws {
        guard value < 0 || value >= Self.smallIntegers else {
            return stack.append(PickleReference(index: 4 + Int(value)))
        }
        try push(.integer(value))
    }

    /// Keeps a value and puts it on the stack.
    mutating func push(_ value: PickleValue) throws { stack.append(try add(value)) }

    /// Takes the top of the stack; throws where there is nothing above the last mark.
    mutating func pop() throws -> PickleReference {
        guard stack.count > marks.last ?? 0, let top = stack.popLast() else { throw underflow() }
        return top
    }

    /// The top of the stack, which stays; throws where there is nothing above the last mark.
    func top() throws -> PickleReference {
        guard stack.count > marks.last ?? 0, let top = stack.last else { throw underflow() }
        return top
    }

    /// Takes everything above the last mark, and the mark; throws where there is none.
    mutating func popToMark() throws -> [PickleReference] {
        guard let mark = marks.popLast() else {
            throw input.problem(expected: "a mark on the stack of a pickle", found: "none")
        }
        let taken = Array(stack[mark...])
        stack.removeSubrange(mark...)
        return taken
    }

    /// Puts a mark on the stack; throws beyond the limit of nesting.
    mutating func pushMark() throws {
        guard marks.count < limits.marks else {
            throw input.problem(expected: "at most \(limits.marks) containers in each other", found: "more")
        }
        marks.append(stack.count)
    }

    /// Counts elements that stand in two places afterwards. Each is copied about once in a sound pickle; one that
    /// copies a large container over and over would fill the memory.
    mutating func spend(_ count: Int) throws {
        copied += count
        guard copied <= 4 * (input.position - start) + 4096 else {
            throw input.problem(
                expected: "containers that are copied once", found: "\(copied) copied elements",
                hint: "the pickle is made to fill the memory")
        }
    }

    private func underflow() -> DataError {
        input.problem(expected: "a value on the stack of a pickle", found: "none")
    }
}

extension Unpickler {
    /// What a call of a name that we know gives, by our own means; nil for every other name.
    mutating func interpret(_ global: PickleGlobal, _ items: [PickleReference]) throws -> PickleReference? {
        switch global.qualifiedName {
        case "collections.OrderedDict", "collections.Counter", "builtins.dict":
            try add(.dictionary(try items.first.map { try entries(of: $0) } ?? []))
        // Its first argument makes missing values.
        case "collections.defaultdict": try add(.dictionary([]))
        case "builtins.list": try add(.list(try copy(items.first)))
        case "builtins.tuple", "torch.Size": try add(.tuple(try copy(items.first)))
        case "builtins.set", "builtins.frozenset": try add(.set(try copy(items.first)))
        case "builtins.bytes", "builtins.bytearray", "_codecs.encode": try encoded(items)
        case "copyreg._reconstructor": try reconstructed(items)
        case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2": try tensor(items)
        case "torch._utils._rebuild_tensor_v3": try tensor(items, typeAt: 6)
        case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state",
            "torch.nn.parameter.Parameter":
            items.first.flatMap { isTensor($0) ? $0 : nil }
        case "torch._tensor._rebuild_from_type_v2": try rebuilt(items)
        case "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar": try scalar(items)
        case "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer": try buffer(items)
        default: nil
        }
    }

    private func isTensor(_ reference: PickleReference) -> Bool {
        if case .tensor = values[reference.index] { true } else { false }
    }

    /// Elements of a list, tuple or set.
    private mutating func copy(_ reference: PickleReference?) throws -> [PickleReference] {
        guard let reference else { return [] }
        switch values[reference.index] {
        case .list(let items), .tuple(let items), .set(let items):
            try spend(items.count)
            return items
        default: throw input.problem(expected: "a list in a pickle", found: "another value")
        }
    }

    /// Entries of a dictionary, or of a list of pairs (Python 2 wrote ordered dictionaries so).
    private mutating func entries(of reference: PickleReference) throws -> [PickleEntry] {
        if case .dictionary(let entries) = values[reference.index] {
            try spend(entries.count)
            return entries
        }
        return try copy(reference).map { pair in
            switch values[pair.index] {
            case .list(let items) where items.count == 2, .tuple(let items) where items.count == 2:
                PickleEntry(key: items[0], value: items[1])
            default: throw input.problem(expected: "pairs of keys and values in a pickle", found: "another value")
            }
        }
    }

    /// Bytes that are written as text of Latin-1, as protocols before 3 do; nil for other arguments.
    private mutating func encoded(_ items: [PickleReference]) throws -> PickleReference? {
        guard let first = items.first else { return try add(.bytes([])) }
        switch values[first.index] {
        case .bytes: return first
        case .text(let text):
            let codec = items.dropFirst().first.map { values[$0.index] }
            guard case .text("latin1") = codec else { return nil }
            try spend(text.utf8.count)
            let scalars = text.unicodeScalars
            guard scalars.allSatisfy({ $0.value < 256 }) else {
                throw input.problem(expected: "bytes written as Latin-1 in a pickle", found: "other characters")
            }
            return try add(.bytes(scalars.map { UInt8(truncatingIfNeeded: $0.value) }))
        default: return nil
        }
    }

    /// `_reconstructor(class, base, state)`, as protocols before 2 make objects: a blank of that class.
    private mutating func reconstructed(_ items: [PickleReference]) throws -> PickleReference? {
        guard let first = items.first, case .global(let global) = values[first.index] else { return nil }
        return try add(.object(PickleObject(global: global, arguments: Self.emptyTuple)))
    }

    /// `_rebuild_from_type_v2(function, type, arguments, state)`: what `function` gives, whatever the subclass is.
    private mutating func rebuilt(_ items: [PickleReference]) throws -> PickleReference? {
        guard items.count >= 3, case .global(let function) = values[items[0].index],
            case .tuple(let arguments) = values[items[2].index],
            // Not itself once more: that could go on and on.
            function.qualifiedName != "torch._tensor._rebuild_from_type_v2"
        else { return nil }
        return try interpret(function, arguments)
    }
}

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
        case .put: try memorize(at: try place(try textLine()))
        case .binput: try memorize(at: try input.number(1))
        case .longBinput: try memorize(at: try input.number(4))
        case .memoize: try memorize(at: memo.count)
        case .get: stack.append(try remembered(try place(try textLine())))
        case .binget: stack.append(try remembered(try input.number(1)))
        case .longBinget: stack.append(try remembered(try input.number(4)))
        default: return false
        }
        return true
    }

    private mutating func memorize(at place: Int) throws {
        memo[place] = try top()
        guard memo.count <= limits.memo else {
            throw input.problem(expected: "a pickle of at most \(limits.memo) remembered values", found: "more")
        }
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
