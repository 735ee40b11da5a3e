/// Processes that measure the same: each does a part of what costs most, and has what the others found.
///
/// All make the same calls in the same order, with the same counts, and otherwise compute the same for themselves.
public protocol WorkSharing: Sendable {
    /// Whether there is nobody to share with.
    var isAlone: Bool { get }

    /// What `measure` gives for consecutive parts of 0..<count, a part a process, in order: this process measures its own.
    ///
    /// What comes of an item depends on the item alone, and not on the part in which it is measured. A part may be empty.
    /// Throws what `measure` throws here.
    func parts<Value: BitwiseCopyable>(
        of count: Int, _ measure: (Range<Int>) throws -> [Value]
    ) rethrows -> [(items: Range<Int>, values: [Value])]
}

extension WorkSharing {
    /// What `measure` gives for all of 0..<count, in order.
    public func all<Value: BitwiseCopyable>(
        of count: Int, _ measure: (Range<Int>) throws -> [Value]
    ) rethrows -> [Value] {
        let parts = try parts(of: count, measure)
        return parts.count == 1 ? parts[0].values : parts.flatMap { $0.values }
    }
}

/// One process, which does everything.
public struct OneProcess: WorkSharing {
    /// One process.
    public init() {}

    /// Always.
    public var isAlone: Bool { true }

    /// Everything, as one part.
    public func parts<Value: BitwiseCopyable>(
        of count: Int, _ measure: (Range<Int>) throws -> [Value]
    ) rethrows -> [(items: Range<Int>, values: [Value])] {
        [(0..<count, try measure(0..<count))]
    }
}
