import Tensors

/// Multi-marginal flow matching: the net learns the velocity of curves through the checkpoints of whole runs.
///
/// A minibatch is rows of `Trajectories.packed`. With S the curve through a run's knots and eps ~ N(0, I),
///
///     x = S(t) + sigma(t) eps,    u = S'(t) + sigma'(t) eps = S'(t) + sigma' / sigma (x - S(t)),
///
/// the loss is E |v(x, t) - u|^2 over runs, t ~ times and eps. With two knots and a constant sigma this is flow matching
/// along straight lines between coupled ends.
/// Source: Rohbeck et al., Modeling complex system dynamics with flow matching across time and conditions, 2025.
public struct MultiMarginalObjective: Objective {
    /// Where curves start before the runs' first knots; nil where these are the start.
    public let source: (any Source)?
    /// K.
    public let dimension: Int
    /// How curves run between knots.
    public let interpolation: Interpolation
    /// The noise around them.
    public let sigma: SigmaLaw
    /// Which knots they join.
    public let coupling: RunCoupling
    /// Which times are looked at how often.
    public let times: TimeDistribution

    /// Puts the parts together; traps where the source's codes have another length.
    public init(
        source: (any Source)? = nil, dimension: Int, interpolation: Interpolation = .notAKnot,
        sigma: SigmaLaw = SigmaLaw(.constant, scale: 0), coupling: RunCoupling = .identity,
        times: TimeDistribution = .uniform
    ) {
        precondition(
            (source?.dimension ?? dimension) == dimension,
            "multi-marginal objective: codes of \(dimension), source of \(source?.dimension ?? 0)")
        (self.source, self.dimension, self.interpolation) = (source, dimension, interpolation)
        (self.sigma, self.coupling, self.times) = (sigma, coupling, times)
    }

    /// Times, starts, the coupling and noise of one minibatch, in this order.
    public func draw(_ codes: Tensor, _ stream: inout RandomStream) -> Regression {
        draw(codes, minibatch: codes.shape[0], &stream)
    }

    /// The same with knots joined among at most `minibatch` rows that follow each other.
    public func draw(_ codes: Tensor, minibatch: Int, _ stream: inout RandomStream) -> Regression {
        draw(codes, groups: nil, minibatch: minibatch, &stream)
    }

    /// The same with knots exchanged only within a group, a number a row.
    public func draw(
        _ codes: Tensor, groups: [Int]?, minibatch: Int, _ stream: inout RandomStream
    ) -> Regression {
        let recorded = Trajectories(packed: codes, dimension: dimension)
        let t = times.sample(recorded.count, &stream)
        let started = source.map { recorded.starting(at: $0.sample(recorded.count, &stream)) } ?? recorded
        let runs = coupling.joined(started, groups: groups, minibatch: minibatch, &stream)
        let curve = points(on: runs, at: t.doubles)
        guard sigma.scale > 0 || sigma.floor > 0 else {
            return Regression(x: curve.location, t: t, target: curve.velocity)
        }
        let noise = stream.normal(curve.location.shape).converted(to: curve.location.precision)
        return Regression(
            x: curve.location + noise * curve.width, t: t, target: curve.velocity + noise * curve.rate)
    }

    /// A point on each run's curve with its velocity, [N, K], and sigma and its derivative, [N, 1].
    func points(
        on runs: Trajectories, at times: [Double]
    ) -> (location: Tensor, velocity: Tensor, width: Tensor, rate: Tensor) {
        let (count, places) = (runs.count, runs.places)
        var splines: [[Double]: Spline] = [:]
        var location: [Double] = [], velocity: [Double] = [], widths: [Double] = [], rates: [Double] = []
        for (knots, t) in zip(runs.times, times) {
            // A run of one knot stays where it is.
            guard knots.count > 1 else {
                location += [1] + Array(repeating: 0, count: places - 1)
                velocity += Array(repeating: 0, count: places)
                widths.append(sigma.floor)
                rates.append(0)
                continue
            }
            let spline = splines[knots] ?? Spline(through: knots, interpolation)
            splines[knots] = spline
            let weights = spline.weights(at: t)
            let rest = [Double](repeating: 0, count: places - knots.count)
            location += weights.location + rest
            velocity += weights.velocity + rest
            let law = sigma.width(share: weights.share, length: weights.length)
            widths.append(law.width)
            rates.append(law.rate)
        }
        let precision = runs.states.precision
        func sum(_ weights: [Double]) -> Tensor {
            matmul(Tensor(weights, shape: [count, 1, places], precision: precision), runs.states)
                .reshaped([count, runs.dimension])
        }
        func column(_ values: [Double]) -> Tensor { Tensor(values, shape: [count, 1], precision: precision) }
        return (sum(location), sum(velocity), column(widths), column(rates))
    }
}
