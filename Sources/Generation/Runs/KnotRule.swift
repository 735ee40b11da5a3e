import Basics
import Foundation
import Tensors

/// Which of a run's checkpoints are knots, and at what times between 0 and 1.
///
/// Every run ends at t = 1 in the network that the zoo keeps of it. With s_0 the step that counts as the start and s_1
/// the run's last one, a checkpoint at step s stands at t = ((s - s_0) / (s_1 - s_0))^clock.
public struct KnotRule: Sendable, Equatable {
    /// The step at t = 0, a checkpoint of every run; nil where a source's draw stands there and checkpoints behind
    /// step 0 follow it.
    public var start: Int64?
    /// The exponent of time: below 1, the early steps take more of it.
    public var clock: Double
    /// The most knots of a run, evenly chosen among its checkpoints with the first and the last; nil takes all.
    public var most: Int?

    /// Describes a rule; traps unless the clock is positive and there is place for two knots.
    public init(start: Int64? = 0, clock: Double = 1, most: Int? = nil) {
        precondition(clock > 0 && clock.isFinite && (most ?? 2) >= (start == nil ? 1 : 2), "knots: clock \(clock)")
        (self.start, self.clock, self.most) = (start, clock, most)
    }

    /// The places and times of one run's knots.
    func knots(_ steps: [Int64], run: Int, path: String) throws -> [(place: Int, time: Double)] {
        if let early = zip(steps, steps.dropFirst()).first(where: { $0 >= $1 }) {
            throw DataError(
                .malformed, path: path, expected: "checkpoints in the order of training, at steps that rise",
                found: "step \(early.1) after step \(early.0) in run \(run)")
        }
        let origin = start ?? 0
        let later = steps.indices.filter { start == nil ? steps[$0] > 0 : steps[$0] >= origin }
        let least = start == nil ? 1 : 2
        guard later.count >= least else {
            throw DataError(
                .malformed, path: path,
                expected: start == nil
                    ? "a checkpoint after step 0 of every run"
                    : "at least two checkpoints of every run from step \(origin) on",
                found: "\(later.count) of run \(run)", hint: "`zoo train` records them with checkpoints.every")
        }
        let length = Double(steps[steps.count - 1] - origin)
        let knots = Self.spread(later, most ?? later.count).map { place in
            (place: place, time: pow(Double(steps[place] - origin) / length, clock))
        }
        let times = knots.map { Float($0.time) }
        guard zip(times, times.dropFirst()).allSatisfy(<), start != nil || times[0] > 0 else {
            throw DataError(
                .configuration, path: "process.clock",
                expected: "times of checkpoints that single precision can tell apart",
                found: "\(NumberText.significant(clock)), by which some of run \(run) are equal",
                hint: "take one nearer to 1, or fewer process.marginals")
        }
        return knots
    }

    /// `count` of the elements, the first and the last with them; the last alone where there is place for one.
    private static func spread(_ places: [Int], _ count: Int) -> [Int] {
        guard count < places.count else { return places }
        guard count > 1 else { return Array(places.suffix(1)) }
        return (0..<count).map { places[Int((Double($0 * (places.count - 1)) / Double(count - 1)).rounded())] }
    }

    /// The runs' knots in coordinates.
    ///
    /// Throws `DataError` naming the run for steps that do not rise, too few checkpoints, or none at the start.
    public func trajectories(of runs: RunCheckpoints, in coordinates: any Coordinates) throws -> Trajectories {
        if let start { _ = try runs.weights(at: start) }
        var times: [[Double]] = [], rows: [Int32] = [], first = 0
        for (run, steps) in runs.steps.enumerated() {
            let knots = try knots(steps, run: run, path: runs.path)
            times.append(knots.map(\.time))
            rows += knots.map { Int32(first + $0.place) }
            first += steps.count
        }
        return Trajectories(times: times, codes: coordinates.encode(runs.weights.gathered(axis: 0, rows)))
    }
}
