import Foundation
import Tensors
import Testing
import TestSupport

@testable import Evaluation

@Suite("Properties of sample statistics")
struct StatisticsPropertyTests {
    private static func values(_ count: Int, _ seed: UInt64) -> [Double] { normalDoubles([count], seed: seed).doubles }

    @Test("a change of unit and origin goes through all of them", arguments: 1...5 as ClosedRange<UInt64>)
    func affine(_ seed: UInt64) {
        let values = Self.values(21, seed)
        let (plain, moved) = (SampleStatistics(values), SampleStatistics(values.map { 4 * $0 - 1 }))
        for path in [\SampleStatistics.mean, \.median, \.min, \.max] {
            #expect(abs(moved[keyPath: path] - (4 * plain[keyPath: path] - 1)) < 1e-12)
        }
        #expect(abs(moved.sd - 4 * plain.sd) < 1e-12)
        let turned = SampleStatistics(values.map { -$0 })
        #expect(turned.min == -plain.max && turned.median == -plain.median && abs(turned.sd - plain.sd) < 1e-14)
    }

    @Test("min <= median <= max, and mean and median differ by one deviation at most", arguments: [2, 3, 10, 41])
    func order(_ count: Int) {
        let values = Self.values(count, 3).map { exp($0) }
        let found = SampleStatistics(values)
        #expect(found.min <= found.median && found.median <= found.max && found.sd >= 0)
        #expect(abs(found.mean - found.median) <= found.sd)
    }

    @Test("0 ... n - 1: mean (n - 1) / 2, variance n (n + 1) / 12", arguments: [2, 3, 10, 101])
    func arithmetic(_ count: Int) {
        let found = SampleStatistics((0..<count).map(Double.init))
        let n = Double(count)
        #expect(abs(found.mean - (n - 1) / 2) < 1e-12 && found.median == (n - 1) / 2)
        #expect(abs(found.sd * found.sd - n * (n + 1) / 12) < 1e-9)
    }

    @Test("zeros and ones: the accuracy of a share p has variance n p (1 - p) / (n - 1)")
    func shares() {
        let found = SampleStatistics([1, 1, 1, 0])
        #expect(found.mean == 0.75 && abs(found.sd * found.sd - 0.25) < 1e-15 && found.median == 1)
    }

    @Test("what is not finite changes counts, and no number", arguments: [Double.nan, .infinity, -.infinity])
    func broken(_ bad: Double) {
        let values = Self.values(9, 1)
        let plain = SampleStatistics(values)
        for place in [0, 4, 9] {
            var more = values
            more.insert(bad, at: place)
            for found in [SampleStatistics(more), SampleStatistics(inOrder: more)] {
                #expect(found.count == 10 && found.nonFinite == 1)
                #expect(found.median == plain.median && found.min == plain.min && found.max == plain.max)
                #expect(abs(found.mean - plain.mean) < 1e-15 && abs(found.sd - plain.sd) < 1e-15)
            }
        }
    }

    @Test("what is written is read back, NaN as null; broken values are named only where there are any")
    func coding() throws {
        func text(_ statistics: SampleStatistics) throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return String(decoding: try encoder.encode(statistics), as: UTF8.self)
        }
        #expect(try text(SampleStatistics([2])) == #"{"max":2,"mean":2,"median":2,"min":2,"n":1,"sd":null}"#)
        #expect(
            try text(SampleStatistics([1, .infinity, 3]))
                == #"{"max":3,"mean":2,"median":2,"min":1,"n":3,"non_finite":1,"sd":1.4142135623730951}"#)
        for values in [[1, 2, 4.5], [1, .nan, 3]] {
            let statistics = SampleStatistics(values)
            let data = try JSONEncoder().encode(statistics)
            #expect(try JSONDecoder().decode(SampleStatistics.self, from: data) == statistics)
        }
        let empty = try JSONDecoder().decode(SampleStatistics.self, from: JSONEncoder().encode(SampleStatistics([])))
        #expect(empty.mean.isNaN && empty.sd.isNaN && empty.max.isNaN && empty.count == 0 && empty.nonFinite == 0)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(SampleStatistics.self, from: Data(#"{"mean":1}"#.utf8))
        }
    }

    @Test("in units: ratios of numbers keep, counts stay", arguments: [0.25, 8])
    func units(_ unit: Double) {
        let plain = SampleStatistics(Self.values(12, 2) + [.nan])
        let divided = plain.divided(by: unit)
        #expect(
            divided == SampleStatistics(Self.values(12, 2).map { $0 / unit } + [.nan]), "powers of two round nothing")
        #expect(divided.divided(by: 1 / unit) == plain)
    }
}
