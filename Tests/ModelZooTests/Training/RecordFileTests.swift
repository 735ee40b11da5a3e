import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Records of training")
struct RecordFileTests {
    private struct Facts: Codable, Equatable {
        var step: Int
        var name: String
    }

    private let facts = Facts(step: 12, name: "a \"b\"")
    private let parts: [[Float]] = [[1, -0.5, .infinity], [], [Float](repeating: 3, count: 40)]

    @Test("What is written is read, bit by bit, whatever the numbers are")
    func roundTrip() throws {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/r"
            let odd: [Float] = [.nan, -.infinity, -0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
            try RecordFile.write(facts, parts + [odd], to: path)
            let read = try RecordFile.read(Facts.self, from: path)
            #expect(read.description == facts && Array(read.parts.prefix(3)) == parts)
            #expect(read.parts[3].map(\.bitPattern) == odd.map(\.bitPattern))
            try RecordFile.write(Facts(step: 13, name: ""), [], to: path)
            let later = try RecordFile.read(Facts.self, from: path)
            #expect(later.description.step == 13 && later.parts.isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["r"])
        }
    }

    @Test("The same record is the same bytes")
    func deterministic() throws {
        try withFolder { (folder: String) throws in
            try RecordFile.write(facts, parts, to: "\(folder)/a")
            try RecordFile.write(facts, parts, to: "\(folder)/b")
            #expect(try bytes("\(folder)/a") == bytes("\(folder)/b"))
        }
    }

    @Test("Every length that is cut off, every changed byte, and bytes behind the end are noticed")
    func damage() throws {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/r"
            try RecordFile.write(facts, parts, to: path)
            let whole = try bytes(path)
            func fails(_ data: Data) throws -> Bool {
                try data.write(to: URL(fileURLWithPath: path))
                return dataError { _ = try RecordFile.read(Facts.self, from: path) }?.kind == .malformed
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
            for json in [
                #"{"counts":[3],"description":{"step":1,"name":""}}"#, #"{"counts":[-1],"description":{"step":1,"name":""}}"#,
                #"{"counts":[4611686018427387904],"description":{"step":1,"name":""}}"#, #"{"counts":[1]}"#, "",
            ] {
                var data = Data()
                withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian) { data.append(contentsOf: $0) }
                data.append(contentsOf: json.utf8)
                data.append(contentsOf: [0, 0, 0x80, 0x3F])
                data.append(contentsOf: data.withUnsafeBytes { SHA256.digest(of: $0) })
                try data.write(to: URL(fileURLWithPath: path))
                #expect(dataError { _ = try RecordFile.read(Facts.self, from: path) }?.kind == .malformed, "\(json)")
            }
        }
    }

    @Test("No file, and no folder to write to, are failures of input and output")
    func places() {
        #expect(dataError { _ = try RecordFile.read(Facts.self, from: "/no/such/record") }?.kind == .inputOutput)
        #expect(dataError { try RecordFile.write(facts, parts, to: "/no/such/record") }?.kind == .inputOutput)
    }
}
