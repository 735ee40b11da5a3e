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
