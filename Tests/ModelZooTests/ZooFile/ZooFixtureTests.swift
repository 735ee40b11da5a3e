import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Zoo file: files that h5py wrote")
struct ZooFixtureTests {
    @Test(
        "weights in any storage and number type",
        arguments: [
            ("plain.h5", true), ("filtered.h5", true), ("big-endian.h5", true), ("half.h5", false),
            ("fixed-text.h5", false), ("minimal.h5", false), ("full.h5", true),
        ])
    func weights(name: String, checksums: Bool) throws {
        let reader = try ZooReader(path: zooFixture(name))
        let zoo = try reader.readAll()
        #expect(zoo.weights == formulaRows(6, 23))
        #expect(reader.hasChecksums == checksums)
        let names = ["layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"]
        #expect(zoo.layout.slots.map(\.name) == names)
        #expect(zoo.layout.slots.map(\.offset) == [0, 12, 15, 21])
        #expect((zoo.header.architecture == nil) == ["minimal.h5", "full.h5"].contains(name))
    }

    @Test("the header's optional parts")
    func header() throws {
        let plain = try ZooReader(path: zooFixture("plain.h5")).header
        #expect(plain.createdWith == "h5py")
        #expect(
            plain.dataset
                == ZooDataset(
                    name: "digits", sha256: "00", scale: [0.0625], shift: [0],
                    split: .indices(train: [0, 1], validation: [2], test: [3])))
        let filtered = try ZooReader(path: zooFixture("filtered.h5")).header
        #expect(filtered.dataset?.split == .official && filtered.dataset?.scale == [1, 2, 3, 4])
        let minimal = try ZooReader(path: zooFixture("minimal.h5"))
        #expect(minimal.header.dataset == nil && minimal.header.createdWith == "" && minimal.columns.names == [])
        #expect(minimal.rows(in: .train) == Array(0..<6) && minimal.rows(in: .test) == [])
    }

    @Test("columns of every type")
    func columns() throws {
        let columns = try ZooReader(path: zooFixture("plain.h5")).columns
        #expect(columns.names == ["epoch", "seed", "split", "tag", "task", "test_accuracy"])
        #expect(columns["seed"] == .unsigned([.max, 1, 2, 3, 4, 5]))
        #expect(columns["epoch"] == .integer([5, 5, -1, 5, 4, 5]))
        #expect(columns["task"] == .text(["digits", "", "é", "a", "b", "c"]))
        #expect(columns["tag"] == .text(["a", "bb", "", "d", "e", "f"]))
        #expect(columns.rows(in: .train) == [0, 1, 2] && columns.rows(in: .test) == [4, 5])
        let accuracy = try #require(columns.numbers("test_accuracy"))
        #expect(accuracy[2].isNaN && accuracy[1] == 0.75)
        #expect(columns.numbers("epoch")?[2].isNaN == true)
    }

    @Test("buffers and trajectories")
    func full() throws {
        let reader = try ZooReader(path: zooFixture("full.h5"))
        #expect(try reader.readAll().buffers == formulaRows(6, 3, salt: 7))
        let last = try #require(try reader.trajectory(network: 5))
        #expect(last.steps == [0, 10, -1])
        let third = formulaRows(6, 23, salt: 2)[(5 * 23)...]
        #expect(Array(last.weights[46...]) == Array(third))
        #expect(last.buffers?.count == 9)
        #expect(try ZooReader(path: zooFixture("plain.h5")).trajectory(network: 0) == nil)
    }

    @Test(
        "wrong files are refused with a message that names the trouble",
        arguments: [
            ("bad-width.h5", "D = 24"), ("bad-version.h5", "version 2"), ("bad-layout.h5", "does not follow"),
            ("bad-column.h5", "[5]"), ("bad-link.h5", "external link"), ("bad-empty.h5", "0 bytes stored"),
            ("bad-format.h5", "without that attribute"), ("bad-filter.h5", "blosc"),
            ("bad-external.h5", "external or virtual storage"), ("bad-virtual.h5", "external or virtual storage"),
            ("bad-soft.h5", "soft or external link"), ("bad-type.h5", "compound"), ("bad-text.h5", "UTF-8"),
        ])
    func refused(name: String, part: String) throws {
        let error = try #require(dataError { _ = try ZooReader(path: zooFixture(name)) })
        #expect(error.kind == .malformed)
        #expect(error.description.contains(part), "\(error)")
        #expect(error.path.contains(name))
    }

    @Test("a NaN names its network and slot, and other networks can be read")
    func notFinite() throws {
        let reader = try ZooReader(path: zooFixture("bad-nan.h5"))
        let error = try #require(dataError { _ = try reader.readAll() })
        #expect(error.kind == .malformed && error.found == "nan in network 3, slot layers.0.bias")
        #expect(try reader.read(rows: [0, 1, 2, 4, 5]).count == 5)
    }

    @Test("missing, empty, foreign and truncated files, and folders")
    func notHDF5() throws {
        try withFolder { (folder: String) throws in
            #expect(dataError { _ = try ZooReader(path: "\(folder)/none.h5") }?.kind == .missing)
            #expect(dataError { _ = try ZooReader(path: folder) }?.kind == .malformed)
            let whole = try bytes(zooFixture("plain.h5"))
            for content in [Data(), Data("PK not HDF5".utf8), whole.prefix(whole.count - 100), whole.prefix(900)] {
                try content.write(to: URL(fileURLWithPath: "\(folder)/z.h5"))
                let error = dataError { _ = try ZooReader(path: "\(folder)/z.h5") }
                #expect(error?.kind == .malformed, "\(String(describing: error))")
            }
        }
    }
}
