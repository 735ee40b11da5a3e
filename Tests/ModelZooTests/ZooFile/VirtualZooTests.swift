import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite("A sharded zoo as other programs see it")
struct VirtualZooTests {
    @Test("the view has the shards' attributes, columns and checksums, and names them from its own folder")
    func content() throws {
        try withFolder { folder in
            try writeShards(ShardedZooTests.zoo(), from: [0, 5], to: "\(folder)/zoo")
            let reader = try ZooReader(path: "\(folder)/zoo")
            try VirtualZoo.write(reader, to: "\(folder)/view.h5")
            let file = try HDF5File.open("\(folder)/view.h5")
            #expect(try file.text(attribute: "format") == VirtualZoo.format)
            #expect(try file.text(attribute: "architecture") == ZooHeader.text(ShardedZooTests.architecture))
            #expect(try file.children(of: "/").contains("weights"))
            #expect(try file.children(of: "/networks") == reader.columns.names)
            #expect(try OpenZooFile.columns(in: file, count: 12) == reader.columns)
            let sums = try file.dataset("/checksums")
            #expect(try sums.read(rows: 0..<12, as: UInt8.self) == reader.checksums)
            // What is said of weights, and that they are elsewhere.
            for name in ["/weights", "/trajectory", "/trajectory_steps"] {
                #expect(dataError { _ = try file.dataset(name) }?.found == "external or virtual storage")
            }
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/view.h5"))
            #expect(bytes.range(of: Data("zoo/shard-00001.h5".utf8)) != nil)
            #expect(bytes.range(of: Data(folder.utf8)) == nil, "no path of this machine")
        }
    }

    @Test("two views of the same shards are the same bytes, and nothing is left where one cannot be written")
    func bytes() throws {
        try withFolder { folder in
            try writeShards(ShardedZooTests.zoo(), from: [0, 5], to: "\(folder)/zoo")
            let reader = try ZooReader(path: "\(folder)/zoo")
            for name in ["a.h5", "b.h5"] { try VirtualZoo.write(reader, to: "\(folder)/\(name)") }
            let files = try ["a.h5", "b.h5"].map { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)")) }
            #expect(files[0] == files[1])
            #expect(dataError { try VirtualZoo.write(reader, to: "\(folder)/none/c.h5") }?.kind == .inputOutput)
        }
    }

    @Test("our reader refuses it and says what to name instead")
    func refused() throws {
        try withFolder { folder in
            try writeShards(ShardedZooTests.zoo(), from: [0, 5], to: "\(folder)/zoo")
            try VirtualZoo.write(ZooReader(path: "\(folder)/zoo"), to: "\(folder)/view.h5")
            let error = dataError { _ = try ZooReader(path: "\(folder)/view.h5") }
            #expect(error?.kind == .malformed && error?.found == "format = \"weightspace-virtual-zoo\"")
            #expect(error?.hint.contains("name the folder of the shards") == true)
        }
    }

    @Test("a zoo of one file needs no view")
    func oneFile() throws {
        try withFolder { folder in
            try ZooWriter.write(ShardedZooTests.zoo(), to: "\(folder)/one.h5")
            let error = dataError {
                try VirtualZoo.write(ZooReader(path: "\(folder)/one.h5"), to: "\(folder)/view.h5")
            }
            #expect(error?.kind == .configuration && error?.found.hasPrefix("is one file already") == true)
        }
    }

    @Test("paths lead from the view's folder to the shards, links resolved")
    func relative() throws {
        try withFolder { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/a/b", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/c", withDestinationPath: "a/b")
            func relative(_ path: String, _ base: String) -> String {
                VirtualZoo.relative("\(folder)/\(path)", from: "\(folder)\(base)")
            }
            #expect(relative("a/b/s.h5", "/a/b") == "s.h5" && relative("a/b/s.h5", "") == "a/b/s.h5")
            #expect(relative("a/s.h5", "/a/b") == "../s.h5" && relative("s.h5", "/c") == "../../s.h5")
        }
    }
}
