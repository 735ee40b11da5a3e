import Tensors

/// Runs as curves pass through them: the codes of every run's checkpoints with their times.
///
/// Runs may have different numbers of knots at different times. A minibatch is cut out of `packed`, one row a run.
public struct Trajectories: Sendable {
    /// Times of each run's knots, rising.
    public let times: [[Double]]
    /// Codes [N, T, K], T the most knots that a run has; what stands behind a run's last knot means nothing.
    public let states: Tensor

    /// Number of runs.
    public var count: Int { times.count }
    /// T, places for knots.
    public var places: Int { states.shape[1] }
    /// K.
    public var dimension: Int { states.shape[2] }

    /// What stands in place of a time where a run has no further knot; times are at least 0.
    static let absent = -1.0

    /// Collects the knots of runs that follow each other in `codes` [P, K], as many of each as it has times. Traps where
    /// the numbers do not fit, or times do not rise from at least 0.
    public init(times: [[Double]], codes: Tensor) {
        let counts = times.map(\.count)
        precondition(
            codes.rank == 2 && counts.reduce(0, +) == codes.shape[0] && !times.isEmpty,
            "trajectories: \(counts) knots, codes \(codes.shape)")
        precondition(
            times.allSatisfy { run in
                (run.first ?? -1) >= 0 && run.allSatisfy(\.isFinite) && zip(run, run.dropFirst()).allSatisfy(<)
            }, "trajectories: times that do not rise")
        let places = counts.max() ?? 0
        // A place without a knot repeats the run's last one.
        var rows: [Int32] = [], first = 0
        for count in counts {
            rows += (0..<places).map { Int32(first + min($0, count - 1)) }
            first += count
        }
        self.times = times
        states = codes.gathered(axis: 0, rows).reshaped([times.count, places, codes.shape[1]])
    }

    private init(times: [[Double]], states: Tensor) { (self.times, self.states) = (times, states) }

    /// One row a run: its T times, `absent` behind the last, then its states, [N, T (1 + K)].
    public var packed: Tensor {
        let padded = times.flatMap { $0 + Array(repeating: Self.absent, count: places - $0.count) }
        let clocks = Tensor(padded, shape: [count, places], precision: states.precision)
        return .concatenate([clocks, states.reshaped([count, places * dimension])], axis: 1)
    }

    /// Rows of `packed`; traps where their width is not that of codes of the dimension.
    public init(packed rows: Tensor, dimension: Int) {
        precondition(
            rows.rank == 2 && rows.shape[1] > 0 && rows.shape[1].isMultiple(of: dimension + 1),
            "trajectories: rows \(rows.shape) of codes of \(dimension)")
        let (count, places) = (rows.shape[0], rows.shape[1] / (dimension + 1))
        let clocks = rows.sliced(axis: 1, 0..<places).doubles
        let times = (0..<count).map { run in
            Array(clocks[(run * places)..<((run + 1) * places)].prefix { $0 >= 0 })
        }
        let states = rows.sliced(axis: 1, places..<rows.shape[1]).reshaped([count, places, dimension])
        self.init(times: times, states: states)
    }

    /// The same runs with a state [N, K] at time 0 before their first knots. Traps where one has a knot at 0 already.
    func starting(at starts: Tensor) -> Trajectories {
        precondition(
            starts.shape == [count, dimension] && times.allSatisfy { $0.first != 0 },
            "trajectories: starts \(starts.shape) of \(count) runs")
        let all = Tensor.concatenate([starts.reshaped([count, 1, dimension]), states], axis: 1)
        return Trajectories(times: times.map { [0] + $0 }, states: all)
    }

    /// The state of each run at its knot `place`, [N, K]; the last one's where it has no such knot.
    func states(at place: [Int]) -> Tensor {
        let rows = place.enumerated().map { Int32($0 * places + min($1, times[$0].count - 1)) }
        return states.reshaped([count * places, dimension]).gathered(axis: 0, rows)
    }

    /// The times that all runs share; nil where they differ.
    public var sharedTimes: [Double]? { times.allSatisfy { $0 == times[0] } ? times[0] : nil }

    /// The times that all runs share; where they differ, as many as there are places, evenly from 0 to 1.
    public var typicalTimes: [Double] {
        sharedTimes ?? (0..<places).map { Double($0) / Double(max(1, places - 1)) }
    }

    /// The same times with knots of other runs: place k of run i becomes that of run `rows[k][i]`.
    func exchanged(_ rows: [[Int32]]) -> Trajectories {
        let flat = (0..<count).flatMap { run in (0..<places).map { rows[$0][run] * Int32(places) + Int32($0) } }
        let moved = states.reshaped([count * places, dimension]).gathered(axis: 0, flat)
        return Trajectories(times: times, states: moved.reshaped([count, places, dimension]))
    }
}
