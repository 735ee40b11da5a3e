import Tensors

/// Repairs averages of a zoo's networks: every hidden unit's mean and deviation become the means over the *members* of
/// theirs, and so do the logits', class by class (``StatisticsRepair``).
public struct AverageRepair: Sendable {
    private let repair: StatisticsRepair
    /// Statistics of the zoo's networks, as averages are made of them.
    public let zoo: UnitStatistics

    /// Measures the networks that averages are made of, [N, D], one frame's, on training inputs [n, features].
    ///
    /// Their running statistics are taken anew on these. Throws `DataError` where the networks do not end in a linear
    /// layer with a row a class; traps without a network.
    public init(_ network: any Network, zoo: Tensor, inputs: Tensor) throws {
        precondition(zoo.shape[0] > 0, "repair: no networks to take statistics of")
        repair = try StatisticsRepair(network, inputs: inputs)
        self.zoo = repair.statistics(zoo)
    }

    /// The networks [P, D], repaired.
    ///
    /// - members: for each what it is the average of. A network without any (and all, where nil) is no average: its hidden
    ///   units are left alone, and its logits take on the mean statistics of the whole zoo. Traps on another number of
    ///   lists, and on rows that the zoo has not.
    public func callAsFunction(_ population: Tensor, of members: [AverageMembers]? = nil) -> Tensor {
        precondition(
            members == nil || members?.count == population.shape[0],
            "repair: members of \(members?.count ?? 0) networks for \(population.shape)")
        let logits = Array(zoo.mean().suffix(repair.last.weight.shape[0]))
        let targets = (0..<population.shape[0]).map { network in
            guard let own = members?[network], !own.rows.isEmpty else { return logits }
            return target(of: own)
        }
        return repair(population, to: targets)
    }

    /// The mean statistics of an average's members, its units in the average's order.
    func target(of members: AverageMembers) -> [UnitStatistics.Moments] {
        guard !members.elements.isEmpty else { return zoo.mean(over: members.rows) }
        return UnitStatistics(zip(members.rows, members.elements).map { moved(zoo.moments[$0], by: $1) }).mean()
    }

    /// The statistics of a network after a symmetry: unit i takes those of unit p[i], times its factor.
    private func moved(
        _ moments: [UnitStatistics.Moments], by element: SymmetryElement
    ) -> [UnitStatistics.Moments] {
        var result = moments
        var offset = 0
        for layer in repair.hidden {
            let units = layer.weight.shape[0]
            if let group = layer.weight.axes[0] {
                for (unit, source) in element.permutations[group].enumerated() {
                    let factor = element.scales[group]?[unit] ?? 1
                    let own = moments[offset + source]
                    result[offset + unit] = .init(mean: own.mean * factor, deviation: own.deviation * abs(factor))
                }
            }
            offset += units
        }
        return result
    }

    /// What repairing costs a network, in rows that pass through it; of networks that are no averages only the logits are
    /// set.
    public func rowPasses(hasMembers: Bool) -> Double { repair.rowPasses(withHidden: hasMembers) }
}
