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
        noteCall(global)
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
            throw input.problem(expected: "a name in a pickle", found: "bytes that are not UTF-8")
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

extension Unpickler {
    /// Puts the storage on the stack that ("storage", class, key, location, number of elements, view) names.
    mutating func pushStorage(_ reference: PickleReference) throws {
        guard case .tuple(let items) = values[reference.index], items.count >= 2 else {
            throw input.problem(expected: "a record of PyTorch's", found: "another one outside the pickle")
        }
        // Legacy files of whole modules name classes so, with their source text: ("module", class, file, text).
        if case .text("module") = values[items[0].index] { return stack.append(items[1]) }
        guard items.count >= 5, case .text("storage") = values[items[0].index],
            case .global(let global) = values[items[1].index],
            let key = recordKey(items[2]), let count = integer(items[4]), count >= 0
        else { throw input.problem(expected: "a record of PyTorch's", found: "another one outside the pickle") }
        guard ["torch", "torch.storage", "torch.cuda"].contains(global.module),
            let type = TorchNumberType(storageClass: global.name)
        else {
            throw input.problem(expected: "a storage of numbers", found: "\(global.qualifiedName)".printable())
        }
        let whole = try storage(key: key, type: type, first: 0, count: count, whole: count)
        if let known = records[key], known != whole {
            throw input.problem(
                expected: "record \(key) with \(known.recordByteCount) bytes of \(known.type.name)".printable(),
                found: "\(whole.recordByteCount) bytes of \(type.name)")
        }
        records[key] = whole
        guard items.count > 5, case .tuple(let view) = values[items[5].index] else { return try push(.storage(whole)) }
        // Files from before PyTorch 0.4 have views of storages: (key, first element, number of elements).
        guard view.count == 3, let first = integer(view[1]), let length = integer(view[2]), first >= 0, length >= 0,
            first <= count, length <= count - first
        else { throw input.problem(expected: "a part of record \(key)".printable(), found: "one beyond it") }
        try push(.storage(try storage(key: key, type: type, first: first, count: length, whole: count)))
    }

    private func storage(key: String, type: TorchNumberType, first: Int, count: Int, whole: Int) throws
        -> PickleStorage
    {
        let (size, overflow) = whole.multipliedReportingOverflow(by: type.byteCount)
        guard !overflow else {
            throw input.problem(expected: "a storage that fits into a file", found: "\(whole) elements")
        }
        return PickleStorage(
            place: .record(key), type: type, byteOffset: first * type.byteCount, byteCount: count * type.byteCount,
            recordByteCount: size, bigEndian: nil)
    }

    /// `_rebuild_tensor*(storage, offset, shape, strides, ...)`, with a number type of its own at `typeAt`.
    mutating func tensor(_ items: [PickleReference], typeAt: Int? = nil) throws -> PickleReference? {
        guard items.count >= 4, case .storage(let storage) = values[items[0].index],
            let offset = integer(items[1]), let shape = integers(items[2]), let strides = integers(items[3])
        else {
            throw input.problem(expected: "storage, offset, shape and strides of a tensor", found: "other values")
        }
        var type = storage.type
        if let typeAt {
            guard items.count > typeAt, case .global(let global) = values[items[typeAt].index],
                global.module == "torch", let own = TorchNumberType(dtype: global.name)
            else { throw input.problem(expected: "a tensor's number type", found: "another value") }
            type = own
        }
        guard
            let tensor = PickleTensor(
                storage: storage, type: type, offset: offset, shape: shape, strides: strides)
        else {
            throw input.problem(
                expected: "a tensor inside its storage of \(storage.byteCount) bytes",
                found: "shape \(shape.prefix(8)), strides \(strides.prefix(8)), offset \(offset) of \(type.name)")
        }
        return try add(.tensor(tensor))
    }

    /// A whole number that fits; nil for other values.
    func integer(_ reference: PickleReference) -> Int? {
        if case .integer(let value) = values[reference.index] { Int(exactly: value) } else { nil }
    }

