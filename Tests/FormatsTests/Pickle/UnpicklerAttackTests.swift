import Networks
import TestSupport
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("Unpickler: hostile pickles", .timeLimit(.minutes(2)))
struct UnpicklerAttackTests {
    private func problem(_ bytes: [UInt8], limits: PickleLimits = PickleLimits()) -> DataError? {
        dataError { _ = try unpickle(bytes + PickleBytes.stop, limits: limits) }
    }

    @Test(
        "names that only an attack has use for are refused, called or not",
        arguments: [
            ("os", "system"), ("posix", "system"), ("nt", "system"), ("os.path", "join"), ("subprocess", "Popen"),
            ("builtins", "eval"), ("__builtin__", "exec"), ("builtins", "__import__"), ("importlib", "import_module"),
            ("pickle", "loads"), ("runpy", "run_path"), ("sys", "modules"), ("torch", "load"), ("io", "open"),
        ])
    func dangerousNames(module: String, name: String) {
        let stacked = PickleBytes.text(module) + PickleBytes.text(name) + [0x93]
        for bytes in [
            PickleBytes.call(module, name, PickleBytes.text("true")), PickleBytes.global(module, name), stacked,
            PickleBytes.mark + PickleBytes.text("true") + Array("i\(module)\n\(name)\n".utf8),
        ] {
            let error = problem(bytes)
            #expect(error?.kind == .malformed)
            #expect(error?.found == "a pickle that names \(module).\(name)")
        }
    }

    @Test("any other name is kept and never run", arguments: ["REDUCE", "NEWOBJ", "NEWOBJ_EX", "INST", "OBJ"])
    func otherNames(operation: String) throws {
        let marker = "/tmp/weightspace-must-not-exist"
        let name = PickleBytes.global("pathlib", "Path.touch")
        let argument = PickleBytes.text(marker)
        let bytes =
            switch operation {
            case "REDUCE": name + PickleBytes.tuple(argument) + PickleBytes.reduce
            case "NEWOBJ": name + PickleBytes.tuple(argument) + [0x81]
            case "NEWOBJ_EX": name + PickleBytes.tuple(argument) + PickleBytes.emptyDictionary + [0x92]
            case "INST": PickleBytes.mark + argument + Array("ipathlib\nPath.touch\n".utf8)
            default: PickleBytes.mark + name + argument + Array("o".utf8)
            }
        let graph = try unpickle(bytes + PickleBytes.stop)
        #expect(pickleText(graph) == "<pathlib.Path.touch(\"\(marker)\")>")
        #expect(dataError { _ = try RegularFile(path: marker) }?.kind == .missing)
    }

    @Test("nesting of any depth is read, and released, without recursion")
    func deepNesting() throws {
        let depth = 500_000
        let lists = [UInt8](repeating: 0x5D, count: depth) + [UInt8](repeating: 0x61, count: depth - 1)
        let graph = try unpickle(lists + PickleBytes.stop)
        #expect(graph.elements(graph.root)?.count == 1)
        let tuples = PickleBytes.none + [UInt8](repeating: 0x85, count: depth)
        _ = try unpickle(tuples + PickleBytes.stop)
        let error = problem([UInt8](repeating: 0x28, count: depth))
        #expect(error?.expected == "at most 4096 containers in each other")
    }

    @Test(
        "claimed sizes are held against the bytes that are there",
        arguments: [
            [0x58, 0xFF, 0xFF, 0xFF, 0xFF], [0x42, 0xFF, 0xFF, 0xFF, 0xFF], [0x8C, 200, 1],
            [0x8D] + [UInt8](repeating: 0xFF, count: 8), [0x8E, 0, 0, 0, 0, 0, 0, 0, 0x7F],
            [0x96, 0, 0, 0, 0, 0, 0, 0, 0x80], [0x54, 0xFF, 0xFF, 0xFF, 0x7F], [0x54, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x8B, 0xFF, 0xFF, 0xFF, 0x7F], [0x8B, 0, 0, 0, 0x80], [0x95, 0, 0, 0, 0, 1, 0, 0, 0], [0x55, 9],
        ] as [[UInt8]])
    func sizes(bytes: [UInt8]) {
        #expect(problem(bytes)?.kind == .malformed)
    }

    @Test("limits of values and operations hold whatever the operations are")
    func limits() {
        let limits = PickleLimits(values: 1000, operations: 5000)
        let memoized = PickleBytes.none + [UInt8](repeating: 0x94, count: 10_000)
        let doubled = PickleBytes.none + [UInt8](repeating: 0x32, count: 10_000)
        let made = [UInt8](repeating: 0x5D, count: 2_000)
        for bytes in [memoized, doubled, made] {
            #expect(problem(bytes, limits: limits)?.expected.contains("at most") == true)
        }
        // The highest place of the memo costs no more than another.
        #expect(problem(PickleBytes.none + PickleBytes.put(0xFFFF_FFFF)) == nil)
    }

