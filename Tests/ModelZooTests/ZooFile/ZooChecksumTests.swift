import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Zoo file: damage is found")
struct ZooChecksumTests {
    /// Copies a fixture with bit 0 of a byte of network 4's weights flipped.
    private func damagedCopy(of name: String, in folder: String) throws -> String {
        var data = try bytes(zooFixture(name))
        let row = formulaRows(6, 23)[(4 * 23)...].withUnsafeBytes { Data($0) }
        let place = try #require(data.range(of: row))
        data[place.lowerBound + 8] ^= 1
        let path = "\(folder)/damaged.h5"
        try data.write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test("a flipped bit fails the read of its network, by whole, range and list, and of no other")
    func flipped() throws {
        try withFolder { (folder: String) throws in
            let reader = try ZooReader(path: try damagedCopy(of: "plain.h5", in: folder))
            let reads: [() throws -> Void] = [
                { _ = try reader.readAll() }, { _ = try reader.read(rows: 4..<5) },
                { _ = try reader.read(rows: [0, 4]) },
                { try reader.forEachBlock(maximumBytes: 92) { _, _ in } },
            ]
            for read in reads {
                let error = try #require(dataError(read))
                #expect(error.kind == .malformed && error.description.contains("network 4"))
            }
            #expect(try reader.read(rows: [5, 0, 1, 2, 3]).weights.count == 5 * 23)
        }
    }

    @Test("a buffer that is not the one that was summed fails too")
    func buffers() throws {
        try withFolder { (folder: String) throws in
            let (weights, stored) = (formulaRows(3, 11), formulaRows(3, 2))
            var summed = stored
            summed[3] += 1
            let file = try HDF5File.create("\(folder)/z.h5")
            try ZooHeader(layout: testLayout(buffers: true)).write(to: file)
            try file.write(weights, shape: [3, 11], as: "/weights")
            try file.write(stored, shape: [3, 2], as: "/buffers")
            let sums = ZooChecksum.digests(weights: weights, buffers: summed, count: 3)
            try file.write(sums, shape: [3, 32], as: "/checksums")
            try file.close()
            let error = dataError { _ = try ZooReader(path: "\(folder)/z.h5").readAll() }
            #expect(error?.description.contains("network 1") == true)
        }
    }

    @Test("our own files' chunks carry Fletcher-32")
    func fletcher() throws {
        try withFolder { (folder: String) throws in
            let zoo = fullZoo()
            try ZooWriter.write(zoo, to: "\(folder)/z.h5")
            var data = try bytes("\(folder)/z.h5")
            let row = zoo.row(3).withUnsafeBytes { Data($0) }
            data[try #require(data.range(of: row)).lowerBound] ^= 1
            try data.write(to: URL(fileURLWithPath: "\(folder)/z.h5"))
            let error = dataError { _ = try ZooReader(path: "\(folder)/z.h5").readAll() }
            #expect(error?.kind == .malformed && error?.found.contains("letcher32") == true)
        }
    }

    @Test("SHA-256 of the standard's examples, whole and in pieces")
    func digest() throws {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(Array("abc".utf8).withUnsafeBytes { SHA256.hex(SHA256.digest(of: $0)) } == expected)
        let empty = SHA256.hex(SHA256.digest(of: UnsafeRawBufferPointer(start: nil, count: 0)))
        #expect(empty == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        let hasher = SHA256.Hasher()
        for _ in 0..<2 {
            for letter in "abc".utf8 { withUnsafeBytes(of: letter) { hasher.update($0) } }
            #expect(SHA256.hex(hasher.finalize()) == expected)
        }
        try withFolder { (folder: String) throws in
            try Data(repeating: UInt8(ascii: "a"), count: 1_000_000).write(to: URL(fileURLWithPath: "\(folder)/a"))
            #expect(
                try SHA256.hexDigest(ofFile: "\(folder)/a")
                    == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
            #expect(dataError { _ = try SHA256.hexDigest(ofFile: "\(folder)/b") }?.kind == .missing)
            #expect(dataError { _ = try SHA256.hexDigest(ofFile: folder) }?.kind == .malformed)
        }
    }
}
