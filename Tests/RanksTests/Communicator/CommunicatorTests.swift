import Foundation
import RankTestSupport
import Synchronization
import Testing

@testable import Ranks

@Suite("Communicators")
struct CommunicatorTests {
    /// Runs `body` on every rank of a world of threads; returns what came of it, by rank.
    private func everywhere<Result: Sendable>(
        _ size: Int, _ body: @escaping @Sendable (ThreadRanks) throws -> Result
    ) -> [Int: Result] {
        let results = Mutex<[Int: Result]>([:])
        let group = DispatchGroup()
        for member in ThreadRanks.world(size) {
            group.enter()
            Thread.detachNewThread {
                if let result = try? body(member) { results.withLock { $0[member.rank] = result } }
                group.leave()
            }
        }
        group.wait()
        return results.withLock { $0 }
    }

    @Test("Messages of a rank with a tag arrive in their order, whatever else arrives")
    func order() throws {
        let world = ThreadRanks.world(3)
        world[1].send([1], to: 0, tag: 5)
        world[2].send([9], to: 0, tag: 5)
        world[1].send([7], to: 0, tag: 6)
        world[1].send([2], to: 0, tag: 5)
        #expect(try world[0].receive(from: 1, tag: 6).bytes == [7])
        #expect(try world[0].receive(from: 1, tag: 5) == RankMessage(rank: 1, bytes: [1]))
        #expect(try world[0].receive(tag: 5) == RankMessage(rank: 2, bytes: [9]))
        #expect(try world[0].receive(tag: 5).bytes == [2])
        #expect(world[0].poll(from: nil, tag: 5) == nil && world[1].poll(from: 0, tag: 5) == nil)
    }

    @Test("A broadcast gives everybody the root's bytes, again and again", arguments: [1, 2, 5])
    func broadcast(size: Int) {
        let found = everywhere(size) { member in
            try (0..<4).map { round in
                try member.broadcast(member.rank == round % size ? [UInt8(round), 8] : [], from: round % size)
            }
        }
        #expect(found.count == size && found.values.allSatisfy { $0 == (0..<4).map { [UInt8($0), 8] } })
    }

    @Test("A gathering has the bytes of all in the order of their ranks")
    func gather() {
        let found = everywhere(4) { try $0.gather([UInt8($0.rank)], at: 2, tag: RankTag.free) }
        #expect(found[2] == .some([[0], [1], [2], [3]]))
        #expect([0, 1, 3].allSatisfy { found[$0] == .some(nil) })
    }

    @Test("Nobody passes a barrier before all have come to it")
    func barrier() {
        let arrived = Atomic<Int>(0)
        let found = everywhere(4) { member in
            var least: [Int] = []
            for round in 1...3 {
                usleep(UInt32(member.rank * 2000))
                arrived.add(1, ordering: .sequentiallyConsistent)
                member.barrier()
                least.append(arrived.load(ordering: .sequentiallyConsistent) - 4 * round)
            }
            return least
        }
        #expect(found.count == 4 && found.values.allSatisfy { $0.allSatisfy { $0 >= 0 } })
    }

    @Test("One process is its own world")
    func alone() throws {
        let alone = OneRank()
        #expect(alone.rank == 0 && alone.size == 1 && alone.poll(from: nil, tag: 3) == nil)
        #expect(alone.broadcast([4, 5], from: 0) == [4, 5])
        #expect(try alone.gather([6], tag: 3) == [[6]])
        alone.barrier()
    }

    @Test("A pause gets longer, up to a few thousandths of a second, and begins again")
    func pauses() {
        var (pause, lengths) = (Pause(), [UInt32]())
        for _ in 0..<50 {
            pause.sleep()
            lengths.append(pause.microseconds)
        }
        #expect(lengths == lengths.sorted() && lengths[0] == 1 && lengths[49] == 2000)
        let start = ContinuousClock.now
        pause.sleep()
        #expect(ContinuousClock.now - start >= .milliseconds(2))
        pause.reset()
        #expect(pause.microseconds == 0)
    }
}
