import Synchronization
import Tensors
import Testing
import TestSupport

@testable import ModelZoo

@Suite("Groups of networks that train side by side")
struct SharedStepsTests {
    private struct Stop: Error, Equatable { let group: Int }

    @Test("Outcomes come in order; steps of all groups are told one call at a time and rise to the last")
    func told() throws {
        let all = try ThreadCounts.results {
            let inside = Atomic<Int>(0)
            var seen: [Int] = []
            let outcomes = try SharedSteps.sideBySide(
                7,
                report: {
                    #expect(inside.add(1, ordering: .sequentiallyConsistent).newValue == 1)
                    seen.append($0)
                    inside.subtract(1, ordering: .sequentiallyConsistent)
                }
            ) { group, report in
                for step in 1...40 { try report(step) }
                return group * group
            }
            #expect(seen == Array(1...280))
            return outcomes
        }
        #expect(all.allSatisfy { $0 == [0, 1, 4, 9, 16, 25, 36] })
    }

    @Test("What a group throws, or the listener, stops all of them and is thrown")
    func stopped() {
        ThreadCounts.exclusively {
            Threads.count = 4
            let finished = Atomic<Int>(0)
            #expect(throws: Stop(group: 2)) {
                try SharedSteps.sideBySide(400, report: { _ in }) { group, report in
                    if group == 2 { throw Stop(group: group) }
                    for step in 1...1000 { try report(step) }
                    finished.add(1, ordering: .relaxed)
                }
            }
            #expect(finished.load(ordering: .relaxed) < 400)
            #expect(throws: Stop(group: -1)) {
                try SharedSteps.sideBySide(8, report: { if $0 > 20 { throw Stop(group: -1) } }) { _, report in
                    for step in 1...1000 { try report(step) }
                    Issue.record("a group went on to its end")
                }
            }
        }
    }
}
