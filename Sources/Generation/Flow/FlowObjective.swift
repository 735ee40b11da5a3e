import Tensors

/// Flow matching: the net learns the velocity of paths from source to data.
///
/// Loss: E |v(x_t, t) - u|^2 over (x_0, x_1) ~ coupling, t ~ times, x_t and u = dx_t / dt on the path between them.
/// Source: Lipman et al., Flow matching for generative modeling, 2023, eq. 9; Tong et al., Improving and generalizing
/// flow-based generative models with minibatch optimal transport, 2023.
public struct FlowObjective: Objective {
    /// Where paths start.
    public let source: any Source
    /// How they run.
    public let path: Path
    /// Which start belongs to which code.
    public let coupling: Coupling
    /// Which times are looked at how often.
    public let times: TimeDistribution

    /// Puts the parts together.
    public init(
        source: any Source, path: Path, coupling: Coupling = .independent, times: TimeDistribution = .uniform
    ) {
        self.source = source
        self.path = path
        self.coupling = coupling
        self.times = times
    }

    /// Times, starts, the matching and noise of one minibatch, in this order.
    public func draw(_ codes: Tensor, _ stream: inout RandomStream) -> Regression {
        draw(codes, minibatch: codes.shape[0], &stream)
    }

    /// The same with starts matched within parts of equal size, of at most `minibatch` rows that follow each other.
    public func draw(_ codes: Tensor, minibatch: Int, _ stream: inout RandomStream) -> Regression {
        draw(codes, groups: nil, minibatch: minibatch, &stream)
    }

    /// The same with starts matched within groups, a number a row.
    public func draw(
        _ codes: Tensor, groups: [Int]?, minibatch: Int, _ stream: inout RandomStream
    ) -> Regression {
        let count = codes.shape[0]
        let t = times.sample(count, &stream)
        var start = source.sample(count, &stream)
        if coupling != .independent {
            let parts = max(1, (count + minibatch - 1) / max(1, minibatch))
            let rows = (0..<parts).flatMap { part -> [Int32] in
                let range = (part * count / parts)..<((part + 1) * count / parts)
                func rows(_ tensor: Tensor) -> Tensor { tensor.sliced(axis: 0, range) }
                let own = groups.map { Array($0[range]) }
                return coupling.matching(rows(start), to: rows(codes), groups: own, &stream).map {
                    $0 + Int32(range.lowerBound)
                }
            }
            start = start.gathered(axis: 0, rows)
        }
        let point = path.sample(from: start, to: codes, at: t, noise: stream.normal(codes.shape))
        return Regression(x: point.x, t: point.t, target: point.velocity)
    }
}
