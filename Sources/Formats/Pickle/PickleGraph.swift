/// What a pickle describes: values that refer to each other, and which of them is the whole.
struct PickleGraph: Sendable {
    private let values: [PickleValue]
    /// The value that the pickle stands for.
    let root: PickleReference
    /// The records that its tensors are views of, by key: the type of their numbers and their size.
    let records: [String: PickleStorage]
    /// Classes and functions that it calls and that are blanks here, each once, in the order of the file.
    let calls: [PickleGlobal]

    init(
        values: [PickleValue], root: PickleReference, records: [String: PickleStorage], calls: [PickleGlobal] = []
    ) {
        self.values = values
        self.root = root
        self.records = records
        self.calls = calls
    }

    /// A word on what the pickle calls and what is not known to be harmless; nil where there is no such thing.
    var calledNote: String? {
        let names = calls.filter { !$0.isHarmless }.map(\.qualifiedName)
        guard !names.isEmpty else { return nil }
        return "Python would call \(names.shownFirst(8)) when it loads this file; nothing was run here "
            + "(load it elsewhere only if you trust whoever made it)"
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

extension PickleGlobal {
    /// Whether calling it does nothing but make a value, as those who wrote it say: numbers and containers of Python's
    /// own, layers of PyTorch. A list of what is dangerous is never complete; whatever is not here is named to the user.
    var isHarmless: Bool {
        Self.harmlessNames.contains(qualifiedName)
            || Self.harmlessModules.contains { module == $0 || module.hasPrefix("\($0).") } && !name.contains(".")
    }

    private static let harmlessModules = [
        "torch.nn.modules", "torch.nn.parameter", "torch.optim", "torch.ao.nn", "torch._utils", "torch._tensor",
        "torchvision.models",
    ]
    private static let harmlessNames: Set<String> = [
        "argparse.Namespace", "types.SimpleNamespace", "builtins.object", "builtins.int", "builtins.float",
        "builtins.bool", "builtins.complex", "builtins.str", "builtins.slice", "builtins.range", "builtins.set",
        "builtins.frozenset", "builtins.dict", "builtins.list", "builtins.tuple", "builtins.bytes",
        "builtins.bytearray", "collections.OrderedDict", "collections.Counter", "collections.defaultdict",
        "collections.deque", "copyreg._reconstructor", "datetime.datetime", "datetime.date", "datetime.time",
        "datetime.timedelta", "datetime.timezone", "decimal.Decimal", "fractions.Fraction", "uuid.UUID",
        "pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePath", "pathlib.PurePosixPath",
        "pathlib.PureWindowsPath", "pathlib._local.PosixPath", "pathlib._local.WindowsPath",
        "numpy.dtype", "numpy.ndarray", "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct",
        "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "numpy.core.numeric._frombuffer",
        "numpy._core.numeric._frombuffer", "numpy.random._pickle.__randomstate_ctor",
        "numpy.random._pickle.__generator_ctor", "numpy.random._pickle.__bit_generator_ctor", "_codecs.encode",
        "torch.Size", "torch.device", "torch.Tensor", "torch.serialization._get_layout", "torch.Generator",
        "torch.torch_version.TorchVersion", "torch.optim.lr_scheduler.LambdaLR",
    ]
}
