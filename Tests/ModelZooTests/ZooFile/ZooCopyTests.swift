import Basics
import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Copying zoos")
struct ZooCopyTests {
    @Test("Rows in any order, trajectories, buffers and facts, in blocks of any size", arguments: [1, 300, 1 << 20])
    func copies(maximumBytes: Int) throws {
        try withFolder { (folder: String) throws in
            let (zoo, rows) = (fullZoo(), [4, 1, 2])
            try ZooWriter.write(zoo, to: "\(folder)/a.h5")
            try ZooWriter.write(zoo.select(rows: rows), to: "\(folder)/expected.h5")
            try ZooReader(path: "\(folder)/a.h5").copy(rows: rows, to: "\(folder)/b.h5", maximumBytes: maximumBytes)
            #expect(try bytes("\(folder)/b.h5") == bytes("\(folder)/expected.h5"))
        }
    }

    @Test("Other facts replace the file's; a progress that throws leaves nothing")
    func facts() throws {
        try withFolder { (folder: String) throws in
            let zoo = fullZoo()
            try ZooWriter.write(zoo, to: "\(folder)/a.h5")
            let reader = try ZooReader(path: "\(folder)/a.h5")
            var columns = ZooColumns(count: 5)
            columns["split"] = .integer([2, 2, 0, 1, 0])
            try reader.copy(rows: Array(0..<5), columns: columns, to: "\(folder)/b.h5", maximumBytes: 1)
            let back = try ZooReader(path: "\(folder)/b.h5")
            #expect(back.columns == columns && back.checkpoints == 2)
            #expect(try back.readWhole(rows: 0..<5).trajectory == zoo.trajectory)
            struct Stop: Error {}
            #expect(throws: Stop.self) {
                try reader.copy(
                    rows: [0, 1], to: "\(folder)/c.h5", maximumBytes: 1,
                    progress: WorkProgress { _, _ in throw Stop() })
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a.h5", "b.h5"])
        }
    }

    @Test("The digest of the content sees order and values, not facts")
    func digest() throws {
        func digest(_ zoo: Zoo) throws -> String {
            try withFolder { (folder: String) throws in
                try ZooWriter.write(zoo, to: "\(folder)/a.h5")
                return try ZooReader(path: "\(folder)/a.h5").inspect(maximumBytes: 1).contentDigest
            }
        }
        let zoo = fullZoo()
        let plain = try digest(zoo)
        #expect(plain.count == 64)
        #expect(try digest(zoo.with(columns: ZooColumns(count: 5))) == plain)
        #expect(try digest(zoo.select(rows: [1, 0, 2, 3, 4])) != plain)
        #expect(try digest(zoo.select(rows: [0, 1, 2, 3])) != plain)
    }
}
