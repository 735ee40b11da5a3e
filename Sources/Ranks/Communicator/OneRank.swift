import Foundation

/// A job of one process, which has nobody to talk to.
public struct OneRank: Communicator {
    /// A job of one process.
    public init() {}

    /// Always 0.
    public var rank: Int { 0 }
    /// Always 1.
    public var size: Int { 1 }

    /// Traps: there is no other rank.
    public func send(_ bytes: [UInt8], to rank: Int, tag: Int) { check(rank, tag: tag) }
    /// Nothing ever comes.
    public func poll(from rank: Int?, tag: Int) -> RankMessage? { nil }
    /// The bytes themselves.
    public func broadcast(_ bytes: [UInt8], from root: Int) -> [UInt8] { bytes }
    /// Returns at once.
    public func barrier() {}
    /// Ends this process.
    public func abort(status: Int32) -> Never { exit(status) }
}
