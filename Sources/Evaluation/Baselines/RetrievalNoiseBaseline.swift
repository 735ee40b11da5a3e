import Tensors

extension Baseline {
    /// For each generated network the zoo network nearest to it plus independent normal noise of this standard deviation:
    /// what retrieval and a disguise would have given. Traps unless the deviation is finite and not negative.
    ///
    /// The vectors do not depend on sigma. There are as many as there are networks to look up, up to the count.
    public static func retrievalNoise(sigma: Double) -> Baseline {
        precondition(sigma.isFinite && sigma >= 0, "noise of \(sigma)")
        return Baseline(
            "retrieval-noise-\(sigma)", label: "nearest zoo network + noise \(sigma)", isRival: true, group: .noise,
            leastZoo: 1
        ) { zoo, count in
            let width = zoo.weights.shape[1]
            let rows = zoo.nearest.prefix(count).enumerated().map { index, nearest in
                var stream = zoo.stream("retrieval-noise", index)
                return zoo.row(nearest) + stream.normal([width]) * sigma
            }
            return .weights(BaselineSource.stack(rows, width: width))
        }
    }
}

extension Baseline.Family {
    static let retrievalNoise = Baseline.Family(prefix: "retrieval-noise", \.retrievalNoise) {
        $0.isFinite && $0 >= 0 ? Baseline.retrievalNoise(sigma: $0) : nil
    }
}
