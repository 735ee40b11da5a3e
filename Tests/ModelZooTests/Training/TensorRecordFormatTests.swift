import Basics
import Foundation
import Networks
import Tensors
import TestSupport
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Records of training, byte by byte")
struct TensorRecordFormatTests {
    private struct Facts: Codable, Equatable {
        var step: Int
    }

    /// A record by hand, as its description says it: magic, length, JSON, numbers, digest.
    private func record(_ json: String, _ floats: [Float], magic: String = "WSRECORD", length: UInt64? = nil) -> Data {
        var data = Data(magic.utf8)
        data.append(contentsOf: DatasetBytes.little(length ?? UInt64(json.utf8.count)))
        data.append(contentsOf: json.utf8)
        for float in floats { data.append(contentsOf: DatasetBytes.little(float.bitPattern)) }
        data.append(contentsOf: data.withUnsafeBytes { SHA256.digest(of: $0) })
        return data
    }

    private func read(_ data: Data) throws -> TensorRecord<Facts> {
        try withFolder { (folder: String) throws in
            try data.write(to: URL(fileURLWithPath: "\(folder)/r"))
            return try TensorRecord<Facts>(path: "\(folder)/r")
        }
    }

    private static let json = #"{"description":{"step":3},"tensors":[{"name":"a","shape":[2,1]}],"version":1}"#

    @Test("What is written is the layout that is documented")
    func layout() throws {
        try withFolder { (folder: String) throws in
            let tensor = NamedTensor("a", Tensor([1, -2] as [Float], shape: [2, 1]))
            try TensorRecord(Facts(step: 3), [tensor]).write(to: "\(folder)/r")
            #expect(try bytes("\(folder)/r") == record(Self.json, [1, -2]))
        }
    }

    @Test("A record by hand is read; keys in another order and blanks are the same record")
    func byHand() throws {
        let spaced = #"{ "version" : 1, "tensors": [{"shape":[], "name":"s"}], "description": {"step": -4} }"#
        let found = try read(record(spaced, [9]))
        #expect(found.description == Facts(step: -4))
        #expect(found.tensors.map(\.name) == ["s"] && found.tensors[0].value.scalar == 9)
        #expect(try read(record(Self.json, [1, -2])).tensors[0].value.floats == [1, -2])
    }

    @Test("Sound digests over wrong lengths, counts, magic or descriptions are refused, each with the path")
    func wrong() {
        let json = Self.json
        let wrong = [
            record(json, [1]), record(json, [1, -2, 3]), record(json, []), record(json, [1, -2], magic: "WSRECORE"),
            record(json, [1, -2], length: 5), record(json, [1, -2], length: UInt64(json.utf8.count) + 8),
            record(json, [1, -2], length: .max), record(json, [1, -2], length: 1 << 63),
            record(json.replacingOccurrences(of: "\"step\":3", with: "\"step\":\"3\""), [1, -2]),
            record(json.replacingOccurrences(of: "\"version\":1", with: "\"version\":0"), [1, -2]),
            record("[]", []), record("null", []),
        ]
        for (index, data) in wrong.enumerated() {
            let error = dataError { _ = try read(data) }
            #expect(error?.kind == .malformed && error?.path.hasSuffix("/r") == true, "case \(index)")
            #expect(error?.expected == "a record of training as this version writes it", "case \(index)")
        }
    }

    @Test("Damage at random places never gives a record")
    func damage() {
        let whole = [UInt8](record(Self.json, [1, -2]))
        var noise = DatasetNoise(seed: 3)
        for trial in 0..<150 {
            let changed = noise.damaged(whole)
            guard changed != whole else { continue }
            #expect(dataError { _ = try read(Data(changed)) }?.kind == .malformed, "trial \(trial)")
        }
    }

    @Test("Random records come back whole")
    func random() throws {
        var choices = RandomChoices(state: 12)
        for _ in 0..<15 {
            let tensors = (0..<Int.random(in: 0...4, using: &choices)).map { index in
                let shape = (0..<Int.random(in: 0...3, using: &choices)).map { _ in
                    Int.random(in: 0...3, using: &choices)
                }
                let floats = (0..<shape.reduce(1, *)).map { _ in
                    Float(bitPattern: UInt32(truncatingIfNeeded: choices.next()))
                }
                return NamedTensor("\(index) \(choices.text())", Tensor(floats, shape: Shape(shape)))
            }
            let back = try withFolder { (folder: String) throws in
                try TensorRecord(Facts(step: tensors.count), tensors).write(to: "\(folder)/r")
                return try TensorRecord<Facts>(path: "\(folder)/r")
            }
            #expect(back.tensors.map(\.name) == tensors.map(\.name))
            #expect(back.tensors.map(\.value.shape) == tensors.map(\.value.shape))
            #expect(back.tensors.map(\.value.bits) == tensors.map(\.value.bits))
        }
    }

    @Test("Records are due after every step at interval 0, and not yet at a long one, also after saving")
    func timer() {
        for (interval, isDue) in [(0.0, true), (3600, false)] {
            var timer = SaveTimer(interval: interval)
            #expect(timer.isDue == isDue)
            timer.time {}
            #expect(timer.isDue == isDue)
        }
        struct Stop: Error {}
        var timer = SaveTimer(interval: 0)
        #expect(throws: Stop.self) { try timer.time { throw Stop() } }
    }
}
