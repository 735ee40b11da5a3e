import Networks
import Tensors

/// A trained generator: coordinates, a net with its weights, a source and a sampler.
public struct Generator: Sendable {
    /// What codes mean.
    public let coordinates: any Coordinates
    /// The net.
    public let net: any VelocityNet
    /// Its weights, [net.layout.count].
    public let parameters: Tensor
    /// Where samples start.
    public let source: any Source
    /// How they move.
    public let sampler: any Sampler
    /// The usual scale of guidance where a condition is asked for.
    public let guidance: Double

    /// Samples in one call of the sampler. Fixed, and short blocks are filled up, because the bytes of a matrix product
    /// depend on its height: so sample i depends on (seed, i) alone, whatever the count.
    public static let block = 25

    /// Puts the parts together; traps when lengths differ.
    public init(
        coordinates: any Coordinates, net: any VelocityNet, parameters: Tensor, source: any Source,
        sampler: any Sampler,
        guidance: Double = 1
    ) {
        precondition(
            coordinates.dimension == net.dimension && source.dimension == net.dimension
                && parameters.shape == [net.layout.count],
            "Generator: codes of \(coordinates.dimension), source of \(source.dimension), net of \(net.dimension), "
                + "parameters \(parameters.shape)")
        self.coordinates = coordinates
        self.net = net
        self.parameters = parameters
        self.source = source
        self.sampler = sampler
        self.guidance = guidance
    }

    /// Samples `range` of a seed: codes [count, K] and weights [count, D]; sample i depends on (seed, i) alone.
    public func sample(_ range: Range<Int>, seed: UInt64) -> (codes: Tensor, weights: Tensor) {
        sample(range, seed: seed) { _ in }
    }

    /// Samples `range`: where the sampler carries draws of the source, as codes [count, dimension] and weights
    /// [count, D]. `progress` is given how many are done.
    public func sample(
        _ range: Range<Int>, seed: UInt64, progress: (Int) throws -> Void
    ) rethrows -> (codes: Tensor, weights: Tensor) {
        let sampled = sampler.prepared(net, Parameters(layout: net.layout, flat: parameters))
        let first = range.lowerBound / Self.block, last = (range.upperBound + Self.block - 1) / Self.block
        var codes: [Tensor] = [], weights: [Tensor] = []
        // One block a thread at a time; its own bytes do not depend on its neighbours.
        let width = Threads.count
        for wave in stride(from: first, to: max(last, first), by: width) {
            let blocks = wave..<min(last, wave + width)
            let ends = parallelMap(blocks.count) { item in
                let rows = self.rows(ofBlock: blocks.lowerBound + item)
                let start = Tensor.concatenate(rows.map { self.start($0, seed: seed) }, axis: 0)
                let end = sampled(start) { step in
                    .concatenate(rows.map { noise($0, step: step, seed: seed) }, axis: 0)
                }
                return (codes: end, weights: coordinates.decode(end))
            }
            for (block, end) in zip(blocks, ends) {
                let rows = self.rows(ofBlock: block), wanted = range.clamped(to: rows)
                let kept = (wanted.lowerBound - rows.lowerBound)..<(wanted.upperBound - rows.lowerBound)
                codes.append(end.codes.sliced(axis: 0, kept))
                weights.append(end.weights.sliced(axis: 0, kept))
                try progress(wanted.upperBound - range.lowerBound)
            }
        }
        guard !codes.isEmpty else { return (.zeros([0, net.dimension]), .zeros([0, coordinates.parameterCount])) }
        return (.concatenate(codes, axis: 0), .concatenate(weights, axis: 0))
    }

    private func rows(ofBlock block: Int) -> Range<Int> { (block * Self.block)..<((block + 1) * Self.block) }

    private func start(_ index: Int, seed: UInt64) -> Tensor {
        var stream = RandomStream(seed: seed, purpose: "sample.source", index: UInt64(index))
        return source.sample(1, &stream)
    }

    /// Fresh N(0, I) of one sample at one step, [1, K].
    private func noise(_ index: Int, step: Int, seed: UInt64) -> Tensor {
        var stream = RandomStream(seed: seed, purpose: "sample.noise.\(step)", index: UInt64(index))
        return stream.normal([1, net.dimension])
    }
}

extension Generator {
    /// The same with a net that counts.
    package func counting(_ counter: CountingNet.Counter) -> Generator {
        let counted: any VelocityNet =
            (net as? GuidedNet)?.counting(counter) ?? CountingNet(base: net, counter: counter)
        return Generator(
            coordinates: coordinates, net: counted, parameters: parameters, source: source, sampler: sampler,
            guidance: guidance)
    }
}
