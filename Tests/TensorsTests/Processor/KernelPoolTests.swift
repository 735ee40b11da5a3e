import CKernels
import Foundation
import Testing
import TestSupport

@Suite("Kernels: the choice of a set and the worker pool", .serialized)
struct KernelPoolTests {
    /// Counts how often each index of a job ran.
    final class Tally {
        let counts: UnsafeMutablePointer<Int32>
        let size: Int

        init(_ size: Int) {
            self.size = size
            counts = .allocate(capacity: size)
            counts.initialize(repeating: 0, count: size)
        }

        deinit { counts.deallocate() }

        func run(_ count: Int) {
            ck_parallel(count, { $0?.assumingMemoryBound(to: Int32.self)[$1] += 1 }, counts)
        }

        func all(_ expected: Int32) -> Bool { (0..<size).allSatisfy { counts[$0] == expected } }
    }

    @Test("The table in force is a known one, and unknown names have none")
    func choice() {
        let name = String(cString: ck_kernels().pointee.name)
        #expect(KernelSets.names.contains(name))
        #expect(ck_kernels_named("nonsense") == nil && ck_kernels_named("") == nil)
        for name in KernelSets.names { #expect(String(cString: ck_kernels_named(name).pointee.name) == name) }
        if let forced = ProcessInfo.processInfo.environment["WEIGHTSPACE_KERNELS"], !forced.isEmpty {
            #expect((ck_kernels_problem() == nil) == (forced == name))
        } else {
            #expect(ck_kernels_problem() == nil && name == KernelSets.names.last)
        }
    }

    @Test("Every index runs exactly once", arguments: [1, 2, 4])
    func once(threads: Int32) {
        ThreadCounts.exclusively {
            ck_set_threads(threads)
            #expect(ck_threads() == threads)
            for count in [0, 1, 2, 3, 1000] {
                let tally = Tally(count)
                for _ in 0..<200 { tally.run(count) }
                #expect(tally.all(200))
            }
        }
    }

    @Test("Workers that have gone to sleep wake up", arguments: [2, 4])
    func sleepers(threads: Int32) {
        ThreadCounts.exclusively {
            ck_set_threads(threads)
            let tally = Tally(64)
            for _ in 0..<20 {
                usleep(1000)
                tally.run(64)
            }
            #expect(tally.all(20))
        }
    }

    @Test("The caller waits for a slow task on another thread", arguments: [1, 2, 4])
    func slow(threads: Int32) {
        ThreadCounts.exclusively {
            ck_set_threads(threads)
            let tally = Tally(4)
            for _ in 0..<5 {
                ck_parallel(
                    4,
                    { context, index in
                        if index > 0 { usleep(2000) }
                        context!.assumingMemoryBound(to: Int32.self)[index] += 1
                    }, tally.counts)
            }
            #expect(tally.all(5))
        }
    }

    @Test("Nested calls run, inline", arguments: [1, 2, 4])
    func nested(threads: Int32) {
        ThreadCounts.exclusively {
            ck_set_threads(threads)
            let tally = Tally(50 * 20)
            ck_parallel(
                50,
                { context, outer in
                    let row = context!.assumingMemoryBound(to: Int32.self) + outer * 20
                    ck_parallel(20, { $0?.assumingMemoryBound(to: Int32.self)[$1] += 1 }, row)
                }, tally.counts)
            #expect(tally.all(1))
        }
    }

    @Test("Several threads may ask at once, while another changes the number of threads", arguments: [1, 2, 4])
    func contended(threads: Int32) {
        ThreadCounts.exclusively {
            ck_set_threads(threads)
            DispatchQueue.concurrentPerform(iterations: 5) { caller in
                let tally = Tally(100)
                for round in 0..<200 {
                    tally.run(100)
                    if caller == 0 && round % 50 == 0 { ck_set_threads(Int32(1 + round / 50)) }
                }
                #expect(tally.all(200))
            }
        }
    }

    @Test("The number of threads is at least one")
    func atLeastOne() {
        ThreadCounts.exclusively {
            ck_set_threads(0)
            #expect(ck_threads() == 1)
            ck_set_threads(-5)
            #expect(ck_threads() == 1)
        }
    }
}
