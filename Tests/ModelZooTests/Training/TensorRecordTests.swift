import Basics
import Foundation
import Networks
import Tensors
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Records of training")
struct TensorRecordTests {
    private struct Facts: Codable, Equatable {
        var step: Int
        var name: String
    }

    private let facts = Facts(step: 12, name: "a \"b\"")
    private let tensors = [
        NamedTensor("a", Tensor([1, -0.5, .infinity] as [Float], shape: [3])), NamedTensor("nothing", .zeros([0])),
        NamedTensor("matrix", .full([8, 5], 3)), NamedTensor("one", Tensor([7] as [Float], shape: [])),
    ]

    @Test("What is written is read, bit by bit, whatever the numbers are")
    func roundTrip() throws {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/r"
            let odd: [Float] = [.nan, -.infinity, -0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
            try TensorRecord(facts, tensors + [NamedTensor("odd", Tensor(odd, shape: [5, 1]))]).write(to: path)
            let read = try TensorRecord<Facts>(path: path)
            #expect(read.description == facts && read.tensors.map(\.name) == tensors.map(\.name) + ["odd"])
            #expect(read.tensors.dropLast().map(\.value.floats) == tensors.map(\.value.floats))
            #expect(read.tensors.map(\.value.shape) == tensors.map(\.value.shape) + [[5, 1]])
            #expect(read.tensors[4].value.floats.map(\.bitPattern) == odd.map(\.bitPattern))
            try TensorRecord(Facts(step: 13, name: ""), []).write(to: path)
            let later = try TensorRecord<Facts>(path: path)
            #expect(later.description.step == 13 && later.tensors.isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["r"])
        }
    }

    @Test("The same record is the same bytes")
    func deterministic() throws {
        try withFolder { (folder: String) throws in
            try TensorRecord(facts, tensors).write(to: "\(folder)/a")
            try TensorRecord(facts, tensors).write(to: "\(folder)/b")
            #expect(try bytes("\(folder)/a") == bytes("\(folder)/b"))
        }
    }

    @Test("Every length that is cut off, every changed byte, and bytes behind the end are noticed")
    func damage() throws {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/r"
            try TensorRecord(facts, tensors).write(to: path)
            let whole = try bytes(path)
            func fails(_ data: Data) throws -> Bool {
                try data.write(to: URL(fileURLWithPath: path))
                return dataError { _ = try TensorRecord<Facts>(path: path) }?.kind == .malformed
            }
            for count in 0..<whole.count where try !fails(whole.prefix(count)) { Issue.record("cut to \(count)") }
            for place in whole.indices {
                var changed = whole
                changed[place] ^= 0x10
                if try !fails(changed) { Issue.record("byte \(place)") }
            }
            #expect(try fails(whole + Data([0])))
        }
    }

    @Test("A checksum that fits does not make counts or descriptions true")
    func lies() throws {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/r"
            func json(shape: String, version: Int = 1) -> String {
                let tensor = #"{"name":"a","shape":[\#(shape)]}"#
                return #"{"description":{"step":1,"name":""},"tensors":[\#(tensor)],"version":\#(version)}"#
            }
            let ones = Array(repeating: "1", count: 99).joined(separator: ",")
            let lies = ["3", "-1", "4611686018427387904", "4611686018427387904,4", "0,4611686018427387904,0", ones]
            for json in lies.map({ json(shape: $0) }) + [json(shape: "1", version: 2), #"{"tensors":[]}"#, ""] {
                var data = Data("WSRECORD".utf8)
                withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian) { data.append(contentsOf: $0) }
                data.append(contentsOf: json.utf8)
                data.append(contentsOf: [0, 0, 0x80, 0x3F])
                data.append(contentsOf: data.withUnsafeBytes { SHA256.digest(of: $0) })
                try data.write(to: URL(fileURLWithPath: path))
                #expect(dataError { _ = try TensorRecord<Facts>(path: path) }?.kind == .malformed, "\(json)")
            }
        }
    }

    @Test("What is no record, as what older versions wrote, is refused with a word on what to do")
    func otherFiles() throws {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/r"
            for other in [Data([0x89]) + Data("HDF".utf8), Data([30, 0, 0, 0, 0, 0, 0, 0]) + Data("{}".utf8), Data()] {
                try other.write(to: URL(fileURLWithPath: path))
                let error = dataError { _ = try TensorRecord<Facts>(path: path) }
                #expect(error?.kind == .malformed && error?.found == "another file, or another version's")
                #expect(error?.path == path && error?.hint.contains("train again from the start") == true)
            }
        }
    }

    @Test("No file, and no folder to write to, are failures of input and output")
    func places() {
        #expect(dataError { _ = try TensorRecord<Facts>(path: "/no/such/record") }?.kind == .inputOutput)
        #expect(dataError { try TensorRecord(facts, tensors).write(to: "/no/such/record") }?.kind == .inputOutput)
    }
}
