import Foundation
import Testing
import TestSupport

@testable import Reports

@Suite("Event files: records and messages")
struct EventRecordTests {
    @Test("CRC-32C of RFC 3720's examples and of the nine digits")
    func checksums() {
        #expect(EventRecord.crc32c([]) == 0)
        #expect(EventRecord.crc32c(Array("123456789".utf8)) == 0xe306_9283)
        #expect(EventRecord.crc32c([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
        #expect(EventRecord.crc32c([UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
        #expect(EventRecord.crc32c(Array(0..<32)) == 0x46dd_794e)
        #expect(EventRecord.crc32c((0..<32).reversed()) == 0x113f_db5c)
    }

    @Test("A record is length, its checksum, data, and theirs, all little-endian")
    func frame() {
        let record = EventRecord.framed([7, 8, 9])
        #expect(record.count == 8 + 4 + 3 + 4)
        #expect(Array(record[0..<8]) == [3, 0, 0, 0, 0, 0, 0, 0] && Array(record[12..<15]) == [7, 8, 9])
        func number(_ start: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(record[start + $1]) << (8 * $1) } }
        #expect(number(8) == EventRecord.masked(Array(record[0..<8])) && number(15) == EventRecord.masked([7, 8, 9]))
        #expect(EventRecord.masked([]) == 0xa282_ead8)
    }

    @Test("Varints, and which values are left out")
    func wire() {
        var buffer = ProtocolBuffer()
        buffer.add(1, 0)
        buffer.add(2, "")
        buffer.add(3, 0.0)
        #expect(buffer.bytes.isEmpty)
        buffer.add(1, 300)
        #expect(buffer.bytes == [0x08, 0xac, 0x02])
        buffer.add(2, Float(0))
        #expect(Array(buffer.bytes[3...]) == [0x15, 0, 0, 0, 0], "a member of a oneof stays, also as zero")
        var negative = ProtocolBuffer()
        negative.add(1, -1)
        #expect(negative.bytes == [0x08] + [UInt8](repeating: 0xff, count: 9) + [1])
        var packed = ProtocolBuffer()
        packed.add(6, packed: [])
        #expect(packed.bytes.isEmpty)
        packed.add(6, packed: [1])
        #expect(packed.bytes == [0x32, 8, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f])
    }

    @Test("Events are those of TensorBoard's own writer, byte for byte")
    func golden() throws {
        let time = 1.75e9
        let spread = try #require(EventHistogram([-1, 0, 1, 3], bins: 4))
        let events = [
            TensorBoardEvent(wallTime: time, step: 0, .version),
            TensorBoardEvent(wallTime: time, step: 300, .sessionStart),
            TensorBoardEvent(wallTime: time + 0.5, step: 0, .scalar(tag: "generator/loss", 0.625)),
            TensorBoardEvent(wallTime: time + 1, step: 301, .scalar(tag: "generator/loss", 0)),
            TensorBoardEvent(wallTime: time + 2, step: 1 << 40, .scalar(tag: "distance/zoo", 0.1)),
            TensorBoardEvent(wallTime: time + 3, step: 302, .histogram(tag: "codes/zoo", spread)),
            TensorBoardEvent(
                wallTime: time + 4, step: 302, .text(tag: "verdict", "**good**: 96 % — as good as the zoo")),
        ]
        let golden = try Data(contentsOf: fixturesFolder.appending(path: "tensorboard/golden.tfevents"))
        #expect(Data(events.flatMap(\.record)) == golden)
    }
}

@Suite("Event files: histograms")
struct EventHistogramTests {
    @Test("Equal bins from the least to the greatest, and moments")
    func bins() throws {
        let spread = try #require(EventHistogram([-1, 0, 1, 3], bins: 4))
        #expect(spread.minimum == -1 && spread.maximum == 3 && spread.count == 4)
        #expect(spread.sum == 3 && spread.sumOfSquares == 11)
        #expect(spread.limits == [0, 1, 2, 3] && spread.counts == [1, 1, 1, 1], "a bin has its lower end")
    }

    @Test("Every finite number is in a bin", arguments: [1, 2, 7, 60])
    func all(_ bins: Int) throws {
        let values = (0..<1000).map { Float(sin(Double($0))) } + [.nan, .infinity, -.infinity]
        let spread = try #require(EventHistogram(values, bins: bins))
        #expect(spread.counts.reduce(0, +) == 1000 && spread.count == 1000 && spread.counts.count == bins)
        #expect(spread.limits.count == bins && spread.limits.last == spread.maximum)
        #expect(zip(spread.limits, spread.limits.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("Equal numbers have one bin; without a finite number there is no histogram")
    func degenerate() throws {
        let spread = try #require(EventHistogram([2, 2, 2]))
        #expect(spread.limits == [2] && spread.counts == [3])
        #expect(EventHistogram([]) == nil && EventHistogram([.nan]) == nil)
        #expect(EventHistogram([.greatestFiniteMagnitude, -.greatestFiniteMagnitude])?.counts.first == 1)
    }
}

@Suite("Event files: on disk")
struct EventFileTests {
    @Test("Each opening makes a file of its own, later ones behind earlier ones, with version and start")
    func files() throws {
        let scratch = try ScratchFolder()
        let folder = scratch.file("a/b")
        for step in [0, 5] {
            let file = try EventFile(in: folder, from: step)
            try file.write(.scalar(tag: "loss", 1), step: step)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(names.count == 2 && names.allSatisfy { $0.hasPrefix("events.out.tfevents.") })
        let second = try Data(contentsOf: folder.appending(path: names[1]))
        let sizes = [
            TensorBoardEvent(wallTime: 1, step: 0, .version), TensorBoardEvent(wallTime: 1, step: 5, .sessionStart),
            TensorBoardEvent(wallTime: 1, step: 5, .scalar(tag: "loss", 1)),
        ].map(\.record.count)
        #expect(second.count == sizes.reduce(0, +) && second.range(of: Data("brain.Event:2".utf8)) != nil)
    }

    @Test("A folder that cannot be made is an error that names it")
    func refusal() throws {
        let scratch = try ScratchFolder()
        try scratch.put("file", "text")
        #expect(throws: (any Error).self) { try EventFile(in: scratch.file("file/events"), from: 0) }
    }
}
