import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("HDF5 layer")
struct HDF5LayerTests {
    @Test("numbers convert between types, in blocks")
    func numbers() throws {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/a.h5"
            let file = try HDF5File.create(path)
            try file.write([1, -2, 3, -4, 5, -6] as [Int64], shape: [3, 2], as: "/i")
            try file.write([0.5, 1.5] as [Double], shape: [2], as: "/d")
            try file.createGroup("/g")
            try file.write([7] as [UInt64], shape: [1], as: "/g/u")
            try file.close()
            let back = try HDF5File.open(path)
            let integers = try back.dataset("/i")
            #expect(try integers.read(rows: 1..<3, as: Float.self) == [3, -4, 5, -6])
            var column = [Double](repeating: 0, count: 2)
            try column.withUnsafeMutableBufferPointer { try integers.read(start: [1, 1], extents: [2, 1], into: $0) }
            #expect(column == [-4, -6])
            #expect(integers.element == .integer(bytes: 8, signed: true) && integers.shape == [3, 2])
            #expect(try back.dataset("/d").read(rows: 0..<2, as: Float.self) == [0.5, 1.5])
            #expect(try back.children(of: "/") == ["d", "g", "i"])
            #expect(try back.kind(of: "/g") == .group && back.kind(of: "/g/u") == .dataset)
            #expect(try !back.contains("/g/none") && !back.contains("/none/u"))
        }
    }

    @Test("text of any length and script; long attributes beyond 64 KiB")
    func text() throws {
        try withFolder { (folder: String) throws in
            let long = String(repeating: "ä", count: 100_000)
            let file = try HDF5File.create("\(folder)/a.h5")
            try file.write(text: long, attribute: "long")
            try file.write(integer: -5, attribute: "n")
            try file.write(text: ["", "x", long], as: "/t")
            try file.close()
            let back = try HDF5File.open("\(folder)/a.h5")
            #expect(try back.text(attribute: "long") == long)
            #expect(try back.integer(attribute: "n") == -5)
            #expect(try back.text(attribute: "none") == nil)
            #expect(try back.attributeNames(of: "/") == ["long", "n"])
            #expect(try back.dataset("/t").readText() == ["", "x", long])
            #expect(dataError { _ = try back.text(attribute: "n") }?.kind == .malformed)
            #expect(dataError { _ = try back.integer(attribute: "long") }?.kind == .malformed)
        }
    }

    @Test("a missing dataset, and numbers read as text, are named")
    func failures() throws {
        let file = try HDF5File.open(zooFixture("plain.h5"))
        let error = dataError { _ = try file.dataset("/nothing") }
        #expect(error?.description.contains("/nothing") == true && error?.kind == .malformed)
        let seeds = try file.dataset("/networks/seed")
        #expect(dataError { _ = try seeds.readText() }?.found == "uint64")
        #expect(dataError { _ = try file.children(of: "/nothing") }?.found.hasPrefix("HDF5: ") == true)
    }

    @Test("many threads read at once")
    func threads() async throws {
        let reader = try ZooReader(path: zooFixture("filtered.h5"))
        let all = formulaRows(6, 23)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 0..<16 {
                group.addTask {
                    for row in (0..<50).map({ ($0 + task) % 6 }) {
                        guard try reader.read(rows: [row]).weights == Array(all[row * 23..<(row + 1) * 23]) else {
                            return false
                        }
                    }
                    return dataError { _ = try HDF5File.open(zooFixture("none.h5")) }?.kind == .missing
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    @Test("a block covers whole chunks and stays small")
    func blockExtents() {
        #expect(HDF5Walk.blockExtents(shape: [10, 5], chunk: nil, elementBytes: 4) == [10, 5])
        #expect(HDF5Walk.blockExtents(shape: [1 << 20, 1 << 10], chunk: nil, elementBytes: 4) == [1 << 10, 1 << 10])
        #expect(HDF5Walk.blockExtents(shape: [100, 1 << 30], chunk: nil, elementBytes: 4) == [1, 1 << 20])
        #expect(HDF5Walk.blockExtents(shape: [100, 100], chunk: [7, 1000], elementBytes: 8) == [100, 100])
        #expect(HDF5Walk.blockExtents(shape: [5000, 1024], chunk: [600, 1024], elementBytes: 8) == [600, 1024])
    }
}
