/// A source of networks that is read one at a time, in a fixed order.
public protocol ZooSource: Sendable {
    /// What kind of file or folder it is.
    var format: ZooFormat { get }

    /// Calls `body` with every network, or every checkpoint of every run: those of one run follow each other, in the
    /// order of training. Throws `DataError` where the source cannot be read, and what `body` throws.
    func forEach(_ body: (ForeignNetwork) throws -> Void) throws
}
