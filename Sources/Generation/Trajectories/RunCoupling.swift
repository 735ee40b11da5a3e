import Tensors

/// Which knots of different runs a curve joins.
public enum RunCoupling: String, Codable, Sendable, CaseIterable {
    /// A run's own: trained networks say which start became which end.
    case identity
    /// Knot after knot the matching of least squared distance within the minibatch, as for populations of which single
    /// members are not known.
    case optimalTransport = "optimal-transport"

    /// The runs' knots joined anew, at most `minibatch` runs that follow each other at a time. Knots are only exchanged
    /// between runs that have one at the same time, and of one group where there are groups, a number a run.
    ///
    /// Reference: Tong et al., TrajectoryNet, 2020, and Rohbeck et al., 2025, chain optimal plans of neighbouring times.
    func joined(
        _ runs: Trajectories, groups: [Int]? = nil, minibatch: Int, _ stream: inout RandomStream
    ) -> Trajectories {
        guard self == .optimalTransport else { return runs }
        let parts = max(1, (runs.count + minibatch - 1) / max(1, minibatch))
        var rows = [[Int32]](repeating: (0..<runs.count).map { Int32($0) }, count: runs.places)
        for part in 0..<parts {
            let members = Array((part * runs.count / parts)..<((part + 1) * runs.count / parts))
            for place in 1..<max(1, runs.places) {
                Self.match(&rows, members.filter { runs.times[$0].count > place }, place, runs, groups, &stream)
            }
        }
        return runs.exchanged(rows)
    }

    /// Which run's knot at `place` follows the knot before it, for those runs that have one.
    private static func match(
        _ rows: inout [[Int32]], _ members: [Int], _ place: Int, _ runs: Trajectories, _ groups: [Int]?,
        _ stream: inout RandomStream
    ) {
        guard members.count > 1 else { return }
        let flat = runs.states.reshaped([runs.count * runs.places, runs.dimension])
        func states(_ place: Int, _ runsOf: [Int32]) -> Tensor {
            flat.gathered(axis: 0, runsOf.map { $0 * Int32(runs.places) + Int32(place) })
        }
        let now = members.map { Int32($0) }
        func label(_ run: Int) -> [Double] { [runs.times[run][place], Double(groups?[run] ?? 0)] }
        let labels = Array(Set(members.map(label)))
        let apart = members.map { labels.firstIndex(of: label($0)) ?? 0 }
        let before = states(place - 1, members.map { rows[place - 1][$0] })
        let chosen = Coupling.optimalTransport.matching(states(place, now), to: before, groups: apart, &stream)
        for (run, partner) in zip(members, chosen) { rows[place][run] = now[Int(partner)] }
    }
}
