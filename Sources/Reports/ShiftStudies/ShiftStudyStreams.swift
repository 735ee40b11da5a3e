import Basics

extension ShiftStudyReport {
    /// Streams that turn from the reference to a place, watched batch by batch.
    public struct Streams: Codable, Sendable, Equatable {
        /// The place.
        public let place: String
        /// How many streams there were.
        public let streams: Int
        /// In how many an alarm was raised before the turn: a false one.
        public let early: Int
        /// In how many it was raised after the turn.
        public let found: Int
        /// Rows after the turn, of which none is left then.
        public let rows: Int
        /// Rows from the turn to the alarm, where there was one after it, in order.
        public let delays: [Int]

        /// Streams of a place. `delays` may be in any order.
        public init(place: String, streams: Int, early: Int, rows: Int, delays: [Int]) {
            (self.place, self.streams, self.early, self.rows) = (place, streams, early, rows)
            (found, self.delays) = (delays.count, delays.sorted())
        }

        /// Rows after which a share of the streams without an early alarm was found; nil where fewer were.
        public func delay(of share: Double) -> Int? {
            let needed = Int((share * Double(streams - early)).rounded(.up))
            return needed > 0 && needed <= delays.count ? delays[needed - 1] : nil
        }
    }

    /// Column titles and lines of the table of streams; empty without streams.
    func streamsGrid() -> (head: [String], lines: [[String]]) {
        let head = [
            "place", "streams", "alarm before the turn", "after it", "rows to half of them", "to nine in ten",
            "rows at most",
        ]
        let lines = (streams ?? []).map { one in
            [one.place, "\(one.streams)", "\(one.early)", "\(one.found)"]
                + [0.5, 0.9].map { one.delay(of: $0).map(String.init) ?? NumberText.missing } + ["\(one.rows)"]
        }
        return (head, lines)
    }

    /// What the table of streams says, above it.
    var streamsSentence: String {
        "Batches of \(batch.map(String.init) ?? NumberText.missing) rows come from the reference and then from a place;"
            + " a watch of the outputs may raise an alarm after each, by chance in"
            + " \(NumberText.significant(alpha * 100)) % of streams at most, however long they are."
    }
}
