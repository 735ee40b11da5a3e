import Basics
import Foundation
import Reports
import ShiftDetection

/// Judges a sample with a detector.
public struct ShiftTestOperation {
    /// The detector's folder.
    public let detector: URL
    /// Q.
    public let sample: String
    /// The page to write, if any.
    public var report: URL?
    /// Whether a page that is there already is replaced.
    public var replaces = false

    /// Prepares to judge; nothing is read yet.
    public init(detector: URL, sample: String) { (self.detector, self.sample) = (detector, sample) }

    /// Reads and judges, and writes the page. Throws `DataError`.
    public func execute(_ reporter: any ProgressReporter) throws -> ShiftTest {
        if let report { try OutputFile.check(report, reading: [sample, detector.path], replacing: replaces) }
        let detector = try DetectorStore(folder: detector).read()
        let (rows, notes) = try detector.read(sample: sample)
        if detector.needsCalibration(size: rows.count) {
            reporter.note(
                "\(rows.count) rows: the detector was fitted for other sizes, so that this takes as long as a fit does")
        }
        let found = try detector.test(
            rows, path: sample, notes: notes, progress: reporter.progress("comparing", hint: OutputFile.interrupted))
        if let report {
            let name = URL(fileURLWithPath: sample).lastPathComponent
            try WholeFile.write(ShiftPage(ShiftPicture(found, name: name)).html(), to: report)
        }
        return found
    }
}

/// Draws many samples and says in how many of them a shift is found.
public struct ShiftPowerOperation {
    /// The detector's folder.
    public let detector: URL
    /// Sizes of the samples.
    public let sizes: [Int]
    /// A file whose rows are drawn; the reference's own rows, where it is nil.
    public var other: String?
    /// Samples of each size and kind.
    public var cases = 100

    /// Prepares to draw; nothing is read yet.
    public init(detector: URL, sizes: [Int]) { (self.detector, self.sizes) = (detector, sizes) }

    /// What was found, and what a person should know.
    public struct Outcome: Encodable, Sendable {
        /// One row a size and kind.
        public let rows: [ShiftPower.Row]
        /// What a person should know.
        public let notes: [String]
    }

    /// Draws and judges. Throws `DataError`.
    public func execute(_ reporter: any ProgressReporter) throws -> Outcome {
        let detector = try DetectorStore(folder: detector).read()
        var notes: [String] = []
        let rows = try other.map { path -> DetectorRows in
            let read = try detector.read(sample: path)
            notes = read.notes
            if let least = sizes.min(), read.rows.count < least {
                throw DataError(
                    .malformed, path: path, problem: "has \(read.rows.count) rows, fewer than the \(least) of a sample",
                    hint: "ask for smaller samples with --rows")
            }
            return read.rows
        }
        let power = try detector.power(
            sizes: sizes, cases: cases, against: rows, path: other ?? "the reference",
            progress: reporter.progress("drawing samples", hint: OutputFile.interrupted))
        if other == nil {
            notes.append(
                power.rows.contains { $0.origin == .errors }
                    ? "samples come from one half of the reference and are compared with the other half; rows drawn towards "
                        + "the model's errors have other labels for the same outputs, which nothing without labels sees"
                    : "the reference has no labels, so that samples cannot be drawn towards the model's errors; name a file "
                        + "with --against")
        }
        return Outcome(rows: power.rows, notes: notes)
    }
}
