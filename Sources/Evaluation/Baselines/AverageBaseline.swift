import Tensors

extension Baseline {
    /// Means of `networks` distinct aligned zoo networks, each drawn without regard to the others; traps unless there
    /// is at least one.
    public static func average(of networks: Int) -> Baseline {
        precondition(networks >= 1, "an average of \(networks)")
        return Baseline(
            "average-\(networks)", label: "average of \(networks) aligned", isRival: true, group: .average,
            leastZoo: networks
        ) { zoo, count in
            let rows = (0..<count).map { index in
                var stream = zoo.stream("average-\(networks)", index)
                let drawn = stream.permutation(zoo.weights.shape[0]).prefix(networks)
                let sum = drawn.dropFirst().reduce(zoo.row(drawn[0])) { $0 + zoo.row($1) }
                return sum / Double(networks)
            }
            return .weights(BaselineSource.stack(rows, width: zoo.weights.shape[1]))
        }
    }
}

extension Baseline.Family {
    static let average = Baseline.Family(prefix: "average", \.averages) { $0 >= 1 ? Baseline.average(of: $0) : nil }
}
