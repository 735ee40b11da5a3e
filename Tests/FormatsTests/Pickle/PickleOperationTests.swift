import TestSupport
import Testing

@testable import Basics
@testable import Formats

@Suite("Unpickler: operations one by one")
struct PickleOperationTests {
    private func text(_ bytes: [UInt8]) throws -> String { pickleText(try unpickle(bytes + PickleBytes.stop)) }

    @Test(
        "Integers of every width, at both ends of their ranges",
        arguments: [
            ([0x4B, 0] as [UInt8], "0"), ([0x4B, 255], "255"), ([0x4D, 0xFF, 0xFF], "65535"), ([0x4D, 1, 0], "1"),
            ([0x4A, 0xFF, 0xFF, 0xFF, 0xFF], "-1"), ([0x4A, 0, 0, 0, 0x80], "-2147483648"),
            ([0x4A, 0xFF, 0xFF, 0xFF, 0x7F], "2147483647"), ([0x8A, 0], "0"), ([0x8A, 1, 0x80], "-128"),
            ([0x8B, 2, 0, 0, 0, 0, 1], "256"),
        ])
    func integers(bytes: [UInt8], value: String) throws { #expect(try text(bytes) == value) }

    @Test("Random integers in two's complement of just enough bytes and of more")
    func longs() throws {
        var choices = RandomChoices(state: 101)
        for _ in 0..<200 {
            let value = Int64(bitPattern: choices.next()) >> Int64.random(in: 0..<64, using: &choices)
            for count in 8...16 {
                let bytes = (0..<count).map { UInt8(truncatingIfNeeded: Int128(value) >> Int128(8 * $0)) }
                #expect(try text([0x8A, UInt8(count)] + bytes) == "\(value)")
            }
            #expect(try text(Array("L\(value)L\n".utf8)) == "\(value)" && text(Array("I\(value)\n".utf8)) == "\(value)")
        }
    }

    @Test("Doubles are big-endian, bit by bit")
    func doubles() throws {
        var choices = RandomChoices(state: 102)
        for bits in [0, 1 << 63, Double.infinity.bitPattern, 1, Double.pi.bitPattern]
            + (0..<50).map({ _ in choices.next() })
        {
            let bytes = [0x47] + PickleBytes.little(Int(bitPattern: UInt(bits)), 8).reversed() + PickleBytes.stop
            let graph = try unpickle(bytes)
            guard case .real(let value) = graph[graph.root] else { Issue.record("no real number"); continue }
            #expect(value.bitPattern == bits)
        }
    }

    @Test(
        "Texts and bytes with lengths of one, four and eight bytes",
        arguments: [
            ([0x8C, 2, 0xC3, 0xA9] as [UInt8], "\"é\""), ([0x58, 1, 0, 0, 0, 0x61], "\"a\""),
            ([0x8D, 1, 0, 0, 0, 0, 0, 0, 0, 0x61], "\"a\""), ([0x43, 2, 0, 255], "b[0, 255]"),
            ([0x42, 1, 0, 0, 0, 7], "b[7]"), ([0x8E, 1, 0, 0, 0, 0, 0, 0, 0, 7], "b[7]"),
            ([0x96, 2, 0, 0, 0, 0, 0, 0, 0, 7, 8], "b[7, 8]"), ([0x8C, 0], "\"\""), ([0x43, 0], "b[]"),
        ])
    func texts(bytes: [UInt8], value: String) throws { #expect(try text(bytes) == value) }

    @Test(
        "Containers by each of their operations",
        arguments: [
            ("K\u{1}\u{85}", "(1)"), ("K\u{1}K\u{2}\u{86}", "(1, 2)"), ("K\u{1}K\u{2}K\u{3}\u{87}", "(1, 2, 3)"),
            ("(t", "()"), ("(K\u{1}l", "[1]"), ("(l", "[]"), ("(d", "{}"), ("(K\u{1}Nd", "{1: None}"),
            ("](K\u{1}K\u{2}e", "[1, 2]"), ("](e", "[]"), ("]Na", "[None]"), ("}K\u{1}Ns", "{1: None}"), ("}(u", "{}"),
            ("\u{8F}(K\u{1}\u{90}", "{1}"), ("(K\u{1}K\u{2}\u{91}", "{1, 2}"), (")", "()"), ("NN0", "None"),
            ("(0N", "None"),
            ("N(NN1", "None"), ("K\u{5}2\u{86}", "(5, 5)"),
        ])
    func containers(pickle: String, value: String) throws {
        #expect(try text(pickle.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }) == value)
    }

    @Test("The memo keeps values by place, in each of its ways, and the last put counts")
    func memo() throws {
        // MEMOIZE takes the next place: 0, then 1.
        #expect(try text([0x4B, 7, 0x94, 0x4B, 8, 0x94, 0x30, 0x30, 0x68, 0, 0x68, 1, 0x86]) == "(7, 8)")
        #expect(try text([0x4B, 7] + PickleBytes.put(70_000) + [0x30] + PickleBytes.get(70_000)) == "7")
        #expect(try text([0x4B, 7, 0x71, 3, 0x30, 0x4B, 9, 0x71, 3, 0x30, 0x68, 3]) == "9")
        // What was put and then filled is one value.
        #expect(try text([0x5D, 0x71, 0, 0x4E, 0x61, 0x68, 0, 0x86]) == "([None], [None])")
    }

    @Test("Protocols up to 5 and frames within the pickle say nothing")
    func frames() throws {
        for version in 0...5 as ClosedRange<UInt8> { #expect(try text([0x80, version, 0x4E]) == "None") }
        #expect(try text([0x80, 4, 0x95] + PickleBytes.little(2, 8) + [0x4E]) == "None")
    }

    @Test("Names from lines and from the stack are the same, and Python 2's modules today's")
    func names() throws {
        #expect(try text(PickleBytes.global("a.b", "C.d")) == "a.b.C.d")
        #expect(try text(PickleBytes.text("a.b") + PickleBytes.text("C.d") + [0x93]) == "a.b.C.d")
        #expect(
            try text(PickleBytes.call("copy_reg", "_reconstructor", PickleBytes.global("m", "T"), [0x4E], [0x4E]))
                == "<m.T()>")
        #expect(try text(PickleBytes.global("__builtin__", "list")) == "builtins.list")
        #expect(try text(PickleBytes.global("m", "T") + [0x29, 0x7D, 0x92]) == "<m.T()>")
    }

    @Test(
        "What cannot be read is said",
        arguments: [
            ([0xFF] as [UInt8], "an operation of a pickle", "byte 0xff"), ([0x80, 6], "pickle protocol 0 to 5", "6"),
            ([0x95, 200, 0, 0, 0, 0, 0, 0, 0], "a frame of at most 1 bytes", "200"),
            ([0x30], "a value on the stack of a pickle", "none"), ([0x32], "a value on the stack of a pickle", "none"),
            ([0x28, 0x32], "a value on the stack of a pickle", "none"),
            ([0x4E, 0x28, 0x85], "a value on the stack of a pickle", "none"),
            ([0x74], "a mark on the stack of a pickle", "none"),
            ([0x4E, 0x4E], "one value at the end of a pickle", "2 values, 0 marks"),
            ([0x68, 4], "a value at place 4 of the memo of a pickle", "none"),
            ([0x28, 0x4E, 0x64], "keys with values in a pickle", "1 items"),
            ([0x4E, 0x4E, 0x61], "a list or set to append to in a pickle", "another value"),
            ([0x4E, 0x4E, 0x4E, 0x73], "a dictionary to fill in a pickle", "another value"),
            ([0x4E, 0x4E, 0x52], "a tuple of arguments in a pickle", "another value"),
            ([0x4E, 0x29, 0x52], "a class or function in a pickle", "another value"),
            ([0x28, 0x6F], "a class in a pickle", "none"),
            ([0x4E, 0x4E, 0x62], "an object to set attributes of in a pickle", "another value"),
            ([0x4E, 0x4E, 0x93], "a name in a pickle", "another value"),
            ([0x8C, 1, 0xFF], "UTF-8 text in a pickle", "other bytes"),
            ([0x50, 0x61, 10], "a record named by a tuple", "one named by a line"),
            ([0x54, 255, 255, 255, 255], "a length", "-1"),
            ([0x82, 1], "a pickle that stands by itself", "one that uses a registry of its writer's"),
            ([0x97], "a pickle that stands by itself", "one with data outside of it"),
        ])
    func problems(bytes: [UInt8], expected: String, found: String) throws {
        let error = try requireDataError { _ = try unpickle(bytes + PickleBytes.stop) }
        #expect(error.kind == .malformed && error.expected == expected && error.found == found)
    }

    @Test(
        "Lines that are no number, text or place are refused",
        arguments: [
            "I\n", "I1.5\n", "Ix\n", "L\n", "LL\n", "F\n", "Fx\n", "S\n", "S'\n", "S'a\n", "Sa\n", "S'\\x4'\n",
            "S'\\q'\n", "S'\\'\n",
            "V\\u12\n", "V\\ud800\n", "V\\u+123\n", "Np-1\n", "Npx\n", "g0\n", "gx\n", "I", "ca\n",
        ])
    func lines(pickle: String) throws {
        #expect(try requireDataError { _ = try unpickle(Array(pickle.utf8) + PickleBytes.stop) }.kind == .malformed)
    }
}
