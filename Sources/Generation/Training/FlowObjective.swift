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
        let batch = codes.shape[0]
        let t = times.sample(batch, &stream)
        var start = source.sample(batch, &stream)
        if coupling != .independent {
            start = start.gathered(axis: 0, coupling.matching(start, to: codes, &stream))
        }
        let point = path.sample(from: start, to: codes, at: t, noise: stream.normal(codes.shape))
        return Regression(x: point.x, t: point.t, target: point.velocity)
    }
}
