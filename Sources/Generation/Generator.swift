import Networks
import Tensors

/// A trained generator: coordinates, a velocity net with its weights, a source and a solver.
public struct Generator: Sendable {
    /// What codes mean.
    public let coordinates: any Coordinates
    /// The net.
    public let net: any VelocityNet
    /// Its weights, [net.layout.count].
    public let parameters: Tensor
    /// Where samples start.
    public let source: GaussianSource
    /// How they move.
    public let solver: Solver

    /// Samples in one integration. Fixed, and short blocks are filled up, because the bytes of a matrix product depend on
    /// its height: so sample i depends on (seed, i) alone, whatever the count.
    private static let block = 25

    /// Puts the parts together; traps when lengths differ.
    public init(
        coordinates: any Coordinates, net: any VelocityNet, parameters: Tensor, source: GaussianSource, solver: Solver
    ) {
        precondition(
            coordinates.dimension == net.dimension && parameters.shape == [net.layout.count],
            "Generator: codes of \(coordinates.dimension), net of \(net.dimension), parameters \(parameters.shape)")
        self.coordinates = coordinates
        self.net = net
        self.parameters = parameters
        self.source = source
        self.solver = solver
    }

    /// Samples `range`: solutions at t = 1 of dx/dt = v(x, t) from the source, as codes [count, dimension] and weights
    /// [count, D]. `progress` is told how many are done.
    public func sample(
        _ range: Range<Int>, seed: UInt64, progress: (Int) throws -> Void = { _ in }
    ) rethrows -> (codes: Tensor, weights: Tensor) {
        let parameters = Parameters(layout: net.layout, flat: parameters)
        let first = range.lowerBound / Self.block, last = (range.upperBound + Self.block - 1) / Self.block
        var codes: [Tensor] = [], weights: [Tensor] = []
        for block in first..<max(last, first) {
            let rows = (block * Self.block)..<((block + 1) * Self.block)
            let start = Tensor.concatenate(rows.map { self.noise($0, seed: seed) }, axis: 0)
            let end = solver.integrate(start) { x, t in
                var evaluation: RandomStream?
                return net(parameters, x, .full([Self.block, 1], t), &evaluation)
            }
            let wanted = range.clamped(to: rows)
            let kept = (wanted.lowerBound - rows.lowerBound)..<(wanted.upperBound - rows.lowerBound)
            codes.append(end.sliced(axis: 0, kept))
            weights.append(coordinates.decode(end).sliced(axis: 0, kept))
            try progress(wanted.upperBound - range.lowerBound)
        }
        guard !codes.isEmpty else { return (.zeros([0, net.dimension]), .zeros([0, coordinates.parameterCount])) }
        return (.concatenate(codes, axis: 0), .concatenate(weights, axis: 0))
    }

    private func noise(_ index: Int, seed: UInt64) -> Tensor {
        var stream = RandomStream(seed: seed, purpose: "sample.source", index: UInt64(index))
        return source.sample(1, dimension: net.dimension, &stream)
    }
}
