import Foundation

/// The sleep of who waits: short at first, for an answer that is on its way, then longer, up to two thousandths of a
/// second.
struct Pause {
    private(set) var microseconds: UInt32 = 0
    private static let longest: UInt32 = 2000

    /// Sleeps; each time longer than the last.
    mutating func sleep() {
        if microseconds < 20 {
            microseconds += 1
            sched_yield()
        } else {
            usleep(microseconds)
            microseconds = min(microseconds + microseconds / 2, Self.longest)
        }
    }

    /// Begins again with short sleeps.
    mutating func reset() { microseconds = 0 }
}
