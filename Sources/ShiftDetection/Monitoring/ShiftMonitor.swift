import Foundation
import Tensors

/// Watches batches that keep coming: an e-process that may be looked at after every batch.
///
/// Each score of each row is ranked among the reference *and all earlier rows*; a gambler bets on the ranks, one for each
/// score, and the mean of their wealths is the evidence. While rows keep coming like the reference, in whatever batches
/// and for however long, it ever reaches 1 / alpha with probability alpha at most. Ranks among the reference alone have
/// no such law: a gambler learns in time where the reference is not the law it was drawn from.
///
/// The state is Codable, and all randomness a function of the seed and the row's number: a watch that is stopped and
/// taken up again says what one that ran through would have said.
public struct ShiftMonitor: Codable, Sendable, Equatable {
    /// The probability of an alarm, ever, while nothing changes.
    public let alpha: Double
    /// Key of the draws that break ties.
    public let seed: UInt64
    /// Batches seen.
    public private(set) var batches = 0
    /// Rows seen, the reference's left out.
    public private(set) var rows = 0
    /// When the evidence first reached 1 / alpha; it stays.
    public private(set) var alarm: Alarm?
    /// Logarithm of the highest evidence so far.
    public private(set) var highest = 0.0
    private var scores: [Watched]

    /// When evidence first reached 1 / alpha, both counted from 1.
    public struct Alarm: Codable, Sendable, Equatable {
        /// The batch.
        public let batch: Int
        /// The row, over all batches.
        public let row: Int
    }

    /// What one batch has shown.
    public struct Observation: Codable, Sendable, Equatable {
        /// The batch, counted from 1.
        public let batch: Int
        /// Its rows.
        public let rows: Int
        /// Logarithm of the evidence after it.
        public let logEvidence: Double
        /// The score whose gambler is the richest, and moves most if any does.
        public let strongest: String
        /// Whether this batch raised the alarm.
        public let raisesAlarm: Bool
    }

    private struct Watched: Codable, Sendable, Equatable {
        let name: String
        var ranks: RankedScores
        var betting = RankBetting()
    }

    /// Begins with the reference's scores. Traps unless there is a score, each of as many finite rows, and alpha is
    /// between 0 and 1.
    public init(reference: [RowScores], alpha: Double = 0.05, seed: UInt64) {
        precondition(
            alpha > 0 && alpha < 1 && Set(reference.map(\.values.count)).count == 1 && !reference[0].values.isEmpty,
            "shift monitor: alpha \(alpha), rows \(reference.map(\.values.count))")
        (self.alpha, self.seed) = (alpha, seed)
        scores = reference.map { Watched(name: $0.name, ranks: RankedScores($0.values)) }
    }

    /// Logarithm of the evidence: of the mean of the gamblers' wealths, which started with 1.
    public var logEvidence: Double {
        logSum(scores.map(\.betting.logWealth)) - log(Double(scores.count))
    }

    /// Takes the next batch, its rows in their order. Traps unless it has the reference's scores.
    public mutating func observe(_ batch: [RowScores]) -> Observation {
        precondition(
            batch.map(\.name) == scores.map(\.name) && Set(batch.map(\.values.count)).count == 1,
            "shift monitor: scores \(batch.map(\.name)), the reference has \(scores.map(\.name))")
        let (count, before) = (batch[0].values.count, alarm)
        batches += 1
        for row in 0..<count { take(batch.map { $0.values[row] }) }
        let strongest = scores.max { $0.betting.logWealth < $1.betting.logWealth }?.name ?? ""
        return Observation(
            batch: batches, rows: count, logEvidence: logEvidence, strongest: strongest,
            raisesAlarm: before == nil && alarm != nil)
    }

    private mutating func take(_ row: [Double]) {
        var stream = RandomStream(seed: seed, purpose: "shift.monitor.tie", index: UInt64(rows))
        rows += 1
        for (place, score) in row.enumerated() {
            let tieBreak = (Double(stream.integer(below: 1 << 31)) + 0.5) / Double(1 << 31)
            scores[place].betting.bet(on: scores[place].ranks.rank(adding: score, tieBreak: tieBreak))
        }
        let evidence = logEvidence
        highest = max(highest, evidence)
        if alarm == nil, evidence >= -log(alpha) { alarm = Alarm(batch: batches, row: rows) }
    }

    /// Reads a state; throws where it is damaged.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        alpha = try fields.decode(Double.self, forKey: .alpha)
        seed = try fields.decode(UInt64.self, forKey: .seed)
        batches = try fields.decode(Int.self, forKey: .batches)
        rows = try fields.decode(Int.self, forKey: .rows)
        alarm = try fields.decodeIfPresent(Alarm.self, forKey: .alarm)
        highest = try fields.decode(Double.self, forKey: .highest)
        scores = try fields.decode([Watched].self, forKey: .scores)
        let own = rows
        guard alpha > 0, alpha < 1, batches >= 0, rows >= 0, !scores.isEmpty, highest.isFinite,
            scores.allSatisfy({ $0.betting.count == own && $0.ranks.sorted.count > own }),
            Set(scores.map(\.ranks.sorted.count)).count == 1
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .scores, in: fields,
                debugDescription: "the state of a watch whose numbers do not fit each other")
        }
    }

    private enum CodingKeys: String, CodingKey { case alpha, seed, batches, rows, alarm, highest, scores }
}
