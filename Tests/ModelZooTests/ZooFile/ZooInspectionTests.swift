import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Zoo inspection")
struct ZooInspectionTests {
    @Test("counts, columns, ranges and per-slot statistics", arguments: [1, 200, 1 << 20])
    func facts(maximumBytes: Int) throws {
        let found = try ZooReader(path: zooFixture("plain.h5")).inspect(maximumBytes: maximumBytes)
        #expect(found.count == 6 && found.parameters == 23 && found.checksums == .verified && found.isSound)
        #expect(found.splits == ["train": 3, "validation": 1, "test": 2])
        let accuracy = try #require(found.columns.first { $0.name == "test_accuracy" })
        #expect(accuracy.missing == 1 && accuracy.minimum == 0.25 && accuracy.maximum == 1 && accuracy.mean == 0.6)
        #expect(found.columns.first { $0.name == "task" }?.missing == 1)
        let rows = formulaRows(6, 23)
        let values = (0..<6).flatMap { i in (12..<15).map { Double(rows[i * 23 + $0]) } }
        let mean = values.reduce(0, +) / 18
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 18).squareRoot()
        let slot = found.slots[1]
        #expect(slot.name == "layers.0.bias" && slot.minimum == values.min() && slot.maximum == values.max())
        let (foundMean, foundDeviation) = (try #require(slot.mean), try #require(slot.deviation))
        #expect(abs(foundMean - mean) < 1e-14 && abs(foundDeviation - deviation) < 1e-14)
        #expect(found.minimum == Double(try #require(rows.min())))
    }

    @Test("damage is listed, not thrown")
    func damage() throws {
        let found = try ZooReader(path: zooFixture("bad-nan.h5")).inspect()
        #expect(found.nonFinite == [3] && !found.isSound && found.checksums == .absent)
        #expect(found.description.contains("1 networks: 3"))
        #expect(found.slots.allSatisfy { $0.mean?.isFinite == true })
    }

    @Test("JSON comes back, the table names every slot and column")
    func forms() throws {
        let found = try ZooReader(path: zooFixture("full.h5")).inspect()
        let back = try JSONDecoder().decode(ZooInspection.self, from: JSONEncoder().encode(found))
        #expect(back == found)
        for name in found.slots.map(\.name) + found.columns.map(\.name) { #expect(found.description.contains(name)) }
    }

    @Test(
        "numbers are short",
        arguments: [
            (nil, "-"), (0, "0"), (0.5, "0.5"), (-0.0123456, "-0.012346"), (96.166667, "96.167"), (140, "140"),
            (1.0000001, "1"),
        ])
    func numbers(value: Double?, text: String) { #expect(ZooInspection.number(value) == text) }

    @Test("moments of pieces are those of the whole, far from zero")
    func moments() {
        let values = (0..<1000).map { Float(1 << 20) + Float($0 % 7) }
        var (whole, pieces) = (Moments(), Moments())
        whole.add(values[...])
        for start in stride(from: 0, to: 1000, by: 33) { pieces.add(values[start..<min(start + 33, 1000)]) }
        #expect(Moments().mean == nil)
        let (first, second) = (whole.deviation ?? 0, pieces.deviation ?? 1)
        #expect(abs(first - second) < 1e-9 && first > 1.9 && first < 2.1)
    }
}
