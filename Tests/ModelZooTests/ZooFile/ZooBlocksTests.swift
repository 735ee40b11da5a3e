import Basics
import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Reading zoos in blocks, lists and wholes")
struct ZooBlocksTests {
    /// Writes a zoo and hands over a reader of it.
    private func reading<Result>(_ zoo: Zoo, _ body: (ZooReader, String) throws -> Result) throws -> Result {
        try withFolder { (folder: String) throws in
            try ZooWriter.write(zoo, to: "\(folder)/z.h5")
            return try body(try ZooReader(path: "\(folder)/z.h5"), folder)
        }
    }

    @Test("Blocks of any budget follow each other, cover all rows, and keep to it but for one network")
    func cover() throws {
        try reading(fullZoo(count: 7)) { reader, _ in
            #expect(reader.bytesPerNetwork == 4 * (11 + 2))
            for budget in [0, 1, 51, 52, 103, 104, 200, 363, 364, 365, 1 << 20] {
                let blocks = reader.blocks(maximumBytes: budget)
                #expect(blocks.flatMap { Array($0) } == Array(0..<7), "\(budget)")
                #expect(blocks.allSatisfy { $0.count == 1 || $0.count * 52 <= budget }, "\(budget)")
                #expect(Set(blocks.dropLast().map(\.count)).count <= 1, "\(budget)")
            }
        }
    }

    @Test("A block that has room for chunks ends at the end of one")
    func chunks() throws {
        // 30,000 x 4 + 3 weights a row: two networks a chunk.
        let layout = testLayout(rows: 30_000)
        let zoo = Zoo(header: ZooHeader(layout: layout), weights: [Float](repeating: 0.5, count: 7 * layout.count))
        try reading(zoo) { reader, _ in
            let row = 4 * layout.count
            #expect(reader.blocks(maximumBytes: 5 * row) == [0..<4, 4..<7])
            #expect(reader.blocks(maximumBytes: 3 * row) == [0..<2, 2..<4, 4..<6, 6..<7])
            #expect(reader.blocks(maximumBytes: row).count == 7)
            #expect(!reader.hasBuffers && reader.bytesPerNetwork == row)
        }
    }

    @Test("Lists of any order give what ranges give, with facts and checkpoints")
    func lists() throws {
        let zoo = fullZoo(count: 6)
        try reading(zoo) { reader, _ in
            for rows in [[0], [5, 4, 3, 2, 1, 0], [2, 2, 2], [1, 3, 5], []] {
                let (plain, whole) = (try reader.read(rows: rows), try reader.readWhole(rows: rows))
                expectSame(plain, zoo.select(rows: rows))
                expectSame(whole, zoo.select(rows: rows))
                #expect(plain.trajectory == nil && whole.trajectory == zoo.trajectory?.select(rows: rows))
            }
            #expect(try reader.readWhole(rows: 2..<5).trajectory == zoo.trajectory?.select(rows: [2, 3, 4]))
            #expect(reader.bytesPerWholeNetwork == 52 * 3)
        }
    }

    @Test("A body that throws ends the blocks with its own error")
    func stopping() throws {
        struct Enough: Error {}
        try reading(fullZoo()) { reader, _ in
            var seen: [Range<Int>] = []
            #expect(throws: Enough.self) {
                try reader.forEachBlock(maximumBytes: 104) { _, rows in
                    seen.append(rows)
                    if rows.contains(2) { throw Enough() }
                }
            }
            #expect(seen == [0..<2, 2..<4])
        }
    }

    @Test("A copy of a copy, row by row, is a copy of the composed rows")
    func copies() throws {
        try reading(fullZoo(count: 6)) { reader, folder in
            let (first, second) = ([5, 1, 3, 0], [3, 0, 2])
            try reader.copy(rows: first, to: "\(folder)/a.h5", maximumBytes: 1)
            try ZooReader(path: "\(folder)/a.h5").copy(rows: second, to: "\(folder)/b.h5")
            try reader.copy(rows: second.map { first[$0] }, to: "\(folder)/c.h5", maximumBytes: 400)
            #expect(try bytes("\(folder)/b.h5") == bytes("\(folder)/c.h5"))
        }
    }

    @Test("Progress rises to the number of rows, and no rows make no file")
    func progress() throws {
        try reading(fullZoo()) { reader, folder in
            let heard = Heard()
            try reader.copy(
                rows: [0, 2, 4, 1], to: "\(folder)/a.h5", maximumBytes: 2 * 156,
                progress: WorkProgress { done, total in heard.add(done, total ?? -1) })
            #expect(heard.pairs == [[2, 4], [4, 4]])
            let error = dataError { try reader.copy(rows: [], to: "\(folder)/b.h5") }
            #expect(error?.expected == "at least one network" && error?.found == "none")
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/b.h5"))
        }
    }
}

/// What a progress was told, from whichever thread.
private final class Heard: @unchecked Sendable {
    // Guarded by the lock.
    private let lock = NSLock()
    private var list: [[Int]] = []

    func add(_ done: Int, _ total: Int) { lock.withLock { list.append([done, total]) } }

    var pairs: [[Int]] { lock.withLock { list } }
}
