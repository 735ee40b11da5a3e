import Basics
import Foundation
import RankTestSupport

@testable import Ranks

/// Runs `body` as rank 0 of a world of threads, which are told to use three each.
func overRanks<Outcome>(
    _ size: Int, _ table: @autoclosure @escaping @Sendable () -> RankServer.Table,
    stop: @escaping @Sendable (Int) -> Void = { _ in }, _ body: (Ranks) throws -> Outcome
) throws -> (result: Result<Outcome, any Error>, threads: [Int?], errors: [Int: String]) {
    let world = try ThreadRanks.serve(size, table(), threads: 3, stop: stop, body)
    return (world.outcome, world.threads, world.errors)
}

extension Result where Failure == any Error {
    /// The words of an error.
    var problem: String? {
        if case .failure(let error) = self { "\(error)" } else { nil }
    }
}

/// Squares of numbers, each an item of so many units, with what may go wrong.
struct Squares: RankWork {
    struct Description: Codable {
        var offset = 0
        /// Indices that fail.
        var bad: Set<Int> = []
        /// Milliseconds that an index takes.
        var milliseconds: [Int: Int] = [:]
        /// Whether no other rank can make the work.
        var isSecret = false
    }

    static let name = "squares"
    var description: Description

    init(_ description: Description) throws {
        if description.isSecret {
            throw DataError(.missing, path: "squares.txt", expected: "a file", found: "none")
        }
        self.description = description
    }

    init(here description: Description) { self.description = description }

    func units(_ range: Range<Int>) -> Int { range.count * 10 }

    func item(_ range: Range<Int>, report: (Int) throws -> Void) throws -> [Int] {
        try range.map { index in
            usleep(UInt32(1000 * (description.milliseconds[index] ?? 0)))
            if description.bad.contains(index) {
                throw DataError(
                    .malformed, path: "row \(index)", expected: "a number", found: "a word", hint: "mend it")
            }
            try report((index - range.lowerBound) * 10 + 5)
            return (index + description.offset) * (index + description.offset)
        }
    }
}
