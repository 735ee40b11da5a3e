import Basics
import Tensors

/// The checkpoints of runs as they were recorded: what processes that learn from whole runs are given.
public struct RunCheckpoints: Sendable {
    /// Training steps of each run's checkpoints, 0 the initialisation, in the order of training; the last one is the
    /// network that the zoo keeps of the run.
    public let steps: [[Int64]]
    /// Weights of all of them, run after run, [P, D].
    public let weights: Tensor
    /// What messages name.
    public let path: String

    /// Collects checkpoints; traps unless there is a row of weights for each step.
    public init(steps: [[Int64]], weights: Tensor, path: String = "checkpoints") {
        let count = steps.reduce(0) { $0 + $1.count }
        precondition(weights.rank == 2 && weights.shape[0] == count, "checkpoints: \(count) steps, \(weights.shape)")
        (self.steps, self.weights, self.path) = (steps, weights, path)
    }

    /// The networks that the runs ended in, [N, D]; traps where a run has no checkpoint.
    public var ends: Tensor {
        var last = -1
        let rows = steps.map { run -> Int32 in
            last += run.count
            return Int32(last)
        }
        return weights.gathered(axis: 0, rows)
    }

    /// Weights of every run at a step, [N, D]. Throws `DataError` naming the first run that has no checkpoint there.
    public func weights(at step: Int64) throws -> Tensor {
        var rows: [Int32] = [], first = 0
        for (run, steps) in steps.enumerated() {
            guard let place = steps.firstIndex(of: step) else { throw noCheckpoint(at: step, run) }
            rows.append(Int32(first + place))
            first += steps.count
        }
        return weights.gathered(axis: 0, rows)
    }

    private func noCheckpoint(at step: Int64, _ run: Int) -> DataError {
        DataError(
            .malformed, path: path,
            expected: step == 0
                ? "the initialisation, step 0, of every run" : "a checkpoint of every run at step \(step)",
            found: "run \(run) with steps \(Self.text(steps[run]))",
            hint: step == 0
                ? "`zoo train` records it with checkpoints.every, and process.start: source needs none" : "")
    }

    private static func text(_ steps: [Int64]) -> String {
        steps.isEmpty
            ? "(none)" : (steps.prefix(5).map(String.init) + (steps.count > 5 ? ["..."] : [])).joined(separator: ", ")
    }
}
