import Basics
import Foundation
import Synchronization

/// What a rank other than 0 does: it waits asleep for what rank 0 wants done, and does it.
public struct RankServer {
    /// The works that this rank knows, a line a kind.
    public struct Table {
        /// Works of items.
        public var items: [any RankWork.Type]
        /// Works that all ranks do together.
        public var shared: [any SharedWork.Type]

        /// A table of works.
        public init(items: [any RankWork.Type], shared: [any SharedWork.Type] = []) {
            (self.items, self.shared) = (items, shared)
        }
    }

    private let communicator: any Communicator
    private let table: Table
    private let useThreads: (Int?) -> Void
    private let stop: @Sendable () -> Void

    /// Serves with the works of a table; `useThreads` sets how many threads to use, `stop` asks the work that is being
    /// done to stop.
    public init(
        _ communicator: any Communicator, _ table: Table, useThreads: @escaping (Int?) -> Void,
        stop: @escaping @Sendable () -> Void = { Interruption.request() }
    ) {
        precondition(communicator.rank > 0, "RankServer: rank 0 serves nobody")
        (self.communicator, self.table, self.useThreads, self.stop) = (communicator, table, useThreads, stop)
    }

    /// Serves until rank 0 says that the job is at its end; throws where the ranks do not understand each other, or work
    /// that they do together fails here.
    public func run() throws {
        let watch = StopWatch(communicator, stop: stop)
        defer { watch.end() }
        while true {
            let parcel = try next()
            switch parcel.words {
            case .begin(let name, let threads):
                useThreads(threads)
                guard let work = table.items.first(where: { $0.name == name }) else { throw Self.unknown(name) }
                try serve(work, parcel.bytes)
            case .join(let name, let threads):
                useThreads(threads)
                guard let work = table.shared.first(where: { $0.name == name }) else { throw Self.unknown(name) }
                try join(work, parcel.bytes)
            case .leave: return
            case .item, .done: throw Self.unknown("an item")
            }
        }
    }

    private func next() throws -> RankParcel<RankOrder> {
        try RankParcel(message: communicator.receive(from: 0, tag: RankTag.order).bytes)
    }

    private func answer(_ answer: RankAnswer, _ bytes: [UInt8] = []) throws {
        try communicator.send(RankParcel(answer, bytes).message, to: 0, tag: RankTag.answer)
    }

    /// Does items of a work until there are no more.
    private func serve<Work: RankWork>(_ type: Work.Type, _ description: [UInt8]) throws {
        var work: Work?
        do {
            work = try Work(JSONDecoder().decode([Work.Description].self, from: Data(description))[0])
            try answer(.ready)
        } catch {
            try answer(.failed(RankFailure(error)))
        }
        while case .item(let range) = try next().words {
            do {
                guard let work else { throw Self.unknown(Work.name) }
                let outcome = try work.item(range) { _ in try Interruption.check(Work.name) }
                try answer(.outcome, Work.bytes(outcome))
            } catch {
                try answer(.failed(RankFailure(error)))
            }
        }
    }

    private func join<Work: SharedWork>(_ type: Work.Type, _ description: [UInt8]) throws {
        try Work(JSONDecoder().decode([Work.Description].self, from: Data(description))[0]).join(communicator)
    }

    private static func unknown(_ name: String) -> DataError {
        DataError(
            .inputOutput, path: "MPI", expected: "work that this rank knows", found: name,
            hint: "start the same build of weightspace on every rank")
    }
}

/// A thread that sleeps and looks, fifty times a second, whether rank 0 wants this rank to stop.
private final class StopWatch: Sendable {
    private let isOver = Atomic<Bool>(false)
    private let hasEnded = Atomic<Bool>(false)

    init(_ communicator: any Communicator, stop: @escaping @Sendable () -> Void) {
        Thread.detachNewThread {
            while !self.isOver.load(ordering: .sequentiallyConsistent) {
                if let message = try? communicator.poll(from: 0, tag: RankTag.stop), message.rank == 0 { stop() }
                usleep(20_000)
            }
            self.hasEnded.store(true, ordering: .sequentiallyConsistent)
        }
    }

    /// Returns when the thread has ended: nothing may talk after the end of the job.
    func end() {
        isOver.store(true, ordering: .sequentiallyConsistent)
        while !hasEnded.load(ordering: .sequentiallyConsistent) { usleep(1000) }
    }
}
