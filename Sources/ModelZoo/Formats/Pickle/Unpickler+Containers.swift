import Networks

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
        // The value is taken out while its array grows: a second holder would make that a copy.
        let value = values[index]
        values[index] = .none
        switch consume value {
        case .list(var elements):
            elements += items
            values[index] = .list(elements)
        case .set(var elements):
            elements += items
            values[index] = .set(elements)
        case .object(var object):
            object.elements += items
            values[index] = .object(object)
        default: throw input.problem(expected: "a list or set to append to in a pickle", found: "another value")
        }
    }

    /// Appends to the dictionary on top of the stack.
    private mutating func setEntries(_ entries: [PickleEntry]) throws {
        let index = try top().index
        let value = values[index]
        values[index] = .none
        switch consume value {
        case .dictionary(var present):
            present += entries
            values[index] = .dictionary(present)
        case .object(var object):
            object.entries += entries
            values[index] = .object(object)
        default: throw input.problem(expected: "a dictionary to fill in a pickle", found: "another value")
        }
    }
}
