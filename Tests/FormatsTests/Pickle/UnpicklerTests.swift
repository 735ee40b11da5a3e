import Basics
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Unpickler: what sound pickles say")
struct UnpicklerTests {
    /// What Scripts/make_torch_checkpoints.py put into mixture-<protocol>.pkl.
    static let mixture = """
        {"none": None, "true": True, "false": False, "small": 7, "byte": 255, "short": 65535, "negative": -1, \
        "word": -2147483648, "long": 2147483648, "wide": -1267650600228229401496703205376, "huge": huge, "real": 0.1, \
        "infinite": inf, "text": "täxt € 😀 \\\\ \\n 'quoted'", "bytes": b[0, 255, 32, 98, 121, 116, 101, 115], \
        "empty": [(), [], {}, ""], "tuples": [(1), (1, 2), (1, 2, 3), (1, 2, 3, 4)], "set": {5}, "frozen": {6}, \
        "shared": [["shared"], ["shared"]], "ordered": {"b": 1, "a": 2}, "counter": {"a": 2, "b": 1}, \
        "default": {"k": [1]}, "namespace": <argparse.Namespace(){"rate": 0.5}>, "integer": -7, "number": 2.5, \
        "flag": True, 3: "integer key", "itself": [...]}
        """

    @Test("values of every kind in every protocol", arguments: 0...5)
    func mixture(version: Int) throws {
        let graph = try unpickle(Array(try bytes(checkpointFixture("mixture-\(version).pkl"))))
        #expect(pickleText(graph) == Self.mixture)
    }

    @Test("shared containers are one value")
    func shared() throws {
        let graph = try unpickle(Array(try bytes(checkpointFixture("mixture-4.pkl"))))
        let value = try #require(graph.entries(graph.root)?.first { graph.text($0.key) == "shared" }?.value)
        let items = try #require(graph.elements(value))
        #expect(items.count == 2 && items[0] == items[1])
    }

    @Test(
        "operations that Python writes seldom",
        arguments: [
            ("(I1\nI2\nl.", "[1, 2]"), ("(I1\nI01\nd.", "{1: True}"), ("I1\nI2\n0.", "1"), ("(I1\nI2\n1N.", "None"),
            ("]2\u{61}.", "[...]"), ("](0.", "[]"), ("(S'a\\x41\\n\\\\\\''\nI00\nt.", "(\"aA\\n\\\\'\", False)"),
            ("S\"it's\"\n.", "\"it's\""), ("U\u{3}abc.", "\"abc\""), ("T\u{2}\0\0\0ab.", "\"ab\""),
            ("F-1.5e3\n.", "-1500.0"), ("L-12L\n.", "-12"), ("L5\n.", "5"), ("Va\\u20acb\n.", "\"a€b\""),
            ("(I1\nicopy\nThing\n.", "<copy.Thing(1)>"), ("(ccopy\nThing\nI1\no.", "<copy.Thing(1)>"),
            ("ccopy\nThing\n.", "copy.Thing"), ("ccopy\nThing\n)R}bp0\n0g0\n.", "<copy.Thing(){}>"),
            ("ccopy\nmake\n)R)R.", "<copy.make()>"), ("K\u{1}q\u{5}0h\u{5}.", "1"),
            ("c__builtin__\ntuple\n(](I1\nI2\netR.", "(1, 2)"),
            ("ccollections\nOrderedDict\n]](I1\nI2\nea\u{85}R.", "{1: 2}"),
        ])
    func rare(pickle: String, value: String) throws {
        let bytes = pickle.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        // The one text beyond Latin-1 is an escape, so that scalars are bytes here.
        #expect(pickleText(try unpickle(bytes)) == value)
    }

    @Test("integers of any width in two's complement")
    func longs() throws {
        for (bytes, value) in [([], 0), ([0xFF], -1), ([0xFF, 0], 255), ([0, 0x80], -32768)] as [([UInt8], Int)] {
            #expect(pickleText(try unpickle([0x8A, UInt8(bytes.count)] + bytes + PickleBytes.stop)) == "\(value)")
        }
        let widest = [UInt8](repeating: 0xFF, count: 15) + [0x7F]
        #expect(pickleText(try unpickle([0x8B, 16, 0, 0, 0] + widest + PickleBytes.stop)) == "\(Int128.max)")
        #expect(pickleText(try unpickle([0x8A, 17] + widest + [0] + PickleBytes.stop)) == "huge")
    }

    @Test("strings of Python 2 that are no UTF-8 are bytes")
    func pythonStrings() throws {
        #expect(pickleText(try unpickle([0x55, 2, 0xC3, 0xA9, 0x2E])) == "\"é\"")
        #expect(pickleText(try unpickle([0x55, 2, 0xC3, 0x28, 0x2E])) == "b[195, 40]")
    }

    @Test("several pickles in one file, through windows smaller than they are")
    func windows() throws {
        try withFolder { (folder: String) throws in
            let long = String(repeating: "0123456789", count: 20_000)
            let first = PickleBytes.text(long) + PickleBytes.stop
            let second = PickleBytes.mark + (0..<40_000).flatMap { PickleBytes.integer($0) } + PickleBytes.tuple
            let path = try DatasetFolder(path: folder).write(first + second + PickleBytes.stop + [1, 2, 3], to: "two")
            var input = PickleInput(file: try RegularFile(path: path))
            let text = try Unpickler.read(&input)
            #expect(text.text(text.root) == long)
            #expect(input.position == first.count)
            let numbers = try Unpickler.read(&input)
            let items = try #require(numbers.elements(numbers.root))
            #expect(items.count == 40_000)
            let said = items.map { if case .integer(let value) = numbers[$0] { Int(value) } else { -1 } }
            #expect(said == Array(0..<40_000))
            #expect(input.remaining == 3)
        }
    }

    @Test("dictionaries and lists of unknown classes keep what they were given")
    func subclasses() throws {
        let object = PickleBytes.global("some.package", "Attributes") + Array(")".utf8) + [0x81]
        let filled = object + PickleBytes.text("lr") + PickleBytes.integer(3) + PickleBytes.setItem + PickleBytes.stop
        let graph = try unpickle(filled)
        #expect(pickleText(graph) == "<some.package.Attributes()\"lr\": 3>")
        #expect(graph.entries(graph.root)?.count == 1)
        let list = try unpickle(object + PickleBytes.none + PickleBytes.append + PickleBytes.stop)
        #expect(list.elements(list.root)?.count == 1)
    }
}
