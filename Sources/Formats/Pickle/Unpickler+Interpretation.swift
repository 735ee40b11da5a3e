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
