import Basics
import Foundation

/// The processes of this job as rank 0 uses them: what has items is given to whoever is free, and with one process is a
/// plain loop.
///
/// Every caller is written once: ``map(_:_:by:report:take:)`` gives the same outcomes in the same order at any number
/// of ranks.
public struct Ranks: Sendable {
    /// How the processes talk.
    public let communicator: any Communicator
    /// Threads that a person asked for a rank; nil for those that each finds right.
    public var threads: Int?

    /// The processes that a communicator reaches; this one is rank 0, and the others serve (``RankServer``).
    public init(_ communicator: any Communicator, threads: Int? = nil) {
        precondition(communicator.rank == 0, "Ranks: rank \(communicator.rank) hands nothing out")
        self.communicator = communicator
        self.threads = threads
    }

    /// One process.
    public static let one = Ranks(OneRank())

    /// How many processes there are.
    public var size: Int { communicator.size }
    /// Whether there are others than this one.
    public var areSeveral: Bool { size > 1 }

    /// Does some indices of a work, `chunk` of them an item, and gives each item's outcome to `take`, in order.
    ///
    /// `report` is given the units done of these indices; what it throws stops the work on every rank. Throws the error of the first
    /// item that failed, in which rank and item are named where there are several ranks; whatever is thrown, every rank is
    /// free again. Traps unless chunk >= 1.
    public func map<Work: RankWork>(
        _ work: Work, _ indices: Range<Int>, by chunk: Int = 1,
        report: (_ done: Int, _ total: Int) throws -> Void = { _, _ in },
        take: (Range<Int>, Work.Outcome) throws -> Void
    ) throws {
        precondition(chunk >= 1, "Ranks: items of \(chunk) indices")
        let items = stride(from: indices.lowerBound, to: indices.upperBound, by: chunk).map {
            $0..<min(indices.upperBound, $0 + chunk)
        }
        let total = work.units(indices)
        guard areSeveral, items.count > 1 else {
            var done = 0
            for item in items {
                let outcome = try work.item(item) { try report(done + $0, total) }
                try take(item, outcome)
                done += work.units(item)
                try report(done, total)
            }
            return
        }
        try order(.begin(work: Work.name, threads: threads), try Array(JSONEncoder().encode([work.description])))
        try withoutActuallyEscaping(report) { report in
            try withoutActuallyEscaping(take) { take in
                var shared = SharedItems(work, items, total, communicator, report: report, take: take)
                try shared.run()
            }
        }
    }

    /// Lets every other rank join in a work, and does `lead` here, which talks to them.
    ///
    /// Throws what `lead` throws, which must have told the others before; with one process only `lead` is done.
    public func together<Work: SharedWork, Result>(
        _ work: Work, lead: (any Communicator) throws -> Result
    ) throws -> Result {
        if areSeveral {
            try order(.join(work: Work.name, threads: threads), try Array(JSONEncoder().encode([work.description])))
        }
        return try lead(communicator)
    }

    /// Sends the others home: the job is at its end.
    public func dismiss() throws { try order(.leave) }

    private func order(_ order: RankOrder, _ bytes: [UInt8] = []) throws {
        let message = try RankParcel(order, bytes).message
        for rank in 1..<max(1, size) { try communicator.send(message, to: rank, tag: RankTag.order) }
    }
}

/// A work while several ranks do it, as the thread of the caller sees it.
private struct SharedItems<Work: RankWork> {
    let work: Work
    let total: Int
    let report: (Int, Int) throws -> Void
    let take: (Range<Int>, Work.Outcome) throws -> Void
    let handOut: HandOut
    private var own: [Int: Work.Outcome] = [:]
    private var taken = 0
    /// Units of all items that are done, whoever did them.
    private var done = 0

    init(
        _ work: Work, _ items: [Range<Int>], _ total: Int, _ communicator: any Communicator,
        report: @escaping (Int, Int) throws -> Void, take: @escaping (Range<Int>, Work.Outcome) throws -> Void
    ) {
        (self.work, self.total, self.report, self.take) = (work, total, report, take)
        handOut = HandOut(items, of: Work.name, communicator)
    }

    /// Works until every item is done and taken, or one has failed and every rank is free again.
    mutating func run() throws {
        handOut.start()
        while let item = handOut.next() {
            do {
                own[item] = try work.item(handOut.items[item]) { [done, total, report] in try report(done + $0, total) }
                try takeWhatIsThere()
            } catch {
                handOut.fail(item, error)
            }
        }
        while !handOut.isOver || (handOut.failure == nil && taken < handOut.items.count) {
            do {
                try takeWhatIsThere()
                if handOut.failure == nil { try report(done, total) }
            } catch {
                handOut.fail(taken - 1, error)
            }
            handOut.wait()
        }
        if let failure = handOut.failure { throw failure.error }
    }

    private mutating func takeWhatIsThere() throws {
        while taken < handOut.items.count {
            let item = handOut.items[taken]
            if let outcome = own.removeValue(forKey: taken) {
                try take(item, outcome)
            } else if let bytes = handOut.arrived(taken) {
                try take(item, Work.outcome(bytes))
            } else {
                return
            }
            taken += 1
            done += work.units(item)
        }
        try report(done, total)
    }
}
