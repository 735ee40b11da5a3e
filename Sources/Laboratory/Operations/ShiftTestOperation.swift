import Basics
import Foundation
import ShiftDetection

/// Judges a sample with a detector.
public struct ShiftTestOperation {
    /// The detector's folder.
    public let detector: URL
    /// Q.
    public let sample: String

    /// Prepares to judge; nothing is read yet.
    public init(detector: URL, sample: String) { (self.detector, self.sample) = (detector, sample) }

    /// Reads and judges. Throws `DataError`.
    public func execute(_ reporter: any ProgressReporter) throws -> ShiftTest {
        let detector = try DetectorStore(folder: detector).read()
        let (rows, notes) = try detector.read(sample: sample)
        return try detector.test(
            rows, path: sample, notes: notes,
            progress: reporter.progress("comparing", hint: OutputFile.interrupted))
    }
}
