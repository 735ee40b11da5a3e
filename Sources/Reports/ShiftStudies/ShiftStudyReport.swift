import Basics

/// The figures of a study of shift detection: what its page and its table show.
public struct ShiftStudyReport: Codable, Sendable, Equatable {
    /// The experiment.
    public let name: String
    /// What it asks.
    public let question: String
    /// Where samples come from, in order; the reference's own are the last.
    public let places: [String]
    /// Rows of samples.
    public let sizes: [Int]
    /// The level of *different*.
    public let alpha: Double
    /// How much an estimate must fall to be harmful.
    public let margin: Double
    /// What is estimated.
    public let metric: String
    /// The test and the estimate that were named beforehand.
    public let decision: String
    /// Splits into T and P.
    public let splits: Int
    /// How often each method says *different*.
    public let different: [Row]
    /// How often each method, with the estimate, says *harmful*.
    public let harmful: [Row]
    /// What was estimated, beside what was true.
    public let estimates: [Estimate]
    /// Seconds to fit the ensembles of a split.
    public let fitSeconds: Double
    /// Seconds of it all.
    public let seconds: Double
    /// The places that are steps of a shift which grows; nil where there are none.
    public var severities: [Severity]?
    /// What a watch has seen of streams that turn; nil where there were none.
    public var streams: [Streams]?
    /// Rows of a batch of those streams.
    public var batch: Int?

    /// A place as a step of a shift that grows.
    public struct Severity: Codable, Sendable, Equatable {
        /// The place.
        public let place: String
        /// The line of a picture that it belongs to.
        public let line: String
        /// How far along.
        public let amount: Double

        /// A step.
        public init(place: String, line: String, amount: Double) {
            (self.place, self.line, self.amount) = (place, line, amount)
        }
    }

    /// One method's shares, place by place and size by size.
    public struct Row: Codable, Sendable, Equatable {
        /// The method.
        public let name: String
        /// Its shares, sizes within places.
        public let cells: [Cell]
        /// Seconds a sample.
        public let seconds: Double?

        /// A row.
        public init(name: String, cells: [Cell], seconds: Double?) {
            (self.name, self.cells, self.seconds) = (name, cells, seconds)
        }
    }

    /// In how many samples something was found.
    public struct Cell: Codable, Sendable, Equatable {
        /// Where the samples come from.
        public let place: String
        /// Their rows.
        public let size: Int
        /// In how many it was found.
        public let found: Int
        /// Of how many.
        public let samples: Int

        /// A share.
        public init(place: String, size: Int, found: Int, samples: Int) {
            (self.place, self.size, self.found, self.samples) = (place, size, found, samples)
        }

        /// The share; nil of none.
        public var share: Double? { samples > 0 ? Double(found) / Double(samples) : nil }
    }

    /// True and estimated drop of a place.
    public struct Estimate: Codable, Sendable, Equatable {
        /// The place.
        public let place: String
        /// Rows of a sample.
        public let size: Int
        /// The mean of the true drop over splits.
        public let truth: Double
        /// The mean of the estimated ones.
        public let estimated: Double
        /// Their standard deviation.
        public let deviation: Double
        /// The share of intervals that hold the truth.
        public let coverage: Double

        /// An estimate.
        public init(
            place: String, size: Int, truth: Double, estimated: Double, deviation: Double, coverage: Double
        ) {
            (self.place, self.size, self.truth) = (place, size, truth)
            (self.estimated, self.deviation, self.coverage) = (estimated, deviation, coverage)
        }
    }

    /// Gathers figures.
    public init(
        name: String, question: String, places: [String], sizes: [Int], alpha: Double, margin: Double, metric: String,
        decision: String, splits: Int, different: [Row], harmful: [Row], estimates: [Estimate], fitSeconds: Double,
        seconds: Double
    ) {
        (self.name, self.question, self.places, self.sizes) = (name, question, places, sizes)
        (self.alpha, self.margin, self.metric, self.decision) = (alpha, margin, metric, decision)
        (self.splits, self.different, self.harmful, self.estimates) = (splits, different, harmful, estimates)
        (self.fitSeconds, self.seconds) = (fitSeconds, seconds)
    }
}

extension ShiftStudyReport {
    /// The tables for a terminal: percentages, sizes side by side.
    public func text() -> String {
        let sizes = sizes.map(String.init).joined(separator: "/")
        return "Different, % of samples of \(sizes) rows:\n" + table(different)
            + "\nHarmful (\(decision); margin \(NumberText.significant(margin)) of \(metric)), %:\n" + table(harmful)
            + "\nThe fall of \(metric), in points:\n" + estimatesTable() + streamsText()
    }

    private func streamsText() -> String {
        let grid = streamsGrid()
        guard !grid.lines.isEmpty else { return "" }
        var table = TextTable(grid.head)
        for line in grid.lines { table.append(line) }
        return "\nStreams that turn. \(streamsSentence)\n" + table.text
    }

    private func table(_ rows: [Row]) -> String {
        let grid = grid(rows, method: "method", place: "place", seconds: "s")
        var table = TextTable(grid.head)
        for line in grid.lines { table.append(line) }
        return table.text
    }

    /// A table of shares: a line a method, or a line a place where there are many places.
    func grid(_ rows: [Row], method: String, place: String, seconds: String) -> (head: [String], lines: [[String]]) {
        func time(_ row: Row) -> String { NumberText.significant(row.seconds, digits: 2) }
        if places.count <= Self.mostColumns {
            let lines = rows.map { row in [row.name] + places.map { shares(row, $0) } + [time(row)] }
            return ([method] + places + [seconds], lines)
        }
        let lines = places.map { place in [place] + rows.map { shares($0, place) } } + [[seconds] + rows.map(time)]
        return ([place] + rows.map(\.name), rows.isEmpty ? [] : lines)
    }

    /// More places than these stand below each other.
    private static let mostColumns = 8

    /// "28 / 47 / 66" of a place.
    func shares(_ row: Row, _ place: String) -> String {
        let shares = row.cells.filter { $0.place == place }.map { cell in
            cell.share.map { NumberText.fixed($0 * 100, digits: 0) } ?? "-"
        }
        return shares.allSatisfy { $0 == "-" } ? "-" : shares.joined(separator: "/")
    }

    private func estimatesTable() -> String {
        var table = TextTable(["place", "rows", "true", "estimated", "sd", "intervals that hold it, %"])
        for estimate in estimates { table.append(Self.cells(estimate)) }
        return table.text
    }

    static func cells(_ estimate: Estimate) -> [String] {
        func points(_ value: Double) -> String { NumberText.fixed(value * 100, digits: 1) }
        return [
            estimate.place, "\(estimate.size)", points(estimate.truth), points(estimate.estimated),
            points(estimate.deviation), NumberText.fixed(estimate.coverage * 100, digits: 0),
        ]
    }
}
