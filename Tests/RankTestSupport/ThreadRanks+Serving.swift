import Foundation
import Ranks
import Synchronization

extension ThreadRanks {
    /// What came of a world of threads: what its rank 0 did, the threads that others were told to use, in the order in which
    /// they were told, and what servers threw, by rank.
    package struct World<Outcome> {
        package let outcome: Result<Outcome, any Error>
        package let threads: [Int?]
        package let errors: [Int: String]
    }

    /// Runs `body` as rank 0 of a world whose other ranks serve with a table, and then sends them home. `stop` is told
    /// which rank was asked to stop.
    package static func serve<Outcome>(
        _ size: Int, _ table: @autoclosure @escaping @Sendable () -> RankServer.Table, threads: Int? = nil,
        stop: @escaping @Sendable (Int) -> Void = { _ in }, _ body: (Ranks) throws -> Outcome
    ) throws -> World<Outcome> {
        let world = world(size)
        let log = Mutex<(threads: [Int?], errors: [Int: String])>(([], [:]))
        let group = DispatchGroup()
        for member in world.dropFirst() {
            group.enter()
            Thread.detachNewThread {
                do {
                    let server = RankServer(
                        member, table(), useThreads: { count in log.withLock { $0.threads.append(count) } },
                        stop: { stop(member.rank) })
                    try server.run()
                } catch {
                    log.withLock { $0.errors[member.rank] = "\(error)" }
                }
                group.leave()
            }
        }
        let ranks = Ranks(world[0], threads: threads)
        let outcome = Result { try body(ranks) }
        try ranks.dismiss()
        group.wait()
        let (told, errors) = log.withLock { $0 }
        return World(outcome: outcome, threads: told, errors: errors)
    }
}
