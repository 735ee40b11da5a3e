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
