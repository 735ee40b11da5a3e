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
