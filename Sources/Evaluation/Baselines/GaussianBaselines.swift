import Tensors

extension Baseline {
    /// A normal distribution with the codes' mean and variances (divisor N - 1), codes independent.
    public static let gaussianDiagonal = Baseline(
        "gaussian-diagonal", label: "Gaussian, diagonal", isRival: true, group: .gaussian, leastZoo: 2
    ) { zoo, count in
        let (codes, width) = (zoo.codes, zoo.codes.shape[1])
        let mean = codes.mean(axes: [0])
        let deviations = ((codes - mean).square().sum(axes: [0]) / Double(codes.shape[0] - 1)).sqrt()
        let rows = (0..<count).map { index in
            var stream = zoo.stream("gaussian-diagonal", index)
            return mean + deviations * stream.normal([width])
        }
        return .codes(BaselineSource.stack(rows, width: width))
    }

    /// A normal distribution with the codes' mean and sample covariance C.
    ///
    /// z = mean + (N - 1)^(-1/2) sum_i eps_i (z_i - mean), eps standard normal: its covariance is exactly C, without
    /// a factorisation and whatever the rank.
    public static let gaussianFull = Baseline(
        "gaussian-full", label: "Gaussian, full covariance", isRival: true, group: .gaussian, leastZoo: 2
    ) { zoo, count in
        let (codes, networks) = (zoo.codes, zoo.codes.shape[0])
        let mean = codes.mean(axes: [0])
        let centred = (codes - mean) / Double(networks - 1).squareRoot()
        let panels = stride(from: 0, to: count, by: panelRows).map { start in
            let weights = (start..<(start + panelRows)).map { index in
                var stream = zoo.stream("gaussian-full", index)
                return stream.normal([networks])
            }
            return matmul(BaselineSource.stack(weights, width: networks), centred) + mean
        }
        guard !panels.isEmpty else { return .codes(.zeros([0, codes.shape[1]])) }
        return .codes(Tensor.concatenate(panels, axis: 0).sliced(axis: 0, 0..<count))
    }

    /// Rows of one product; fixed, so that a member's bytes do not depend on their number.
    private static let panelRows = 32
}

extension Baseline.Family {
    static let gaussianDiagonal = Baseline.Family(Baseline.gaussianDiagonal)
    static let gaussianFull = Baseline.Family(Baseline.gaussianFull)
}
