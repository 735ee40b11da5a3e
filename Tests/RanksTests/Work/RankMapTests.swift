import Basics
import Foundation
import Synchronization
import Testing

@testable import Ranks

@Suite("Work over ranks")
struct RankMapTests {
    /// What comes of squares over a world, in the order in which it came.
    private func squares(
        _ ranks: Ranks, _ work: Squares.Description, count: Int, by chunk: Int = 1
    ) throws -> [[Int]] {
        var taken: [[Int]] = []
        try ranks.map(Squares(here: work), 0..<count, by: chunk) { range, outcome in
            #expect(range.lowerBound == taken.count * chunk && outcome.count == range.count)
            taken.append(outcome)
        }
        return taken
    }

    @Test("Outcomes come in the order of the indices, the same at any number of ranks", arguments: [1, 2, 3, 7])
    func order(size: Int) throws {
        // The first items take longest, so that later ones arrive before them.
        let work = Squares.Description(offset: 3, milliseconds: [0: 60, 1: 30, 5: 20])
        let (result, _, errors) = try overRanks(size, .init(items: [Squares.self])) { ranks in
            try [1, 4, 100].map { try squares(ranks, work, count: 23, by: $0) }
        }
        let all = (0..<23).map { ($0 + 3) * ($0 + 3) }
        let outcomes = try result.get()
        #expect(outcomes.map { $0.flatMap { $0 } } == [all, all, all])
        #expect(outcomes.map(\.count) == [23, 6, 1] && errors.isEmpty)
    }

    @Test("Nothing to do is done at once", arguments: [1, 3])
    func nothing(size: Int) throws {
        let (result, threads, _) = try overRanks(size, .init(items: [Squares.self])) {
            try squares($0, .init(), count: 0)
        }
        #expect(try result.get().isEmpty && threads.isEmpty)
    }

    @Test("Ranks share the work and use as many threads as were asked for")
    func sharing() throws {
        let slow = Dictionary(uniqueKeysWithValues: (0..<8).map { ($0, 40) })
        let start = ContinuousClock.now
        let (result, threads, _) = try overRanks(4, .init(items: [Squares.self])) {
            try squares($0, .init(milliseconds: slow), count: 8)
        }
        #expect(try result.get().count == 8 && threads == [3, 3, 3])
        // Alone it takes 320 ms; the figure is generous, for machines that do other things too.
        #expect(ContinuousClock.now - start < .milliseconds(280))
    }

    @Test("Progress counts the units of all ranks and ends with all of them", arguments: [1, 4])
    func progress(size: Int) throws {
        let heard = Mutex<[[Int]]>([])
        let (result, _, _) = try overRanks(size, .init(items: [Squares.self])) { ranks in
            try ranks.map(
                Squares(here: .init()), 0..<6, by: 2,
                report: { done, total in heard.withLock { $0.append([done, total]) } }, take: { _, _ in })
        }
        try result.get()
        let all = heard.withLock { $0 }
        #expect(all.last == [60, 60] && all.allSatisfy { $0[1] == 60 && $0[0] <= 60 })
        if size == 1 { #expect(all == [5, 15, 20, 25, 35, 40, 45, 55, 60].map { [$0, 60] }) }
    }

    @Test("The error is that of the first item that fails, whoever does it and whenever", arguments: [1, 2, 3, 5])
    func firstFailure(size: Int) throws {
        // Item 4 fails at once, item 2 late.
        let work = Squares.Description(bad: [2, 4], milliseconds: [2: 80])
        let (result, _, errors) = try overRanks(size, .init(items: [Squares.self])) { try squares($0, work, count: 9) }
        let problem = try #require(result.problem)
        #expect(problem.hasSuffix("row 2: expected a number, found a word (mend it)"), "\(problem)")
        #expect(size > 1 || !problem.contains("rank"))
        #expect(errors.isEmpty)
    }

    @Test("An error of another rank says which rank and which item, and keeps its kind")
    func failureOfAnother() throws {
        // Rank 0 is busy with item 0, so that the other rank meets the bad one; on a busy machine not at every try.
        let work = Squares.Description(bad: [1], milliseconds: [0: 150])
        for _ in 0..<20 {
            let (result, _, _) = try overRanks(2, .init(items: [Squares.self])) { try squares($0, work, count: 4) }
            guard case .failure(let error as DataError) = result else {
                Issue.record("no error")
                return
            }
            #expect(error.kind == .malformed && error.hint == "mend it")
            guard error.description.hasPrefix("rank") else { continue }
            #expect(
                error.description
                    == "rank 1, item 1 of squares: row 1: expected a number, found a word (mend it)")
            return
        }
        Issue.record("the other rank never met the bad item")
    }

    @Test("A rank that cannot make the work says so, and the others are free again")
    func makingFails() throws {
        let work = Squares.Description(milliseconds: [0: 30], isSecret: true)
        let (result, _, errors) = try overRanks(3, .init(items: [Squares.self])) { ranks in
            let first = Swift.Result { try squares(ranks, work, count: 5) }
            return (first.problem, try squares(ranks, .init(), count: 5).count)
        }
        let (problem, count) = try result.get()
        #expect(problem?.hasPrefix("rank ") == true)
        #expect(problem?.hasSuffix(", squares: squares.txt: there is no file") == true)
        #expect(count == 5 && errors.isEmpty)
    }

    @Test("What stops the progress, or the taking, stops the work on every rank", arguments: [1, 3])
    func stopping(size: Int) throws {
        let slow = Dictionary(uniqueKeysWithValues: (0..<30).map { ($0, 5) })
        let stopped = Mutex<Set<Int>>([])
        let (result, _, errors) = try overRanks(
            size, .init(items: [Squares.self]), stop: { rank in stopped.withLock { _ = $0.insert(rank) } }
        ) { ranks in
            let byProgress = Swift.Result {
                try ranks.map(
                    Squares(here: .init(milliseconds: slow)), 0..<30,
                    report: { done, _ in if done > 60 { throw Interruption.error("squares", hint: "again") } },
                    take: { _, _ in })
            }
            let byTaking = Swift.Result {
                try ranks.map(Squares(here: .init()), 0..<30) { range, _ in
                    if range.lowerBound == 7 { throw DataError(.inputOutput, path: "x", problem: "the disk is full") }
                }
            }
            return [byProgress.problem, byTaking.problem, "\(try squares(ranks, .init(), count: 3))"]
        }
        #expect(try result.get() == ["squares: interrupted (again)", "x: the disk is full", "[[0], [1], [4]]"])
        #expect(errors.isEmpty)
    }

    @Test("Ranks at work on what comes after a failed item are asked to stop; those before it are waited for")
    func stopsWhoIsInVain() throws {
        // Rank 0 does item 0 and fails; others are at later items, which take long.
        let work = Squares.Description(bad: [0], milliseconds: [0: 400, 1: 1200, 2: 1200])
        let stopped = Mutex<Set<Int>>([])
        let (result, _, _) = try overRanks(
            3, .init(items: [Squares.self]), stop: { rank in stopped.withLock { _ = $0.insert(rank) } }
        ) { try squares($0, work, count: 8) }
        #expect(result.problem?.contains("row 0") == true)
        #expect(stopped.withLock { $0 } == [1, 2])
    }
}
