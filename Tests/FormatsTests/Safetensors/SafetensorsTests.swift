import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("safetensors")
struct SafetensorsTests {
    /// A file of a header and `count` zero bytes.
    private func file(_ header: String, count: Int, length: UInt64? = nil) -> Data {
        var data = withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { Data($0) }
        data += Data(header.utf8)
        return data + Data(count: count)
    }

    private func read(_ data: Data) throws -> [ForeignNetwork] {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/x.safetensors"
            try data.write(to: URL(fileURLWithPath: path))
            return try SafetensorsSource(path: path).all()
        }
    }

    @Test("every number type, empty and scalar tensors, as the reference says")
    func types() throws {
        let path = formatFixture("types.safetensors")
        let networks = try SafetensorsSource(path: path).all()
        #expect(networks.map(\.asExpected) == (try expected("types.safetensors")))
        #expect(networks[0].facts == ["note": .text("all types")])
        #expect(networks[0].tensors.map(\.values.element).prefix(3) == [.float64, .float32, .float16])
        #expect(try ZooFormat.detect(path) == .safetensors)
    }

    @Test(
        "headers that lie are refused",
        arguments: [
            (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 4, "at most to 4"),
            (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 12, "4 bytes that belong to none"),
            (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8, "the shape [3]"),
            (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, "8 to 0"),
            (
                #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
                    + #""b":{"dtype":"U8","shape":[8],"data_offsets":[2,10]}}"#, 10, "2 to 10"
            ),
            (
                #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
                    + #""b":{"dtype":"U8","shape":[4],"data_offsets":[8,12]}}"#, 12, "8 to 12"
            ),
            (#"{"a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}"#, 8, "the shape [-1, -2]"),
            (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0, "the shape"),
            (#"{"a":{"dtype":"F32","shape":[0],"data_offsets":[-4,-4]}}"#, 0, "-4 to -4"),
            (#"{"a":{"dtype":"F9","shape":[2],"data_offsets":[0,8]}}"#, 8, "\"F9\""),
            (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#, 8, "1 offsets"),
            (#"{"a":{"dtype":"F32","shape":[2]}}"#, 8, "data_offsets"),
            (#"{"a":7}"#, 0, "a"), (#"{"__metadata__":{"x":1}}"#, 0, "__metadata__"),
            (#"["a"]"#, 0, "no {"), (#"{"a":"#, 0, "JSON"), ("", 0, "no {"),
        ])
    func lies(header: String, count: Int, says: String) {
        let error = dataError { _ = try read(file(header, count: count)) }
        #expect(error?.kind == .malformed, "\(String(describing: error))")
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
    }

    @Test("lengths beyond the file, nesting and short files are refused")
    func lengths() {
        for length in [UInt64.max, 1 << 63, 100_000_001, 3] {
            #expect(dataError { _ = try read(file("{}", count: 0, length: length)) }?.kind == .malformed)
        }
        let deep = String(repeating: "[", count: 200_000)
        #expect(dataError { _ = try read(file("{\"a\":\(deep)", count: 0)) }?.kind == .malformed)
        for count in 0..<8 { #expect(dataError { _ = try read(Data(count: count)) }?.kind == .malformed) }
    }

    @Test("what is written is read again, aligned and with metadata in order")
    func roundTrip() throws {
        let tensors = [
            SafetensorsWriter.Entry(name: "b.\"w\\é\n", shape: [2, 2], values: [1, -2, 3.5, .leastNonzeroMagnitude]),
            SafetensorsWriter.Entry(name: "a", shape: [], values: [7]),
        ]
        let bytes = try SafetensorsWriter.bytes(tensors, metadata: ["seed": "3", "format": "pt", "lr": "0.5"])
        #expect(bytes[0] % 8 == 0 && bytes.count == 8 + Int(bytes[0]) + Int(bytes[1]) * 256 + 20)
        let networks = try read(Data(bytes))
        #expect(networks[0].tensors.map(\.name) == ["b.\"w\\é\n", "a"])
        #expect(networks[0].tensors.map(\.shape) == [[2, 2], []])
        #expect(networks[0].tensors.flatMap { $0.values.floats() } == [1, -2, 3.5, .leastNonzeroMagnitude, 7])
        #expect(networks[0].facts == ["seed": .integer(3), "lr": .real(0.5)])
        #expect(try SafetensorsWriter.bytes(tensors, metadata: ["lr": "0.5", "format": "pt", "seed": "3"]) == bytes)
    }
}
