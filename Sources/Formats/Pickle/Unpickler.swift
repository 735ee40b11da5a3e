import Basics

/// Reads pickles, protocols 0 to 5, without running anything that they name.
///
/// A pickle is a program for a stack machine whose REDUCE, NEWOBJ, INST, OBJ and BUILD call any function it names. Here
/// calls of a few names are understood (containers, tensors, NumPy's arrays and numbers); every other becomes a
/// `PickleObject`, an inert blank. Names that only an attack has use for are refused (`PickleGlobal.isDangerous`).
struct Unpickler {
    var input: PickleInput
    var values: [PickleValue] = [.none, .bool(false), .bool(true), .tuple([])]
    var stack: [PickleReference] = []
    var marks: [Int] = []
    var memo: [Int: PickleReference] = [:]
    var records: [String: PickleStorage] = [:]
    /// Elements copied from one container or text to another.
    private var copied = 0
    private let limits: PickleLimits
    private let start: Int

    static let none = PickleReference(index: 0)
    static let no = PickleReference(index: 1)
    static let yes = PickleReference(index: 2)
    static let emptyTuple = PickleReference(index: 3)

    private init(input: PickleInput, limits: PickleLimits) {
        self.input = input
        self.limits = limits
        start = input.position
    }

    /// The next pickle of `input`, which is left behind it.
    ///
    /// Throws `.malformed` for what is no sound pickle, asks for more than `limits`, or names a dangerous function.
    static func read(_ input: inout PickleInput, limits: PickleLimits = PickleLimits()) throws -> PickleGraph {
        var machine = Unpickler(input: input, limits: limits)
        let root = try machine.run()
        input = machine.input
        return PickleGraph(values: machine.values, root: root, records: machine.records)
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

    /// Keeps a value; throws beyond the limit of values.
    mutating func add(_ value: PickleValue) throws -> PickleReference {
        guard values.count < limits.values else {
            throw input.problem(expected: "a pickle of at most \(limits.values) values", found: "more")
        }
        values.append(value)
        return PickleReference(index: values.count - 1)
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
