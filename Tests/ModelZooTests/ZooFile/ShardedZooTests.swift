import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

/// A sharded zoo in a folder: the networks of `zoo` in shards that begin at `starts`.
func writeShards(_ zoo: Zoo, from starts: [Int], to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let ends = starts.dropFirst() + [zoo.count]
    let names = try zip(starts, ends).enumerated().map { index, range in
        let name = ZooShards.name(index)
        try ZooWriter.write(zoo.select(rows: Array(range.0..<range.1)), to: "\(folder)/\(name)")
        return name
    }
    try ShardedZoo(of: names, in: folder).write(to: folder)
}

private func isSame(_ first: Zoo, _ second: Zoo) -> Bool {
    first.header == second.header && first.weights == second.weights && first.buffers == second.buffers
        && first.columns == second.columns && first.trajectory == second.trajectory
}

@Suite("A zoo in shards")
struct ShardedZooTests {
    static let architecture = Architecture(MLP.Config(widths: [3, 4, 2], activation: .relu))

    /// Twelve networks with a column of every kind and checkpoints.
    static func zoo(_ count: Int = 12, architecture: Architecture = architecture, salt: Int = 0) -> Zoo {
        let width = architecture.layout.count
        var columns = ZooColumns(count: count)
        columns["split"] = .integer((0..<count).map { Int64($0 % 3) })
        columns["seed"] = .unsigned((0..<count).map { UInt64($0 + 7) })
        columns["test_accuracy"] = .real((0..<count).map { Double($0) / 16 })
        columns["note"] = .text((0..<count).map { "n\($0)" })
        return Zoo(
            header: ZooHeader(architecture: architecture), weights: formulaRows(count, width, salt: salt),
            columns: columns,
            trajectory: ZooTrajectory(
                checkpoints: 2, steps: (0..<count).flatMap { _ in [0, 5] as [Int64] },
                weights: formulaRows(2 * count, width, salt: salt + 1)))
    }

    @Test("the folder, or its index, reads as the one file would", arguments: ["", "/index.json", "/"])
    func reads(ending: String) throws {
        try withFolder { folder in
            let zoo = Self.zoo()
            try ZooWriter.write(zoo, to: "\(folder)/one.h5")
            try writeShards(zoo, from: [0, 5, 6], to: "\(folder)/zoo")
            let (one, many) = (
                try ZooReader(path: "\(folder)/one.h5"), try ZooReader(path: "\(folder)/zoo\(ending)")
            )
            #expect(many.count == 12 && many.header == one.header && many.columns == one.columns)
            #expect(try isSame(many.readWhole(rows: 0..<12), one.readWhole(rows: 0..<12)))
            #expect(try isSame(many.read(rows: 4..<7), one.read(rows: 4..<7)))
            #expect(try isSame(many.read(rows: 5..<5), one.read(rows: 5..<5)))
            #expect(try isSame(many.readWhole(rows: [11, 0, 5, 5]), one.readWhole(rows: [11, 0, 5, 5])))
            #expect(many.rows(in: .validation) == one.rows(in: .validation) && many.hasChecksums)
            #expect(try many.copies() == one.copies())
            let inspected = (try one.inspect(), try many.inspect(maximumBytes: 200))
            #expect(inspected.0.contentDigest == inspected.1.contentDigest && inspected.0.slots == inspected.1.slots)
            #expect(inspected.0.shards == nil && inspected.1.shards == 3 && inspected.1.isSound)
            #expect(inspected.1.description.contains("3 shards, "))
        }
    }

