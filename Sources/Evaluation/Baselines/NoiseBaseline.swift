import Tensors

extension Baseline {
    /// Zoo networks plus independent normal noise of this standard deviation; traps unless it is finite and not
    /// negative.
    ///
    /// Member i is zoo network i mod N plus sigma times a standard normal vector. The vectors do not depend on sigma,
    /// so that noise levels compare draw by draw.
    public static func noise(sigma: Double) -> Baseline {
        precondition(sigma.isFinite && sigma >= 0, "noise of \(sigma)")
        return Baseline(
            "noise-\(sigma)", label: "zoo + noise \(sigma)", isRival: true, group: .noise, leastZoo: 1
        ) { zoo, count in
            let (networks, width) = (zoo.weights.shape[0], zoo.weights.shape[1])
            let rows = (0..<count).map { index in
                var stream = zoo.stream("noise", index)
                return zoo.row(index % networks) + stream.normal([width]) * sigma
            }
            return .weights(BaselineSource.stack(rows, width: width))
        }
    }
}

extension Baseline.Family {
    static let noise = Baseline.Family(prefix: "noise", \.noise) {
        $0.isFinite && $0 >= 0 ? Baseline.noise(sigma: $0) : nil
    }
}
