import Networks
import Tensors

extension Baseline {
    /// Means of `networks` distinct aligned zoo networks, each drawn without regard to the others; traps unless there
    /// is at least one.
    ///
    /// Scales of hidden units are balanced before units are matched and averaged (``BaselineSource/balanced``): the mean of
    /// a large and a small version of one unit is nearly the large one alone. Units are matched to those of the first
    /// network drawn, which fits better than what each has in common with a third one, the frame's reference.
    public static func average(of networks: Int) -> Baseline {
        precondition(networks >= 1, "an average of \(networks)")
        return Baseline(
            "average-\(networks)", label: "average of \(networks) aligned", isRival: true, group: .average,
            leastZoo: networks
        ) { zoo, count in
            let (weights, members) = zoo.averages(of: networks, count: count)
            return .averages(weights, of: members)
        }
    }

    /// The same means, repaired: hidden units and logits take on the mean statistics of the members
    /// (`AverageRepair` of Networks). Draw i is that of the plain average. Traps unless `networks` is positive, and where the
    /// source knows no network.
    public static func repairedAverage(of networks: Int) -> Baseline {
        precondition(networks >= 1, "an average of \(networks)")
        return Baseline(
            "repaired-average-\(networks)", label: "average of \(networks), repaired", isRival: true, group: .average,
            leastZoo: networks, needs: .repair
        ) { zoo, count in
            guard let repair = zoo.repair else { preconditionFailure("repaired averages: a source without statistics") }
            let (weights, members) = zoo.averages(of: networks, count: count)
            return .averages(repair(weights, of: members), of: members)
        }
    }
}

extension BaselineSource {
    /// Means of as many distinct networks each, and which they are.
    fileprivate func averages(of networks: Int, count: Int) -> (weights: Tensor, members: [AverageMembers]) {
        let width = balanced.shape[1]
        let means = parallelMap(count) { index -> (mean: [Float], members: AverageMembers) in
            var stream = self.stream("average-\(networks)", index)
            let drawn = matched(Array(stream.permutation(balanced.shape[0]).prefix(networks)))
            var sum = [Double](repeating: 0, count: width)
            for row in drawn.weights {
                for place in 0..<width { sum[place] += Double(row[place]) }
            }
            return (sum.map { Float($0 / Double(networks)) }, drawn.members)
        }
        return (Tensor(means.flatMap(\.mean), shape: [count, width]), means.map(\.members))
    }

    /// Balanced networks with their units matched to those of the first; as they are where the layout is not known, or
    /// products of their weights overflow.
    func matched(_ rows: [Int]) -> (weights: [[Float]], members: AverageMembers) {
        let weights = rows.map { balanced.selected(axis: 0, $0).floats }
        guard let layout, rows.count > 1,
            let matching = try? WeightMatching(reference: weights[0], layout: layout, product: .blas)
        else { return (weights, AverageMembers(rows)) }
        let identity = SymmetryElement.identity(layout)
        let elements = [identity] + weights.dropFirst().map { (try? matching.align($0))?.element ?? identity }
        let moved = zip(weights, elements).map { $1.apply(to: $0, layout: layout) }
        return (moved, AverageMembers(rows, broughtBy: elements))
    }
}

extension Baseline.Family {
    static let average = Baseline.Family(prefix: "average", \.averages) { $0 >= 1 ? Baseline.average(of: $0) : nil }
    static let repairedAverage = Baseline.Family(prefix: "repaired-average", \.averages) {
        $0 >= 1 ? Baseline.repairedAverage(of: $0) : nil
    }
}