    @Test("laughter: a container doubled sixty times is sixty values")
    func doubling() throws {
        var bytes = PickleBytes.emptyList + PickleBytes.put(0)
        for level in 1...60 {
            bytes += PickleBytes.emptyList + PickleBytes.get(level - 1) + PickleBytes.append
            bytes += PickleBytes.get(level - 1) + PickleBytes.append + PickleBytes.put(level)
        }
        try withFolder { (folder: String) throws in
            let path = "\(folder)/laughs.pt"
            try writeCheckpoint(path, pickle: PickleBytes.mark + bytes + PickleBytes.tuple)
            #expect(dataError { _ = try networks(path) }?.expected == "a checkpoint with tensors")
        }
    }

    @Test(
        "copies of a large container over and over are refused",
        arguments: [("collections", "OrderedDict"), ("builtins", "list"), ("builtins", "set"), ("torch", "Size")])
    func copies(module: String, name: String) {
        let pair = PickleBytes.tuple(PickleBytes.none, PickleBytes.none)
        var bytes = PickleBytes.emptyList + PickleBytes.mark
        for _ in 0..<2_000 { bytes += pair }
        bytes += Array("e".utf8) + PickleBytes.put(0)
        bytes = PickleBytes.mark + bytes
        for _ in 0..<200 { bytes += PickleBytes.call(module, name, PickleBytes.get(0)) }
        #expect(problem(bytes + PickleBytes.tuple)?.hint == "the pickle is made to fill the memory")
    }

    @Test("bytes decoded from one text over and over are refused")
    func encoding() {
        let text = PickleBytes.text(String(repeating: "x", count: 10_000)) + PickleBytes.put(0)
        var bytes = PickleBytes.mark + text
        for _ in 0..<200 {
            bytes += PickleBytes.call("_codecs", "encode", PickleBytes.get(0), PickleBytes.text("latin1"))
        }
        #expect(problem(bytes + PickleBytes.tuple)?.hint == "the pickle is made to fill the memory")
    }

    @Test("filling containers one by one takes time in their size, not its square", arguments: [false, true])
    func growth(isObject: Bool) throws {
        let empty = isObject ? PickleBytes.global("a", "B") + Array(")".utf8) + [0x81] : PickleBytes.emptyDictionary
        let count = 300_000
        var bytes = empty
        for _ in 0..<count { bytes += PickleBytes.none + PickleBytes.none + PickleBytes.setItem }
        bytes += PickleBytes.stop
        let started = ContinuousClock.now
        let graph = try unpickle(bytes)
        // Copying all entries for each one would take minutes; this takes a fraction of a second.
        #expect(ContinuousClock.now - started < .seconds(5))
        #expect(graph.entries(graph.root)?.count == count)
    }

    @Test(
        "programs that the machine cannot run",
        arguments: [
            "", "N", "0.", "NN.", "(N.", "t.", "NR.", "NNR.", "ccopy\nThing\nNR.", "Na.", "NNa.", "NNNs.", "}(Nu.",
            "h\u{0}.", "g-1\n.", "p0\n.", "Nb.", "ccopy\nThing\n}b.", "I1x\n.", "L--1L\n.", "Fabc\n.", "S'abc\n.",
            "S'a\\q'\n.", "S'\\x4'\n.", "V\\ud800\n.", "P1\n.", "(NtQ.", "NQ.", "\u{82}\u{1}.", "\u{97}.", "\u{98}.",
            "\u{80}\u{6}N.", "\u{FF}.", "N\u{93}.", "cabc", "(o.", "ccollections\nOrderedDict\n(I1\ntR.",
            "2.", "1.", "X\u{1}\0\0\0\u{FF}.",
        ])
    func nonsense(pickle: String) {
        let bytes = pickle.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        #expect(dataError { _ = try unpickle(bytes) }?.kind == .malformed)
    }

    @Test("random operations give a value or an error")
    func noise() {
        var noise = DatasetNoise(seed: 7)
        let codes = (0...255).compactMap { PickleOperation(rawValue: UInt8($0))?.rawValue }
        var values = 0
        for _ in 0..<fuzzCount(20_000) {
            var bytes: [UInt8] = []
            for _ in 0..<noise.below(40) {
                bytes.append(noise.below(4) == 0 ? UInt8(noise.below(256)) : codes[noise.below(codes.count)])
            }
            do {
                _ = pickleText(try unpickle(bytes + PickleBytes.stop))
                values += 1
            } catch {
                #expect(error is DataError)
            }
        }
        #expect(values > 0)
    }
}
