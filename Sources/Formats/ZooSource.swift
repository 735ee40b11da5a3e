import Basics

/// A source of networks that is read one at a time, in a fixed order.
public protocol ZooSource: Sendable {
    /// What kind of file or folder it is.
    var format: ZooFormat { get }
    /// How many networks or checkpoints there are, where that is known before they are read.
    var total: Int? { get }
    /// The most checkpoints that one run has; 1 where networks stand alone.
    var longestRun: Int { get }
    /// What a person should know of how it is read: files that were passed over, and why.
    var notes: [String] { get }

    /// Calls `body` with every network, or every checkpoint of every run: those of one run follow each other, in the
    /// order of training. Throws `DataError` where the source cannot be read, and what `body` throws.
    func forEach(_ body: (ForeignNetwork) throws -> Void) throws
}

extension ZooSource {
    /// Not known.
    public var total: Int? { nil }
    /// Networks stand alone.
    public var longestRun: Int { 1 }
    /// Nothing to be said.
    public var notes: [String] { [] }
}
