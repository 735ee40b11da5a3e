/// What processes of one job say to each other: bytes, from rank to rank.
///
/// Ranks count from 0 to `size` - 1. Messages of one rank to another with the same tag arrive in the order in which they
/// were sent. Waiting sleeps: no rank keeps a processor busy while it has nothing to do. Every call may be made from any
/// thread. Sums are not part of it: a library's reductions do not promise the same bits at every number of ranks, so who
/// needs sums gathers bytes and adds them in an order of their own.
public protocol Communicator: Sendable {
    /// This process among the others, from 0.
    var rank: Int { get }
    /// How many processes there are.
    var size: Int { get }

    /// Sends bytes to another rank and returns when they may be changed again; throws `DataError` (inputOutput) where the
    /// transport fails. Traps on a rank that is none, on this one, and on a negative tag.
    func send(_ bytes: [UInt8], to rank: Int, tag: Int) throws
    /// The next message with a tag, from one rank or, with nil, from any; nil where none has come. Does not wait.
    func poll(from rank: Int?, tag: Int) throws -> RankMessage?
    /// Gives all ranks the bytes of `root`, whose own count; those of others are ignored. Every rank calls it.
    func broadcast(_ bytes: [UInt8], from root: Int) throws -> [UInt8]
    /// Returns when every rank has called it.
    func barrier() throws
    /// Ends all processes of the job with an exit status, at once.
    func abort(status: Int32) -> Never
}

/// Bytes that came from another rank.
public struct RankMessage: Sendable, Equatable {
    /// Who sent them.
    public let rank: Int
    /// What was sent.
    public let bytes: [UInt8]

    /// Describes a message.
    public init(rank: Int, bytes: [UInt8]) {
        self.rank = rank
        self.bytes = bytes
    }
}

/// A communicator that has sums of a library's own: for measuring what they cost, since their bits may depend on the
/// number of ranks.
package protocol LibrarySums: Communicator {
    /// Puts the sums over all ranks in the place of the values, which every rank has as many of. Every rank calls it;
    /// it waits without sleeping.
    func sum(_ values: inout [Float]) throws
}

extension Communicator {
    /// The next message with a tag, from one rank or, with nil, from any; sleeps until it has come.
    public func receive(from rank: Int? = nil, tag: Int) throws -> RankMessage {
        var pause = Pause()
        while true {
            if let message = try poll(from: rank, tag: tag) { return message }
            pause.sleep()
        }
    }

    /// The bytes of all ranks in their order, at `root`; nil elsewhere. Every rank calls it, with a tag that nothing else
    /// uses meanwhile.
    public func gather(_ bytes: [UInt8], at root: Int = 0, tag: Int) throws -> [[UInt8]]? {
        guard rank == root else {
            try send(bytes, to: root, tag: tag)
            return nil
        }
        return try (0..<size).map { try $0 == root ? bytes : receive(from: $0, tag: tag).bytes }
    }

    /// Traps where this rank may not send such a message.
    package func check(_ other: Int, tag: Int) {
        precondition(
            other >= 0 && other < size && other != rank && tag >= 0,
            "Communicator: a message of rank \(rank) to rank \(other) of \(size) with tag \(tag)")
    }
}
