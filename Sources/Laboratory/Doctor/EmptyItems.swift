import Foundation
import Ranks

/// Items that do nothing, by which the time of handing one out is measured.
struct EmptyItems: RankWork {
    struct Description: Codable {
        /// Bytes of an outcome.
        let load: Int
    }

    /// Who did an item, and when it was begun by that process' clock.
    struct Outcome {
        let worker, nanoseconds: UInt64
        let load: Int
    }

    static let name = "handing out"
    let description: Description
    private let worker = UInt64.random(in: 0...UInt64.max)
    private var microseconds: UInt32 = 0

    init(_ description: Description) { self.description = description }

    /// Rank 0's: while its items sleep, it hands out all others.
    init(sleeping microseconds: UInt32, load: Int) {
        self.init(Description(load: load))
        self.microseconds = microseconds
    }

    func item(_ range: Range<Int>, report: (_ units: Int) throws -> Void) -> Outcome {
        let now = DispatchTime.now().uptimeNanoseconds
        if microseconds > 0 { usleep(microseconds) }
        return Outcome(worker: worker, nanoseconds: now, load: description.load)
    }

    static func bytes(_ outcome: Outcome) -> [UInt8] {
        [outcome.worker, outcome.nanoseconds].flatMap { value in
            withUnsafeBytes(of: value.littleEndian) { Array($0) }
        } + [UInt8](repeating: 0, count: outcome.load)
    }

    static func outcome(_ bytes: [UInt8]) -> Outcome {
        precondition(bytes.count >= 16, "EmptyItems: an outcome of \(bytes.count) bytes")
        let (worker, nanoseconds) = bytes.withUnsafeBytes {
            (
                UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)),
                UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        return Outcome(worker: worker, nanoseconds: nanoseconds, load: bytes.count - 16)
    }
}
