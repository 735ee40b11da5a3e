import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

@Suite("Which checkpoints are knots")
struct KnotRuleTests {
    private static func runs(_ steps: [[Int64]]) -> RunCheckpoints {
        let count = steps.reduce(0) { $0 + $1.count }
        return RunCheckpoints(
            steps: steps, weights: Tensor((0..<count).map(Float.init), shape: [count, 1]), path: "zoo.h5")
    }

    private static let raw = RawCoordinates(parameterCount: 1)

    private static func message(_ rule: KnotRule, _ steps: [[Int64]]) -> String? {
        #expect(throws: DataError.self) { try rule.trajectories(of: runs(steps), in: raw) }?.description
    }

    @Test("times run from the start to each run's own end, with a clock")
    func times() throws {
        let runs = Self.runs([[0, 10, 40], [0, 20]])
        let found = try KnotRule().trajectories(of: runs, in: Self.raw)
        #expect(found.times == [[0, 0.25, 1], [0, 1]])
        #expect(found.states.doubles == [0, 1, 2, 3, 4, 4])
        let slow = try KnotRule(clock: 0.5).trajectories(of: runs, in: Self.raw)
        #expect(slow.times == [[0, 0.5, 1], [0, 1]])
        let late = try KnotRule(start: 10).trajectories(of: Self.runs([[0, 10, 20, 30], [10, 30]]), in: Self.raw)
        #expect(late.times == [[0, 0.5, 1], [0, 1]] && late.states.doubles == [1, 2, 3, 4, 5, 5])
    }

    @Test("with a source at time 0 the checkpoints behind the initialisation follow")
    func source() throws {
        let found = try KnotRule(start: nil).trajectories(of: Self.runs([[0, 10, 40], [20, 40], [5]]), in: Self.raw)
        #expect(found.times == [[0.25, 1], [0.5, 1], [1]] && found.states.doubles == [1, 2, 3, 4, 5, 5])
    }

    @Test("so many knots of a run, evenly chosen with both ends")
    func most() throws {
        let steps: [Int64] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
        func times(_ most: Int) throws -> [Double] {
            try KnotRule(most: most).trajectories(of: Self.runs([steps]), in: Self.raw).times[0]
        }
        #expect(try times(2) == [0, 1] && times(3) == [0, 0.5, 1] && times(9).count == 9 && times(50).count == 9)
        #expect(try KnotRule(start: nil, most: 1).trajectories(of: Self.runs([steps]), in: Self.raw).times == [[1]])
    }

    @Test("steps that do not rise, runs of one checkpoint and a start that is not there are named")
    func refused() {
        #expect(
            Self.message(KnotRule(), [[0, 5, 9], [0, 7, 7, 9]])
                == "zoo.h5: expected checkpoints in the order of training, at steps that rise, found step 7 after step 7 in run 1"
        )
        #expect(
            Self.message(KnotRule(), [[0, 5], [0]])
                == "zoo.h5: expected at least two checkpoints of every run from step 0 on, found 1 of run 1 "
                + "(`zoo train` records them with checkpoints.every)")
        #expect(
            Self.message(KnotRule(), [[5, 10]])
                == "zoo.h5: expected the initialisation, step 0, of every run, found run 0 with steps 5, 10 "
                + "(`zoo train` records it with checkpoints.every, and process.start: source needs none)")
        #expect(
            Self.message(KnotRule(start: 4), [[0, 4, 8], [0, 5, 8]])
                == "zoo.h5: expected a checkpoint of every run at step 4, found run 1 with steps 0, 5, 8")
        #expect(
            Self.message(KnotRule(start: nil), [[0]])
                == "zoo.h5: expected a checkpoint after step 0 of every run, found 0 of run 0 "
                + "(`zoo train` records them with checkpoints.every)")
    }

    @Test("a clock that leaves no difference between two checkpoints is refused")
    func clock() {
        #expect(
            Self.message(KnotRule(clock: 10), [[0, 1, 100_000]])
                == "process.clock: expected times of checkpoints that single precision can tell apart, found 10, by which some "
                + "of run 0 are equal (take one nearer to 1, or fewer process.marginals)")
        #expect(throws: Never.self) {
            try KnotRule(clock: 10).trajectories(of: Self.runs([[0, 1, 100]]), in: Self.raw)
        }
    }
}
