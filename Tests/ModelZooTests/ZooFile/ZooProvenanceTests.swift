import Basics
import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Where a zoo file's networks come from")
struct ZooProvenanceTests {
    /// A zoo of so many small networks.
    private func zoo(_ count: Int) -> Zoo {
        let architecture = Architecture.mlp(.init(widths: [3, 2, 2]))
        return Zoo(
            header: ZooHeader(architecture: architecture), weights: formulaRows(count, architecture.layout.count))
    }

    private let step = Provenance.Step("zoo random", settings: String(repeating: "c", count: 64), seed: 3)

    @Test("The steps are written, read and carried along, and inspecting tells them")
    func roundTrip() throws {
        try withFolder { (folder: String) throws in
            let (told, path) = (zoo(4).adding(step), "\(folder)/zoo.h5")
            try ZooWriter.write(told, to: path)
            let reader = try ZooReader(path: path)
            #expect(reader.header.provenance?.steps == [step] && reader.header == told.header)
            #expect(try reader.readAll().select(rows: [0, 1]).header.provenance?.steps == [step])
            let inspection = try reader.inspect()
            #expect(inspection.provenance?.steps == [step])
            #expect(inspection.description.contains("step 1  zoo random: seed 3, settings cccccccccccc"))
            #expect(inspection.description.contains(inspection.contentDigest))
        }
    }

    @Test("The content's checksum is that of the networks alone, with the file's checksums and without")
    func content() throws {
        try withFolder { (folder: String) throws in
            let (plain, told) = ("\(folder)/plain.h5", "\(folder)/told.h5")
            try ZooWriter.write(zoo(4), to: plain)
            try ZooWriter.write(zoo(4).adding(step), to: told)
            let digests = try [plain, told].map { try ZooReader(path: $0).contentDigest() }
            #expect(digests[0] == digests[1] && digests[0].count == 64)
            #expect(try ZooReader(path: told).inspect().contentDigest == digests[0])
            #expect(try ZooReader(path: told).parent("net") == .init("net", sha256: digests[0]))
            try ZooWriter.write(zoo(3), to: plain)
            #expect(try ZooReader(path: plain).contentDigest() != digests[0])
        }
    }

    @Test("Two equal writes are equal bytes; a file without steps has no attribute")
    func equalBytes() throws {
        try withFolder { (folder: String) throws in
            let (a, b, c) = ("\(folder)/a.h5", "\(folder)/b.h5", "\(folder)/c.h5")
            for path in [a, b] { try ZooWriter.write(zoo(4).adding(step), to: path) }
            #expect(try bytes(a) == bytes(b))
            try ZooWriter.write(zoo(4), to: c)
            #expect(try ZooReader(path: c).header.provenance == nil)
            #expect(try bytes(c).range(of: Data("provenance".utf8)) == nil)
        }
    }

    @Test("Named tensors have them too")
    func tensors() throws {
        try withFolder { (folder: String) throws in
            let url = URL(fileURLWithPath: "\(folder)/t.h5")
            try TensorFile(url: url, provenance: Provenance([step])).write([.init("w", .zeros([2, 3]))])
            #expect(try ZooReader(path: url.path).header.provenance?.steps == [step])
            #expect(try TensorFile(url: url).read().map(\.name) == ["w"])
        }
    }
}
