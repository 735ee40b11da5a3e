import Tensors

extension BaselinePopulations {
    /// Rows of one product; fixed, so that a member's bytes do not depend on their number.
    private static let panelRows = 32

    /// Codes drawn from N(mean, diag(variances)) of the zoo's codes [N, K] (divisor N - 1), [count, K].
    ///
    /// Traps unless N >= 2.
    public func gaussianDiagonal(codes: Tensor, count: Int) -> Tensor {
        precondition(codes.rank == 2 && codes.shape[0] >= 2, "gaussianDiagonal: codes \(codes.shape)")
        let mean = codes.mean(axes: [0])
        let deviations = ((codes - mean).square().sum(axes: [0]) / Double(codes.shape[0] - 1)).sqrt()
        let rows = (0..<count).map { index in
            var stream = stream("gaussian-diagonal", index)
            return mean + deviations * stream.normal([codes.shape[1]])
        }
        return Self.stack(rows, width: codes.shape[1])
    }

    /// Codes drawn from N(mean, C), C the sample covariance of the zoo's codes [N, K], [count, K].
    ///
    /// z = mean + (N - 1)^(-1/2) sum_i eps_i (z_i - mean), eps standard normal: its covariance is exactly C, without
    /// a factorisation and whatever the rank. Traps unless N >= 2.
    public func gaussianFull(codes: Tensor, count: Int) -> Tensor {
        precondition(codes.rank == 2 && codes.shape[0] >= 2, "gaussianFull: codes \(codes.shape)")
        let zooCount = codes.shape[0]
        let mean = codes.mean(axes: [0])
        let centred = (codes - mean) / Double(zooCount - 1).squareRoot()
        let panels = stride(from: 0, to: count, by: Self.panelRows).map { start in
            let weights = (start..<(start + Self.panelRows)).map { index in
                var stream = stream("gaussian-full", index)
                return stream.normal([zooCount])
            }
            return matmul(Self.stack(weights, width: zooCount), centred) + mean
        }
        guard !panels.isEmpty else { return .zeros([0, codes.shape[1]]) }
        return Tensor.concatenate(panels, axis: 0).sliced(axis: 0, 0..<count)
    }

    /// The members of any baseline as weights, [count, D].
    ///
    /// - codes: the zoo's codes [N, K]; decode: codes [n, K] to weights [n, D] in the zoo's frame.
    /// - nearest: for the nearest-zoo baseline, the zoo network nearest to each generated one (nil where it has none).
    ///
    /// Traps where the zoo is too small; see `Baseline.isPossible(zooCount:)`.
    public func members(
        of baseline: Baseline, count: Int, codes: Tensor, nearest: [Int?] = [], decode: (Tensor) -> Tensor
    ) -> Tensor {
        switch baseline {
        case .noise(let sigma): noise(sigma: sigma, count: count)
        case .average(let k): averages(of: k, count: count)
        case .gaussianDiagonal: decode(gaussianDiagonal(codes: codes, count: count))
        case .gaussianFull: decode(gaussianFull(codes: codes, count: count))
        case .nearestZoo: retrieved(nearest.compactMap { $0 })
        }
    }
}
