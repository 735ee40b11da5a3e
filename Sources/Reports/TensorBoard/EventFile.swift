import Basics
import Foundation
import Synchronization

/// A file of events for TensorBoard (`events.out.tfevents.*`), written while something runs.
///
/// It holds the time of day, so two runs of the same bytes have event files of different ones: they are no part of what a
/// run's files promise, and nothing reads them back. Every event is in the file as soon as it is written; a session
/// that goes on opens a file of its own.
public final class EventFile: Sendable {
    private let path: String
    private let descriptor: Mutex<Int32>
    private let clock: @Sendable () -> Double

    /// Makes a new file in a folder, which is made where it is missing. TensorBoard forgets what earlier files there say of
    /// `step` and later ones. Throws `DataError` (inputOutput).
    public init(in folder: URL, from step: Int) throws {
        clock = { Date().timeIntervalSince1970 }
        try POSIXFile.makeFolders(folder.path)
        let now = clock()
        // Files of a folder are read in the order of their names: ten digits of seconds, then a serial.
        let seconds = String(format: "%010d", Int(now))
        var (serial, opened, place) = (0, Int32(-1), "")
        repeat {
            place = folder.appendingPathComponent("events.out.tfevents.\(seconds).weightspace.\(serial)").path
            opened = open(place, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
            serial += 1
        } while opened < 0 && errno == EEXIST && serial < 10_000
        guard opened >= 0 else { throw POSIXFile.failure(place, "cannot be written") }
        path = place
        descriptor = Mutex(opened)
        try write(.version, step: 0)
        try write(.sessionStart, step: step)
    }

    /// Appends an event of now; throws `DataError` (inputOutput).
    public func write(_ content: TensorBoardEvent.Content, step: Int) throws {
        let record = TensorBoardEvent(wallTime: clock(), step: step, content).record
        try descriptor.withLock { try POSIXFile.write(record, to: $0, path: path) }
    }

    deinit {
        descriptor.withLock { _ = close($0) }
    }
}
