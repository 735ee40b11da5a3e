extension Unpickler {
    /// Names a class, "calls" one, or refers to a record outside the pickle; false for other operations.
    mutating func callOrName(_ operation: PickleOperation) throws -> Bool {
        switch operation {
        case .global: try push(.global(try nameLines()))
        case .stackGlobal:
            let name = try popName()
            try push(.global(try named(module: try popName(), name: name)))
        case .inst:
            let global = try add(.global(try nameLines()))
            try pushCall(global, try add(.tuple(try popToMark())))
        case .obj:
            let items = try popToMark()
            guard let global = items.first else { throw input.problem(expected: "a class in a pickle", found: "none") }
            try pushCall(global, try add(.tuple(Array(items.dropFirst()))))
        case .reduce, .newObj:
            let arguments = try pop()
            try pushCall(try pop(), arguments)
        case .newObjEx:
            // Keyword arguments are left out: no class that is understood here takes any.
            _ = try pop()
            let arguments = try pop()
            try pushCall(try pop(), arguments)
        case .build: try setState(try pop())
        case .persid: throw input.problem(expected: "a record named by a tuple", found: "one named by a line")
        case .binpersid: try pushStorage(try pop())
        case .ext1, .ext2, .ext4:
            throw input.problem(
                expected: "a pickle that stands by itself", found: "one that uses a registry of its writer's")
        case .nextBuffer, .readonlyBuffer:
            throw input.problem(expected: "a pickle that stands by itself", found: "one with data outside of it")
        default: return false
        }
        return true
    }

    /// The value of calling a class or function, without calling it: `interpret`ed, or a blank.
    private mutating func pushCall(_ callable: PickleReference, _ arguments: PickleReference) throws {
        guard case .tuple(let items) = values[arguments.index] else {
            throw input.problem(expected: "a tuple of arguments in a pickle", found: "another value")
        }
        let global: PickleGlobal
        switch values[callable.index] {
        case .global(let named): global = named
        // What a blank would have returned is a blank too.
        case .object(let object): global = object.global
        default: throw input.problem(expected: "a class or function in a pickle", found: "another value")
        }
        if let value = try interpret(global, items) { return stack.append(value) }
        try push(.object(PickleObject(global: global, arguments: arguments)))
    }

    /// Sets the attributes of what is on top of the stack: those of a blank are kept, NumPy's arrays become tensors,
    /// and those of containers and tensors (`_metadata` of a state dict) are left out.
    private mutating func setState(_ state: PickleReference) throws {
        let index = try top().index
        switch values[index] {
        case .object(var object):
            object.state = state
            values[index] = try array(object).map { .tensor($0) } ?? .object(object)
        case .list, .tuple, .set, .dictionary, .tensor: break
        default: throw input.problem(expected: "an object to set attributes of in a pickle", found: "another value")
        }
    }

    private mutating func nameLines() throws -> PickleGlobal {
        let module = try nameLine()
        return try named(module: module, name: try nameLine())
    }

    private mutating func nameLine() throws -> String {
        guard let line = String(validating: try input.line(), as: UTF8.self) else {
            throw input.problem(expected: "a name in a pickle", found: "bytes that are no UTF-8")
        }
        return line
    }

    private mutating func popName() throws -> String {
        guard case .text(let name) = values[try pop().index] else {
            throw input.problem(expected: "a name in a pickle", found: "another value")
        }
        return name
    }

    private func named(module: String, name: String) throws -> PickleGlobal {
        let global = PickleGlobal(module: module, name: name)
        guard !global.isDangerous else {
            throw input.problem(
                expected: "a file of weights", found: "a pickle that names \(module).\(name)".printable(),
                hint: "nothing was run; such files are made to attack whoever loads them: do not open it elsewhere")
        }
        return global
    }
}
