import Synchronization
import Tensors

/// The steps of groups of networks that train side by side, told to one who listens to one thread at a time.
///
/// What the listener throws, or a group, stops all of them: each hears of it at its next step, and ends in a state from which
/// it can go on.
final class SharedSteps {
    private struct State {
        var steps: [Int]
        var total = 0
        var failure: (any Error)?
    }

    private let state: Mutex<State>
    private let listener: (_ total: Int) throws -> Void

    private init(_ groups: Int, listener: @escaping (_ total: Int) throws -> Void) {
        state = Mutex(State(steps: Array(repeating: 0, count: groups)))
        self.listener = listener
    }

    /// What comes of the work of each group, in their order; as many side by side as ``parallelRounds`` has.
    ///
    /// - report: is given the steps of all groups, one call at a time, and may throw to stop them.
    /// - work: is given the group's place, and tells how many steps it has taken.
    static func sideBySide<Outcome: Sendable>(
        _ groups: Int, report: (_ total: Int) throws -> Void,
        work: (_ group: Int, _ report: (_ steps: Int) throws -> Void) throws -> Outcome
    ) throws -> [Outcome] {
        try withoutActuallyEscaping(report) { report in
            let steps = SharedSteps(groups, listener: report)
            let outcomes = Mutex<[Int: Outcome]>([:])
            parallelRounds(groups) { group in
                steps.unlessStopped {
                    let outcome = try work(group) { try steps.take($0, of: group) }
                    outcomes.withLock { $0[group] = outcome }
                }
            }
            if let failure = steps.failure { throw failure }
            return outcomes.withLock { all in (0..<groups).compactMap { all[$0] } }
        }
    }

    /// Why all groups should stop.
    private var failure: (any Error)? { state.withLock { $0.failure } }

    /// Tells the listener that a group has taken so many steps; throws where all should stop.
    private func take(_ steps: Int, of group: Int) throws {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.total += steps - state.steps[group]
            state.steps[group] = steps
            do {
                try listener(state.total)
            } catch {
                state.failure = error
                throw error
            }
        }
    }

    /// Does a group's work, unless all should stop, and keeps what it throws.
    private func unlessStopped(_ work: () throws -> Void) {
        guard failure == nil else { return }
        do {
            try work()
        } catch {
            state.withLock { $0.failure = $0.failure ?? error }
        }
    }
}
