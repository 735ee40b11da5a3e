import Foundation
import Tensors
import TestSupport
import Testing

@testable import ShiftDetection

@Suite struct ShiftMonitorTests {
    /// 200 streams of 1,000 batches: 5 % and three standard errors.
    private static let allowed = 200 * 0.05 + 3 * (200 * 0.05 * 0.95).squareRoot()

    private static func normal(_ count: Int, _ seed: Int, _ purpose: String = "test.stream") -> [Double] {
        var stream = RandomStream(seed: 17, purpose: purpose, index: UInt64(seed))
        return stream.normal([count]).doubles
    }

    @Test func streamsOfOneLawAreLeftAlone() {
        let alarms = parallelMap(200) { trial -> Bool in
            let rows = Self.normal(100 + 2_000, trial)
            var monitor = ShiftMonitor(
                reference: [RowScores(name: "x", values: Array(rows[..<100]))], seed: UInt64(trial))
            for batch in 0..<1_000 {
                let start = 100 + 2 * batch
                _ = monitor.observe([RowScores(name: "x", values: Array(rows[start..<start + 2]))])
            }
            return monitor.alarm != nil
        }
        #expect(Double(alarms.count { $0 }) <= Self.allowed)
    }

    /// Five values of x, so that nearly all ranks are tied, and a second score that depends on the first.
    @Test func streamsOfTiesAreLeftAlone() {
        let alarms = parallelMap(200) { trial -> Bool in
            let rows = Self.normal(60 + 1_000, trial, "test.ties").map { min(max($0.rounded(), -2), 2) }
            func scores(_ range: Range<Int>) -> [RowScores] {
                [
                    RowScores(name: "x", values: Array(rows[range])),
                    RowScores(name: "|x|", values: rows[range].map(abs)),
                ]
            }
            var monitor = ShiftMonitor(reference: scores(0..<60), seed: UInt64(trial))
            for batch in 60..<1_060 { _ = monitor.observe(scores(batch..<batch + 1)) }
            return monitor.alarm != nil
        }
        #expect(Double(alarms.count { $0 }) <= Self.allowed)
    }

    /// A gambler who ranks rows among a fixed reference learns where it is not the law it was drawn from.
    @Test func rankingAmongAFixedReferenceAlarmsTooOften() {
        let alarms = parallelMap(200) { trial -> Bool in
            let rows = Self.normal(100 + 2_000, trial)
            let (reference, draws) = (RankedScores(Array(rows[..<100])), Self.tieBreaks(2_000, trial))
            var betting = RankBetting()
            return rows[100...].enumerated().contains { place, row in
                betting.bet(on: reference.smoothedRank(of: row, tieBreak: draws[place]))
                return betting.logWealth >= log(20)
            }
        }
        #expect(Double(alarms.count { $0 }) > 2 * Self.allowed)
    }

    private static func tieBreaks(_ count: Int, _ seed: Int) -> [Double] {
        var stream = RandomStream(seed: 18, purpose: "test.ties", index: UInt64(seed))
        return (0..<count).map { _ in (Double(stream.integer(below: 1 << 20)) + 0.5) / Double(1 << 20) }
    }

    /// The stream turns after 50 batches of 20 rows; its rows rise by 0.7 standard deviations, or spread by half.
    @Test(arguments: [(0.7, 1.0), (-0.7, 1.0), (0, 1.6)])
    func aStreamThatTurnsIsFound(rise: Double, spread: Double) {
        let delays = parallelMap(20) { trial -> Int in
            let reference = Self.normal(150, trial, "test.reference")
            var monitor = ShiftMonitor(reference: [RowScores(name: "x", values: reference)], seed: UInt64(trial))
            let rows = Self.normal(20 * 100, trial, "test.turning")
            for batch in 0..<100 where monitor.alarm == nil {
                let own = rows[20 * batch..<20 * (batch + 1)].map { batch < 50 ? $0 : $0 * spread + rise }
                _ = monitor.observe([RowScores(name: "x", values: own)])
            }
            return (monitor.alarm?.batch ?? 1_000) - 50
        }
        let sorted = delays.sorted()
        #expect(sorted[1] > 0, "alarms before the turn: \(delays)")
        #expect(sorted[10] <= 5 && sorted[18] <= 12, "delays in batches of 20 rows: \(delays)")
    }

    @Test func aWatchTakenUpAgainGoesOnAsOneThatRanThrough() throws {
        let rows = Self.normal(300, 1).map { ($0 * 2).rounded() }
        var through = ShiftMonitor(reference: [RowScores(name: "x", values: Array(rows[..<100]))], seed: 3)
        var resumed = through
        for batch in 0..<20 {
            let own = [RowScores(name: "x", values: Array(rows[100 + 10 * batch..<110 + 10 * batch]))]
            let state = try JSONEncoder().encode(resumed)
            resumed = try JSONDecoder().decode(ShiftMonitor.self, from: state)
            #expect(resumed.observe(own) == through.observe(own))
        }
        #expect(resumed == through && through.rows == 200 && through.batches == 20)
    }

    @Test func aDamagedStateIsRefused() throws {
        var monitor = ShiftMonitor(reference: [RowScores(name: "x", values: [1, 2, 3])], seed: 3)
        _ = monitor.observe([RowScores(name: "x", values: [4])])
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(monitor), as: UTF8.self)
        #expect(throws: Never.self) { try JSONDecoder().decode(ShiftMonitor.self, from: Data(text.utf8)) }
        for (old, new) in [
            ("[1,2,3,4]", "[2,1,3,4]"), ("[1,2,3,4]", "[]"), ("\"rows\":1", "\"rows\":2"),
            ("\"alpha\":0.05", "\"alpha\":5"),
            ("\"count\":1", "\"count\":7"),
        ] {
            let damaged = text.replacing(old, with: new)
            #expect(damaged != text, "\(old) in \(text)")
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(ShiftMonitor.self, from: Data(damaged.utf8))
            }
        }
    }

    @Test func batchesDoNotMatterButRowsDo() {
        let rows = Self.normal(130, 4)
        func watched(_ size: Int) -> ShiftMonitor {
            var monitor = ShiftMonitor(reference: [RowScores(name: "x", values: Array(rows[..<50]))], seed: 3)
            for start in stride(from: 50, to: 130, by: size) {
                _ = monitor.observe([RowScores(name: "x", values: Array(rows[start..<start + size]))])
            }
            return monitor
        }
        #expect(watched(1).logEvidence == watched(8).logEvidence)
        #expect(watched(1).highest == watched(8).highest)
    }
}
