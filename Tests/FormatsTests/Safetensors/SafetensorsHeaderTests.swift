import Foundation
import Networks
import TestSupport
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("Headers of safetensors files")
struct SafetensorsHeaderTests {
    private func read(_ header: String, payload: [UInt8] = []) throws -> ForeignNetwork {
        try withFolder { (folder: String) throws in
            let bytes = DatasetBytes.little(UInt64(header.utf8.count)) + header.utf8 + payload
            let path = try DatasetFolder(path: folder).write(bytes, to: "x.safetensors")
            return try #require(try SafetensorsSource(path: path).all().first)
        }
    }

    private func entry(_ name: String, _ type: String, _ shape: String, _ start: Int, _ end: Int) -> String {
        #""\#(name)":{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(start),\#(end)]}"#
    }

    @Test(
        "Every number type takes its bytes, and one byte fewer or more is refused",
        arguments: [
            ("F64", ForeignElement.float64), ("F32", .float32), ("F16", .float16), ("BF16", .bfloat16), ("I64", .int64),
            ("I32", .int32), ("I16", .int16), ("I8", .int8), ("U8", .uint8), ("BOOL", .bool),
        ])
    func types(code: String, element: ForeignElement) throws {
        let size = 3 * element.byteCount
        let found = try read("{\(entry("a", code, "3", 0, size))}", payload: [UInt8](repeating: 0, count: size))
        #expect(found.tensors.map(\.values.element) == [element] && found.tensors[0].values.floats() == [0, 0, 0])
        for wrong in [size - 1, size + 1] {
            let error = try requireDataError {
                _ = try read("{\(entry("a", code, "3", 0, wrong))}", payload: [UInt8](repeating: 0, count: wrong))
            }
            #expect(error.expected == "\(wrong) bytes of \(code)" && error.path.hasSuffix("tensor a"))
        }
        #expect(SafetensorsHeader.elements.count == 10)
    }

    @Test(
        "Numbers of eight bits and fewer are refused as quantised", arguments: ["F8_E4M3", "F8_E5M2", "F4", "F8_E8M0"])
    func quantised(code: String) throws {
        let error = try requireDataError { _ = try read("{\(entry("a", code, "1", 0, 1))}", payload: [0]) }
        #expect(error.found == "quantised ones: \(code)" && error.path.hasSuffix("tensor a"))
    }