    /// Whole numbers of a tuple or list as short as a shape; nil for other values.
    func integers(_ reference: PickleReference) -> [Int]? {
        switch values[reference.index] {
        case .tuple(let items), .list(let items):
            guard items.count <= PickleTensor.maximumRank else { return nil }
            let numbers = items.compactMap { integer($0) }
            return numbers.count == items.count ? numbers : nil
        default: return nil
        }
    }

    private func recordKey(_ reference: PickleReference) -> String? {
        switch values[reference.index] {
        case .text(let key): key
        case .integer(let key): String(key)
        default: nil
        }
    }
}

extension Unpickler {
    /// `scalar(dtype, bytes)`: a number; nil for types that are none here.
    mutating func scalar(_ items: [PickleReference]) throws -> PickleReference? {
        guard items.count == 2, let (element, bigEndian) = numberType(items[0]),
            dataCount(items[1]) == element.byteCount, let bytes = data(items[1])
        else { return nil }
        let number = ForeignValues(bytes: bytes, element: element, bigEndian: bigEndian)
        if element == .bool { return bytes == [0] ? Self.no : Self.yes }
        return try add(element.isReal ? .real(number.doubles()[0]) : .integer(number.firstInteger))
    }

    /// `_frombuffer(bytes, dtype, shape, order)`: an array.
    mutating func buffer(_ items: [PickleReference]) throws -> PickleReference? {
        guard items.count == 4, case .text(let order) = values[items[3].index],
            let tensor = array(data: items[0], type: items[1], shape: items[2], columnMajor: order == "F")
        else { return nil }
        return try add(.tensor(tensor))
    }

    /// The array that a blank made by `_reconstruct` becomes with its state (version, shape, dtype, whether
    /// column-major, bytes); nil for other blanks.
    func array(_ object: PickleObject) throws -> PickleTensor? {
        let name = object.global.qualifiedName
        guard name == "numpy.core.multiarray._reconstruct" || name == "numpy._core.multiarray._reconstruct",
            let state = object.state, case .tuple(let items) = values[state.index], items.count == 5,
            case .bool(let columnMajor) = values[items[3].index]
        else { return nil }
        return array(data: items[4], type: items[2], shape: items[1], columnMajor: columnMajor)
    }

    private func array(
        data place: PickleReference, type: PickleReference, shape: PickleReference, columnMajor: Bool
    ) -> PickleTensor? {
        guard let (element, bigEndian) = numberType(type), let count = dataCount(place), let shape = integers(shape),
            let strides = PickleTensor.strides(of: shape, columnMajor: columnMajor)
        else { return nil }
        let type = TorchNumberType(element)
        let storage = PickleStorage(
            place: .inside(place), type: type, byteOffset: 0, byteCount: count, recordByteCount: count,
            bigEndian: bigEndian)
        let tensor = PickleTensor(storage: storage, type: type, offset: 0, shape: shape, strides: strides)
        return tensor?.byteCount == count ? tensor : nil
    }

    /// The number type of a blank `numpy.dtype(name, ...)` with state (version, byte order, ...).
    private func numberType(_ reference: PickleReference) -> (element: ForeignElement, bigEndian: Bool)? {
        guard case .object(let object) = values[reference.index], object.global.qualifiedName == "numpy.dtype",
            case .tuple(let arguments) = values[object.arguments.index], let first = arguments.first,
            case .text(let name) = values[first.index],
            let element = TorchNumberType(numpy: name)?.element
        else { return nil }
        guard let state = object.state, case .tuple(let items) = values[state.index], items.count > 1,
            case .text(let order) = values[items[1].index]
        else { return element.byteCount == 1 ? (element, false) : nil }
        return (element, order == ">")
    }

    private func data(_ reference: PickleReference) -> [UInt8]? {
        switch values[reference.index] {
        case .bytes(let bytes): bytes
        case .text(let text): Array(text.utf8)
        default: nil
        }
    }

    private func dataCount(_ reference: PickleReference) -> Int? {
        switch values[reference.index] {
        case .bytes(let bytes): bytes.count
        case .text(let text): text.utf8.count
        default: nil
        }
    }
}
