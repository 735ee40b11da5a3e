import Foundation
import Ranks
import Synchronization

/// Ranks that are threads of this process, which leave messages for each other in memory: for trying out work over ranks
/// without MPI.
package final class ThreadRanks: Communicator {
    /// What all ranks share.
    private final class Post: Sendable {
        struct Letter {
            let to, tag: Int
            let message: RankMessage
        }

        let letters = Mutex<[Letter]>([])
        let arrivals = Atomic<Int>(0)
    }

    package let rank: Int
    package let size: Int
    private let post: Post

    private init(rank: Int, size: Int, post: Post) {
        (self.rank, self.size, self.post) = (rank, size, post)
    }

    /// The ranks of a world, each to be used by a thread of its own.
    package static func world(_ size: Int) -> [ThreadRanks] {
        let post = Post()
        return (0..<size).map { ThreadRanks(rank: $0, size: size, post: post) }
    }

    package func send(_ bytes: [UInt8], to other: Int, tag: Int) {
        check(other, tag: tag)
        let letter = Post.Letter(to: other, tag: tag, message: RankMessage(rank: rank, bytes: bytes))
        post.letters.withLock { $0.append(letter) }
    }

    package func poll(from other: Int?, tag: Int) -> RankMessage? {
        post.letters.withLock { letters in
            let place = letters.firstIndex {
                $0.to == rank && $0.tag == tag && (other == nil || other == $0.message.rank)
            }
            return place.map { letters.remove(at: $0).message }
        }
    }

    /// The tag of broadcasts, which no work uses.
    private static let broadcastTag = Int.max

    package func broadcast(_ bytes: [UInt8], from root: Int) throws -> [UInt8] {
        guard rank == root else { return try receive(from: root, tag: Self.broadcastTag).bytes }
        for other in 0..<size where other != root { send(bytes, to: other, tag: Self.broadcastTag) }
        return bytes
    }

    package func barrier() {
        let arrived = post.arrivals.add(1, ordering: .sequentiallyConsistent).newValue
        let round = (arrived + size - 1) / size
        while post.arrivals.load(ordering: .sequentiallyConsistent) < round * size { usleep(100) }
    }

    package func abort(status: Int32) -> Never { exit(status) }
}
