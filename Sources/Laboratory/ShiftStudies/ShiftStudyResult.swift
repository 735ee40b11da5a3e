import ShiftDetection

/// What one split of a study came to.
struct ShiftSplitResult: Codable, Sendable {
    /// Which one, from 0.
    let split: Int
    /// The metric that decides, reached on P.
    let reference: Double
    /// How much lower it is in each place, with all its labels.
    let truth: [String: Double]
    /// Every sample.
    var samples: [Sample] = []
    /// Seconds to fit the ensembles and the estimate.
    var fitSeconds = 0.0
    /// Seconds of each method on a sample: their sum, and the number of samples.
    var seconds: [String: Spent] = [:]

    /// Streams that turn to each place; nil where there were none.
    var streams: [Stream]?

    /// A stream of batches that comes from P and then from a place.
    struct Stream: Codable, Sendable, Equatable {
        /// Where it turns to.
        let place: String
        /// Rows before the turn, and after it.
        let before, after: Int
        /// The row, counted from 1, at which a watch raised its alarm.
        let alarm: Int?
    }

    /// One sample.
    struct Sample: Codable, Sendable {
        /// Where its rows come from.
        let place: String
        /// Its rows.
        let size: Int
        /// The p-value of each method that took part.
        var p: [String: Double]
        /// The estimated drop; nil for samples that only costly methods saw.
        let drop: AccuracyInterval?
        /// How much lower the metric is than the reference's on these very rows, from their labels.
        let realised: Double?
    }

    /// Time that samples took.
    struct Spent: Codable, Sendable {
        var seconds = 0.0
        var samples = 0
    }

    mutating func spend(_ name: String, _ seconds: Double, samples: Int) {
        self.seconds[name, default: Spent()].seconds += seconds
        self.seconds[name, default: Spent()].samples += samples
    }
}
