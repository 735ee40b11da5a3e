import Tensors

/// What one pass through a network needs besides parameters and inputs: buffers, and in training random numbers.
///
/// Layers move the buffers in training (`BatchNorm`) and draw from the streams (`Dropout`); in evaluation they read
/// the buffers and leave out what is drawn. Networks without either are called without a pass.
public struct ForwardPass: Sendable {
    /// Whether statistics are those of the batch, and dropout takes place.
    public let isTraining: Bool
    /// Running statistics, [bufferCount] or [P, bufferCount], as the parameters are; after a pass in training moved on.
    /// Nil only for layouts without buffers.
    public var buffers: Buffers?
    /// The networks' own random numbers, one stream a network; empty where nothing is drawn.
    public var streams: [RandomStream]
    /// Weight of the batch in the running statistics, in [0, 1]; nil takes each layer's own.
    public let momentum: Double?
    /// Sees what the layers take and give; nil: nobody does.
    package var observer: (any LayerObserver)?

    /// A pass that reads the buffers and draws nothing.
    public static func evaluation(_ buffers: Buffers? = nil) -> ForwardPass {
        ForwardPass(isTraining: false, buffers: buffers, streams: [], momentum: nil)
    }

    /// A pass that moves the buffers and draws from the streams: P of them for a population, or one for one network.
    ///
    /// Without streams there is no dropout.
    public static func training(
        _ buffers: Buffers? = nil, streams: [RandomStream] = [], momentum: Double? = nil
    ) -> ForwardPass {
        ForwardPass(isTraining: true, buffers: buffers, streams: streams, momentum: momentum)
    }

    /// Runs a body with a pass that draws from `stream`, which moves on; in evaluation where there is none.
    static func drawing<Result>(
        from stream: inout RandomStream?, _ body: (inout ForwardPass) -> Result
    ) -> Result {
        guard let own = stream else {
            var pass = ForwardPass.evaluation()
            return body(&pass)
        }
        var pass = ForwardPass.training(streams: [own])
        defer { stream = pass.streams[0] }
        return body(&pass)
    }
}

/// Sees what linear and convolution layers take and give in a pass: features, sums before activations, logits.
///
/// Layers of a transformer's blocks, which work on tokens, are not seen; its head is.
package protocol LayerObserver: Sendable {
    /// A layer was applied.
    ///
    /// - weight: the slot that the layer is known by; input, output: [B, ...] shared or [P, B, ...], axes as the layer
    ///   has them.
    mutating func layer(_ weight: Slot, input: Tensor, output: Tensor)
}

/// Sets each element to zero with probability p and scales the others by 1 / (1 - p) (Srivastava et al., 2014).
public struct Dropout: Sendable {
    /// Probability of zero, in [0, 1).
    public let probability: Double

    /// Traps unless 0 <= probability < 1.
    public init(_ probability: Double) {
        precondition(probability >= 0 && probability < 1, "dropout: probability \(probability)")
        self.probability = probability
    }

    /// The identity without a stream (evaluation); otherwise draws the mask from it.
    public func callAsFunction(_ x: Tensor, _ stream: inout RandomStream?) -> Tensor {
        ForwardPass.drawing(from: &stream) { self(x, &$0) }
    }

    /// Whether anything is drawn: not in evaluation, nor without streams.
    func acts(in pass: ForwardPass) -> Bool { pass.isTraining && probability > 0 && !pass.streams.isEmpty }

    /// The identity in evaluation and without streams; otherwise each network draws its mask from its own stream.
    ///
    /// - x: [B, ...] for one network, [P, B, ...] for a population of P streams; returns the same. Traps otherwise.
    public func callAsFunction(_ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard acts(in: pass) else { return x }
        let count = pass.streams.count
        precondition(
            count == 1 || x.shape[0] == count, "dropout: \(count) streams for a population's \(x.shape)")
        let shape = count == 1 ? x.shape : Shape([1] + x.shape.array.dropFirst())
        let draws = pass.streams.indices.map { pass.streams[$0].uniform(shape) }
        let draw = Tensor.concatenate(draws, axis: 0).converted(to: x.precision)
        let kept = draw.isGreater(than: .full([], probability, precision: draw.precision))
        return x * kept.scaled(by: 1 / (1 - probability))
    }
}
