import Foundation

/// Work whose items any rank can do: what comes of an item is a function of what describes the work and of the item's
/// indices, not of who does it, or of what was done before.
///
/// Rank 0 has the work at hand. Another rank makes it from its description, once, and does the items that it is given.
public protocol RankWork {
    /// What another rank needs to make the same work: small, as files are named in it and not held.
    associatedtype Description: Codable
    /// What comes of an item.
    associatedtype Outcome

    /// What the work is called in messages: "training the zoo".
    static var name: String { get }
    /// What another rank makes this work from.
    var description: Description { get throws }
    /// Makes the work from its description; throws where what is named in it cannot be read.
    init(_ description: Description) throws
    /// How much is done in some indices, in the unit of the progress that is shown.
    func units(_ range: Range<Int>) -> Int
    /// Does an item. `report` is given how many of its units are done; it throws where the work should stop, and then so
    /// does the item, in a state from which it can go on.
    func item(_ range: Range<Int>, report: (_ units: Int) throws -> Void) throws -> Outcome
    /// An outcome as bytes, on their way to rank 0.
    static func bytes(_ outcome: Outcome) throws -> [UInt8]
    /// The outcome again.
    static func outcome(_ bytes: [UInt8]) throws -> Outcome
}

extension RankWork {
    /// One unit an index.
    public func units(_ range: Range<Int>) -> Int { range.count }
}

extension RankWork where Outcome: Codable {
    /// Outcomes are small and go as JSON, unless the work has bytes of its own.
    public static func bytes(_ outcome: Outcome) throws -> [UInt8] { try Array(JSONEncoder().encode([outcome])) }
    /// The outcome again.
    public static func outcome(_ bytes: [UInt8]) throws -> Outcome {
        try JSONDecoder().decode([Outcome].self, from: Data(bytes))[0]
    }
}

/// Work that all ranks do together, talking to each other as they go: what it writes, rank 0 writes.
public protocol SharedWork {
    /// What another rank needs to make the same work.
    associatedtype Description: Codable
    /// What the work is called in messages.
    static var name: String { get }
    /// What another rank makes this work from.
    var description: Description { get throws }
    /// Makes the work from its description; throws where what is named in it cannot be read.
    init(_ description: Description) throws
    /// What a rank other than 0 does. An error of it ends the job.
    func join(_ communicator: any Communicator) throws
}
