/// What a pickle describes: values that refer to each other, and which of them is the whole.
struct PickleGraph: Sendable {
    private let values: [PickleValue]
    /// The value that the pickle stands for.
    let root: PickleReference
    /// The records that its tensors are views of, by key: the type of their numbers and their size.
    let records: [String: PickleStorage]

    init(values: [PickleValue], root: PickleReference, records: [String: PickleStorage]) {
        self.values = values
        self.root = root
        self.records = records
    }

    /// The value at a reference, which must come from this graph.
    subscript(_ reference: PickleReference) -> PickleValue { values[reference.index] }

    /// What a text says; nil for other values.
    func text(_ reference: PickleReference) -> String? {
        if case .text(let text) = self[reference] { text } else { nil }
    }

    /// Entries of a dictionary, or of an object that is a kind of one; nil for other values.
    func entries(_ reference: PickleReference) -> [PickleEntry]? {
        switch self[reference] {
        case .dictionary(let entries): entries
        case .object(let object) where !object.entries.isEmpty: object.entries
        default: nil
        }
    }

    /// Elements of a list or tuple, or of an object that is a kind of list; nil for other values.
    func elements(_ reference: PickleReference) -> [PickleReference]? {
        switch self[reference] {
        case .list(let elements), .tuple(let elements): elements
        case .object(let object) where !object.elements.isEmpty: object.elements
        default: nil
        }
    }
}

/// One value of a pickle. Containers hold references, so a graph may share values and contain itself, and nothing
/// here nests: neither building nor releasing a value ever recurses.
enum PickleValue: Sendable {
    case none
    case bool(Bool)
    /// An integer of up to 128 bits.
    case integer(Int128)
    /// An integer of more bits, whose value is not kept.
    case hugeInteger
    case real(Double)
    case text(String)
    case bytes([UInt8])
    case list([PickleReference])
    case tuple([PickleReference])
    case set([PickleReference])
    /// Entries in the order of the file; of equal keys the last one counts.
    case dictionary([PickleEntry])
    /// A class or function that was named, nothing more.
    indirect case global(PickleGlobal)
    /// What an unknown class or function was to make: an inert blank.
    indirect case object(PickleObject)
    indirect case storage(PickleStorage)
    indirect case tensor(PickleTensor)
}

/// An inert blank in place of an object: which class or function was named and what it was given. Nothing was run.
struct PickleObject: Sendable {
    /// The class or function.
    let global: PickleGlobal
    /// A tuple of arguments.
    let arguments: PickleReference
    /// What the object's attributes were to be set from.
    var state: PickleReference?
    /// Entries that were set, if the class is a kind of dictionary.
    var entries: [PickleEntry] = []
    /// Elements that were appended, if the class is a kind of list.
    var elements: [PickleReference] = []
}

/// A value's place in its `PickleGraph`.
struct PickleReference: Hashable, Sendable {
    let index: Int
}

/// One entry of a dictionary.
struct PickleEntry: Sendable {
    let key: PickleReference
    let value: PickleReference
}

/// The name of a class or function in a pickle.
struct PickleGlobal: Hashable, Sendable {
    let module: String
    let name: String

    /// Module and name with a dot between them; Python 2's names of modules are replaced by today's.
    var qualifiedName: String {
        switch module {
        case "__builtin__": "builtins.\(name)"
        case "copy_reg": "copyreg.\(name)"
        default: "\(module).\(name)"
        }
    }

    /// Whether it has no place in a file of weights: what starts programs, runs text as a program or reaches files.
    ///
    /// Nothing that a pickle names is ever run here; but whoever names these meant it to be, and the user should know.
    var isDangerous: Bool {
        let package = module.prefix { $0 != "." }
        return Self.dangerousPackages.contains(String(package)) || Self.dangerousNames.contains(qualifiedName)
    }

    private static let dangerousPackages: Set<String> = [
        "os", "posix", "nt", "posixpath", "ntpath", "subprocess", "pty", "sys", "socket", "shutil", "runpy", "codeop",
        "ctypes", "importlib", "imp", "pickle", "_pickle", "cPickle", "marshal", "webbrowser", "timeit", "pdb", "bdb",
        "pip", "idlelib",
    ]
    private static let dangerousNames: Set<String> = [
        "builtins.eval", "builtins.exec", "builtins.execfile", "builtins.compile", "builtins.open",
        "builtins.__import__", "builtins.breakpoint", "builtins.input", "builtins.raw_input", "builtins.apply",
        "builtins.globals", "builtins.locals", "builtins.vars", "builtins.delattr", "builtins.file", "builtins.reload",
        "io.open", "_io.open", "_io.FileIO", "io.FileIO", "operator.attrgetter", "operator.methodcaller",
        "_operator.attrgetter", "_operator.methodcaller", "types.CodeType", "types.FunctionType",
        "torch.load", "torch.hub.load", "torch.jit.load", "numpy.load", "numpy.loadtxt",
    ]
}
