import Tensors

/// JKOnet*: the net learns the implicit step that takes a checkpoint to the next one.
///
/// A minibatch is rows of `Trajectories.packed`, of each of which one pair of neighbouring knots is looked at, x at time t
/// and y at t + tau. With v = -grad V of a potential the loss is that of the source,
///
///     E |tau grad V(y, t + tau) + y - x|^2 = E tau^2 |v(y, t + tau) - (y - x) / tau|^2,
///
/// with the gradient at the **later** point: y is the proximal step from x. Samples must be drawn by implicit steps too
/// (`ImplicitSampler`).
/// Source: Terpin, Lanzetti, Gadea, Doerfler, Learning diffusion at lightspeed, 2024; our population is that of
/// networks, so there is neither interaction nor an internal energy, whose density nobody knows in such dimensions.
public struct TransitionObjective: Objective {
    /// K.
    public let dimension: Int
    /// Which knots belong together.
    public let coupling: RunCoupling

    /// Learns the transitions between codes of a length.
    public init(dimension: Int, coupling: RunCoupling = .identity) {
        (self.dimension, self.coupling) = (dimension, coupling)
    }

    /// The coupling and one pair a run, in this order.
    public func draw(_ codes: Tensor, _ stream: inout RandomStream) -> Regression {
        draw(codes, minibatch: codes.shape[0], &stream)
    }

    /// The same with knots joined among at most `minibatch` rows that follow each other.
    public func draw(_ codes: Tensor, minibatch: Int, _ stream: inout RandomStream) -> Regression {
        draw(codes, groups: nil, minibatch: minibatch, &stream)
    }

    /// The same with knots exchanged only within a group, a number a row.
    public func draw(
        _ codes: Tensor, groups: [Int]?, minibatch: Int, _ stream: inout RandomStream
    ) -> Regression {
        let runs = coupling.joined(
            Trajectories(packed: codes, dimension: dimension), groups: groups, minibatch: minibatch, &stream)
        let places = runs.times.map { stream.integer(below: max(1, $0.count - 1)) }
        return transitions(of: runs, at: places).regression
    }

    /// The pair of each run whose earlier knot is at a place.
    func transitions(of runs: Trajectories, at places: [Int]) -> Transitions {
        func times(_ shift: Int) -> [Double] {
            zip(runs.times, places).map { $0[min($1 + shift, $0.count - 1)] }
        }
        return Transitions(
            earlier: runs.states(at: places), later: runs.states(at: places.map { $0 + 1 }), startTimes: times(0),
            endTimes: times(1))
    }
}

/// Pairs of states, the later of which follows from the earlier by an implicit step.
public struct Transitions: Sendable {
    /// x, [n, K].
    public let earlier: Tensor
    /// y, [n, K].
    public let later: Tensor
    /// t of x, n of them.
    public let startTimes: [Double]
    /// t + tau of y, n of them; equal to the start's where a run has no further knot, and such a pair counts nothing.
    public let endTimes: [Double]

    /// Collects pairs; traps where shapes differ or a pair goes back in time.
    public init(earlier: Tensor, later: Tensor, startTimes: [Double], endTimes: [Double]) {
        precondition(
            earlier.rank == 2 && earlier.shape == later.shape && startTimes.count == earlier.shape[0]
                && endTimes.count == startTimes.count && zip(startTimes, endTimes).allSatisfy { $0 <= $1 },
            "transitions: \(earlier.shape) to \(later.shape), \(startTimes.count) times")
        (self.earlier, self.later, self.startTimes, self.endTimes) = (earlier, later, startTimes, endTimes)
    }

    /// All pairs of neighbouring knots of all runs.
    public init(of runs: Trajectories) {
        let flat = runs.states.reshaped([runs.count * runs.places, runs.dimension])
        var rows: [Int32] = [], starts: [Double] = [], ends: [Double] = []
        for (run, times) in runs.times.enumerated() {
            rows += (0..<(times.count - 1)).map { Int32(run * runs.places + $0) }
            starts += times.dropLast()
            ends += times.dropFirst()
        }
        self.init(
            earlier: flat.gathered(axis: 0, rows), later: flat.gathered(axis: 0, rows.map { $0 + 1 }),
            startTimes: starts, endTimes: ends)
    }

    /// Those pairs that end in an interval of times.
    func ending(in interval: (after: Double, upTo: Double)) -> Transitions {
        let kept = endTimes.indices.filter { endTimes[$0] > interval.after && endTimes[$0] <= interval.upTo }
        func rows(_ tensor: Tensor) -> Tensor { tensor.gathered(axis: 0, kept.map(Int32.init)) }
        return Transitions(
            earlier: rows(earlier), later: rows(later), startTimes: kept.map { startTimes[$0] },
            endTimes: kept.map { endTimes[$0] })
    }

    /// tau of every pair.
    var durations: [Double] { zip(endTimes, startTimes).map { $0 - $1 } }

    /// What a velocity net learns of them.
    var regression: Regression {
        let count = durations.count
        func column(_ values: [Double]) -> Tensor { Tensor(values, shape: [count, 1], precision: later.precision) }
        let rates = durations.map { $0 > 0 ? 1 / $0 : 0 }
        return Regression(
            x: later, t: column(endTimes), target: (later - earlier) * column(rates),
            weight: column(durations.map { $0 * $0 }))
    }
}