    @Test("Tensors that share their numbers stand under all their names; other metadata are facts")
    func shared() throws {
        let header = """
            {"__metadata__":{"b.w":"a.w","c.w":"a.w","seed":"3","note":"a.w","a.w":"x"},\(entry("a.w", "U8", "2", 0, 2)),\
            \(entry("note", "U8", "0", 2, 2))}
            """
        let found = try read(header, payload: [1, 2])
        #expect(found.tensors.map(\.name) == ["a.w", "note", "b.w", "c.w"])
        #expect(
            [0, 2, 3].allSatisfy { found.tensors[$0].values.floats() == [1, 2] && found.tensors[$0].shape == [2] })
        #expect(found.facts == ["seed": .integer(3), "note": .text("a.w"), "a.w": .text("x")])
    }

    @Test("Tied layers of one shape are matched, whichever comes first; others are doubtful")
    func tied() throws {
        let layout = Architecture.mlp(MLP.Config(widths: [2, 2, 2, 1])).layout
        func mapping(_ shared: String) throws -> TensorMapping {
            let header = """
                {"__metadata__":{\(shared)},\(entry("a.bias", "U8", "2", 0, 2)),\(entry("a.weight", "U8", "2,2", 2, 6)),\
                \(entry("b.bias", "U8", "2", 6, 8)),\(entry("c.bias", "U8", "1", 8, 9)),\
                \(entry("c.weight", "U8", "1,2", 9, 11))}
                """
            let network = try read(header, payload: [1, 2, 3, 4, 5, 6, 1, 2, 7, 8, 9])
            return try TensorMapping(network.tensors, isOrdered: network.isOrdered, layout: layout, place: "/x")
        }
        let names = try mapping(#""b.weight":"a.weight""#)
        #expect(names.weights.map { names.names[$0] }.suffix(2) == ["c.weight", "c.bias"])
        #expect(Set(names.weights).count == 6)
    }

    @Test("A small file that names its numbers over and over is refused")
    func sharedTooOften() throws {
        let size = 1 << 16
        let names = (0..<400).map { "\"n\($0)\":\"a\"" }.joined(separator: ",")
        let header = "{\"__metadata__\":{\(names)},\(entry("a", "U8", "\(size)", 0, size))}"
        let error = try requireDataError { _ = try read(header, payload: [UInt8](repeating: 0, count: size)) }
        #expect(error.hint.contains("fill the memory"))
    }

    @Test("Types of the format that are not read are named", arguments: ["U16", "U64", "f32", ""])
    func otherTypes(code: String) throws {
        let error = try requireDataError { _ = try read("{\(entry("a", code, "1", 0, 1))}", payload: [0]) }
        #expect(error.found == "\"\(code)\"" && error.expected.contains("BF16"))
    }

    @Test("Tensors stand in the order of their bytes, whatever that of the header; empty ones where they begin")
    func order() throws {
        let entries = [entry("z", "U8", "2", 0, 2), entry("none", "F32", "4,0", 2, 2), entry("a", "U8", "", 2, 3)]
        for order in [entries, entries.reversed()] {
            let found = try read("{\(order.joined(separator: ","))}", payload: [5, 6, 7])
            #expect(found.tensors.map(\.name) == ["z", "none", "a"] && !found.isOrdered)
            #expect(found.tensors.map { $0.values.floats() } == [[5, 6], [], [7]])
        }
    }

    @Test("A header of nothing is a network of nothing; blanks behind it are padding")
    func empty() throws {
        for header in ["{}", "{}      ", "{\"__metadata__\":{}}"] {
            let found = try read(header)
            #expect(found.tensors.isEmpty && found.facts.isEmpty)
        }
        #expect(try requireDataError { _ = try read("{}", payload: [1]) }.found == "1 bytes that belong to none")
    }

    @Test("Metadata are facts of the kind they read as; the spelling is kept where it is another")
    func metadata() throws {
        let texts = #"{"format":"pt","seed":"007","lr":"1e-3","note":"a \"b\"","empty":"","unknown":"nan"}"#
        let found = try read(#"{"__metadata__":\#(texts)}"#)
        #expect(found.facts == ["seed": .integer(7), "lr": .real(0.001), "note": .text("a \"b\"")])
        #expect(found.spellings == ["seed": "007", "lr": "1e-3"])
    }

    @Test("Extra keys of an entry say nothing; missing and mistyped ones are refused")
    func keys() throws {
        let extra = #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"more":{"x":[1]}}}"#
        #expect(try read(extra, payload: [9]).tensors[0].values.floats() == [9])
        for wrong in [
            #"{"a":{"shape":[1],"data_offsets":[0,1]}}"#, #"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#,
            #"{"a":{"dtype":"U8","shape":1,"data_offsets":[0,1]}}"#,
            #"{"a":{"dtype":1,"shape":[1],"data_offsets":[0,1]}}"#,
            #"{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}"#,
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}"#,
            #"{"a":null}"#, #"{"a":[]}"#, #"{"__metadata__":[]}"#,
        ] {
            let error = try requireDataError { _ = try read(wrong, payload: [0]) }
            #expect(error.kind == .malformed && error.expected == "a safetensors header in JSON", "\(wrong)")
        }
    }

    @Test("Blanks or other bytes before the brace are refused", arguments: [" {}", "\n{}", "\u{FEFF}{}", "null", "0"])
    func beginnings(header: String) throws {
        #expect(try requireDataError { _ = try read(header) }.kind == .malformed)
    }

    @Test("A file is recognised by a length within it and a brace")
    func detection() {
        func begins(_ length: UInt64, _ text: String, count: Int) -> Bool {
            SafetensorsHeader.begins(DatasetBytes.little(length) + text.utf8, count: count)
        }
        #expect(begins(2, "{}", count: 10) && begins(0, "{", count: 9))
        #expect(!begins(3, "{}", count: 10) && !begins(.max, "{}", count: 10) && !begins(2, "[]", count: 10))
        #expect(!begins(2, "", count: 10) && !SafetensorsHeader.begins([], count: 0))
    }

    @Test("Random tensors come back bit by bit from what the writer writes")
    func written() throws {
        var choices = RandomChoices(state: 51)
        for _ in 0..<20 {
            let tensors = (0..<Int.random(in: 0...4, using: &choices)).map { index in
                let shape = (0..<Int.random(in: 0...3, using: &choices)).map { _ in
                    Int.random(in: 0...3, using: &choices)
                }
                let values = (0..<shape.reduce(1, *)).map { _ in Float.random(in: -9...9, using: &choices) }
                return SafetensorsWriter.Entry(name: "\(index)\(choices.text())", shape: shape, values: values[...])
            }
            let bytes = try SafetensorsWriter.bytes(tensors, metadata: ["k": choices.text() + "x"])
            let found = try withFolder { (folder: String) throws in
                let path = try DatasetFolder(path: folder).write(bytes, to: "w.safetensors")
                #expect(try ZooFormat.detect(path) == .safetensors)
                return try SafetensorsSource(path: path).all()
            }
            let expected = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, Array($0.values)) })
            #expect(
                Dictionary(uniqueKeysWithValues: found[0].tensors.map { ($0.name, $0.values.floats()) }) == expected)
        }
    }
}