    @Test("a copy of all rows is byte for byte the one file; verification finds the same")
    func copies() throws {
        try withFolder { folder in
            let zoo = Self.zoo()
            try ZooWriter.write(zoo, to: "\(folder)/one.h5")
            try writeShards(zoo, from: [0, 1, 10], to: "\(folder)/zoo")
            let reader = try ZooReader(path: "\(folder)/zoo")
            try reader.copy(rows: Array(0..<12), to: "\(folder)/copy.h5", maximumBytes: 500)
            let bytes = try ["one.h5", "copy.h5"].map { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)")) }
            #expect(bytes[0] == bytes[1])
            let verifier = ZooVerifier(options: .init(), catalog: DatasetCatalog(folders: []), described: nil)
            let found = (
                try verifier.verify(reader, maximumBytes: 300),
                try verifier.verify(ZooReader(path: "\(folder)/one.h5"), maximumBytes: 300)
            )
            #expect(found.0.findings == found.1.findings && found.0.count == 12)
        }
    }

    @Test("the index says names, networks, splits and checksums, and is the same bytes for the same shards")
    func index() throws {
        try withFolder { folder in
            try writeShards(Self.zoo(), from: [0, 6], to: "\(folder)/a")
            try writeShards(Self.zoo(), from: [0, 6], to: "\(folder)/b")
            let index = try ShardedZoo(contentsOf: "\(folder)/a")
            #expect(index.networks == 12 && index.shards.map(\.networks) == [6, 6])
            #expect(index.shards.map(\.file) == ["shard-00000.h5", "shard-00001.h5"])
            #expect(index.shards[0].splits == ["train": 2, "validation": 2, "test": 2])
            #expect(try index.shards[1].sha256 == SHA256.hexDigest(ofFile: "\(folder)/a/shard-00001.h5"))
            let texts = try ["a", "b"].map { try String(contentsOfFile: "\(folder)/\($0)/index.json", encoding: .utf8) }
            #expect(texts[0] == texts[1] && texts[0].hasSuffix("}\n"))
            #expect(ShardedZoo.isOne("\(folder)/a") && ShardedZoo.isOne("\(folder)/a/index.json"))
            #expect(!ShardedZoo.isOne(folder) && !ShardedZoo.isOne("\(folder)/a/shard-00000.h5"))
            #expect(try ShardedZoo.digest(ofZoo: "\(folder)/a") == ShardedZoo.digest(ofZoo: "\(folder)/b/index.json"))
        }
    }

    @Test("a column that only some shards have is missing for the others' networks")
    func missingColumns() throws {
        try withFolder { folder in
            let zoo = Self.zoo()
            var names: [String] = []
            for (index, rows) in [Array(0..<4), Array(4..<12)].enumerated() {
                var part = zoo.select(rows: rows)
                var columns = part.columns
                if index == 1 { columns["diverged"] = .integer(rows.map { Int64($0) }) }
                if index == 0 { columns["note"] = nil }
                part = part.with(columns: columns)
                names.append(ZooShards.name(index))
                try ZooWriter.write(part, to: "\(folder)/\(names[index])")
            }
            try ShardedZoo(of: names, in: folder).write(to: folder)
            let columns = try ZooReader(path: folder).columns
            #expect(columns["diverged"] == .integer([-1, -1, -1, -1] + (4..<12).map { Int64($0) }))
            #expect(columns["note"] == .text(["", "", "", ""] + (4..<12).map { "n\($0)" }))
        }
    }

    @Test("only one shard is open at a time, and one that is replaced meanwhile is noticed")
    func replaced() throws {
        try withFolder { folder in
            try writeShards(Self.zoo(), from: [0, 6], to: folder)
            let reader = try ZooReader(path: folder)
            try ZooWriter.write(Self.zoo(3), to: "\(folder)/shard-00000.h5")
            #expect(try reader.read(rows: 6..<12).count == 6)
            let error = dataError { _ = try reader.read(rows: 0..<12) }
            #expect(error?.kind == .inputOutput && error?.found.contains("replaced while") == true)
            try ZooWriter.write(Self.zoo(6, salt: 5), to: "\(folder)/shard-00000.h5")
            let other = dataError { _ = try reader.read(rows: 5..<7) }
            #expect(other?.path == "\(folder)/shard-00000.h5:/weights")
            #expect(other?.found.contains("network 5 is not what its checksum says") == true)
        }
    }
}
