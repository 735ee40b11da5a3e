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
