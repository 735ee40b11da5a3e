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
        if let report {
            try OutputFile.check(report, reading: [sample, detector.path], replacing: replaces, option: "--report")
        }
        let detector = try DetectorStore(folder: detector).read()
        let (rows, notes) = try detector.read(sample: sample)
        let settings = detector.settings
        if settings.method.member.retrains {
            reporter.note(
                "\(settings.method.kind) is trained anew on \(settings.subsets) subsets of reference and sample: this takes "
                    + "minutes")
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
            let shared = SharedRows(of: detector.reference.comparable, in: read.rows.comparable)
            guard !shared.isTooMany else {
                throw DataError(
                    .malformed, path: path,
                    problem: "\(shared.places.count) of \(read.rows.count) rows stand in the reference too "
                        + "(rows \(shared.lines))",
                    hint: "give rows that are new")
            }
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
                "samples come from one half of the reference and are compared with the other half, so that the "
                    + "whole reference finds more"
                    + Self.meaning(of: power.rows))
        }
        return Outcome(rows: power.rows, notes: notes)
    }

    /// What stands for what, as the end of a sentence.
    private static func meaning(of rows: [ShiftPower.Row]) -> String {
        if rows.contains(where: { $0.origin == .errors }) {
            return
                "; rows drawn towards the model's errors have other labels for the same outputs, which nothing without "
                + "labels sees"
        }
        return rows.contains { $0.corruption != nil }
            ? "; it has no labels, so that rows are changed in named ways, and how much worse the model is there is not known"
            : "; the model makes no mistake there, so that nothing can be drawn towards its errors"
    }
}
