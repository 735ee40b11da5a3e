import Basics
import Foundation
import Synchronization

/// The items of one work, handed out by rank 0 to whoever is free, itself included.
///
/// A thread of its own answers the other ranks while rank 0 does items too; it sleeps between looks. It touches bytes
/// alone: outcomes are decoded and taken by the caller's thread.
final class HandOut: Sendable {
    /// An error of an item.
    struct Failure {
        /// Place of the item; below 0 where no item was begun.
        let item: Int
        let error: any Error
    }

    private struct State {
        var next = 0
        /// Outcomes that have come and have not been taken.
        var arrived: [Int: [UInt8]] = [:]
        /// The item that each rank is at; nil while it makes the work.
        var ranks: [Int: Int?] = [:]
        /// Ranks that were asked to stop.
        var stopped: Set<Int> = []
        var failure: Failure?
    }

    let items: [Range<Int>]
    private let communicator: any Communicator
    private let name: String
    private let state: Mutex<State>
    private let news = DispatchSemaphore(value: 0)

    init(_ items: [Range<Int>], of name: String, _ communicator: any Communicator) {
        (self.items, self.name, self.communicator) = (items, name, communicator)
        var state = State()
        for rank in 1..<communicator.size { state.ranks[rank] = .some(nil) }
        self.state = Mutex(state)
    }

    /// Starts the thread that answers.
    func start() { Thread.detachNewThread { self.answer() } }

    /// The next item for this rank; nil where there is none, or one has failed.
    func next() -> Int? { state.withLock { Self.next(&$0, count: items.count) } }

    /// The outcome of an item of another rank, once.
    func arrived(_ item: Int) -> [UInt8]? { state.withLock { $0.arrived.removeValue(forKey: item) } }

    /// Whether every other rank has been told that there is nothing more to do.
    var isOver: Bool { state.withLock { $0.ranks.isEmpty } }

    /// Why there is nothing more to do, where that is an error: of the failed items the first, whoever did it.
    var failure: Failure? { state.withLock { $0.failure } }

    /// Says that an item of this rank, or something between items, went wrong: nothing more is handed out.
    func fail(_ item: Int, _ error: any Error) { state.withLock { Self.note(&$0, item, error) } }

    /// Sleeps until something has come, or for a moment.
    func wait() { _ = news.wait(timeout: .now() + .milliseconds(50)) }

    private static func next(_ state: inout State, count: Int) -> Int? {
        guard state.failure == nil, state.next < count else { return nil }
        defer { state.next += 1 }
        return state.next
    }

    private static func note(_ state: inout State, _ item: Int, _ error: any Error) {
        if let failure = state.failure, failure.item <= item { return }
        state.failure = Failure(item: item, error: error)
    }

    private func answer() {
        var pause = Pause()
        while !isOver {
            do {
                try stopWhoIsInVain()
                guard let message = try communicator.poll(from: nil, tag: RankTag.answer) else {
                    pause.sleep()
                    continue
                }
                pause.reset()
                try answer(message)
            } catch {
                // Without the transport there is no rank to wait for.
                state.withLock {
                    Self.note(&$0, -1, error)
                    $0.ranks = [:]
                }
            }
            news.signal()
        }
    }

    private func answer(_ message: RankMessage) throws {
        let answer = try RankParcel<RankAnswer>(message: message.bytes)
        let order = state.withLock { state in
            let item = state.ranks[message.rank] ?? nil
            switch answer.words {
            case .ready: break
            case .outcome: if let item { state.arrived[item] = answer.bytes }
            case .failed(let failure):
                let place = item.map { Self.place(items[$0], of: name) } ?? name
                Self.note(&state, item ?? -1, failure.error(rank: message.rank, at: place))
            }
            guard let next = Self.next(&state, count: items.count) else {
                state.ranks[message.rank] = nil
                return RankOrder.done
            }
            state.ranks[message.rank] = .some(next)
            return .item(items[next])
        }
        try communicator.send(RankParcel(order).message, to: message.rank, tag: RankTag.order)
    }

    /// Asks ranks to stop whose items come after one that has failed: alone, they would not have been begun.
    private func stopWhoIsInVain() throws {
        let ranks = state.withLock { state in
            guard let failure = state.failure else { return [Int]() }
            let ranks = state.ranks.filter { ($0.value ?? .max) > failure.item && !state.stopped.contains($0.key) }
            state.stopped.formUnion(ranks.keys)
            return ranks.keys.sorted()
        }
        for rank in ranks { try communicator.send([], to: rank, tag: RankTag.stop) }
    }

    static func place(_ item: Range<Int>, of name: String) -> String {
        item.count == 1
            ? "item \(item.lowerBound) of \(name)" : "items \(item.lowerBound)..<\(item.upperBound) of \(name)"
    }
}
