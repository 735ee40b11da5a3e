import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite("Facts under a checksum")
struct ColumnsChecksumTests {
    /// Writes the full zoo, changes the bytes of one place, and opens it.
    private func opened(_ needle: Data, _ change: (inout Data, Int) -> Void) throws -> DataError? {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/z.h5"
            try ZooWriter.write(fullZoo(), to: path)
            var data = try bytes(path)
            let place = try #require(data.range(of: needle))
            change(&data, place.lowerBound)
            try data.write(to: URL(fileURLWithPath: path))
            return dataError {
                let reader = try ZooReader(path: path)
                for network in 0..<reader.count { _ = try reader.trajectory(network: network) }
            }
        }
    }

    @Test(
        "A bit of a column, of the layout, of the data set or of a name is noticed",
        arguments: [
            "number", "layout", "dataset", "text", "link",
        ])
    func flips(_ what: String) throws {
        let needle =
            switch what {
            case "number": withUnsafeBytes(of: UInt64.max - 3) { Data($0) }
            case "layout": Data(#""name":"b""#.utf8)
            case "dataset": Data(#""sha256":"ff""#.utf8)
            case "text": Data("tâche 3".utf8)
            default: Data("checksums\0".utf8)
            }
        let error = try opened(needle) { data, place in
            data[place + needle.count - 2] ^= 1
        }
        let found = try #require(error, "\(what): read silently")
        #expect(found.kind == .malformed)
    }

    @Test("Untouched files and files without the attribute are read; trajectories have checksums of their own")
    func sound() throws {
        #expect(try opened(Data("weightspace-zoo".utf8)) { _, _ in } == nil)
        try withFolder { (folder: String) throws in
            try ZooWriter.write(fullZoo(), to: "\(folder)/z.h5")
            let reader = try ZooReader(path: "\(folder)/z.h5")
            #expect(reader.trajectoryChecksums?.count == 5 * SHA256.byteCount)
        }
        #expect(try ZooReader(path: zooFixture("full.h5")).trajectoryChecksums == nil)
    }

    @Test("Checkpoints that are not what their checksum says")
    func trajectories() throws {
        try withFolder { (folder: String) throws in
            let (path, layout) = ("\(folder)/z.h5", testLayout())
            let file = try HDF5File.create(path)
            try ZooHeader(layout: layout).write(to: file)
            try file.write(formulaRows(2, layout.count), shape: [2, layout.count], as: "/weights")
            let checkpoints = formulaRows(4, layout.count, salt: 1)
            try file.write(checkpoints, shape: [2, 2, layout.count], as: "/trajectory")
            var digests: [UInt8] = []
            for network in 0..<2 {
                let row = Array(checkpoints[network * 2 * layout.count..<(network + 1) * 2 * layout.count])
                digests += ZooChecksum.digest(ZooTrajectory(checkpoints: 2, steps: [1, 2], weights: row))
            }
            digests[40] ^= 1
            try file.write(digests, shape: [2, SHA256.byteCount], as: "/trajectory_checksums")
            try file.close()
            let reader = try ZooReader(path: path)
            #expect(try reader.trajectory(network: 0)?.steps == [1, 2])
            let error = dataError { _ = try reader.trajectory(network: 1) }
            #expect(error?.kind == .malformed && error?.description.contains("network 1") == true)
        }
    }
}
