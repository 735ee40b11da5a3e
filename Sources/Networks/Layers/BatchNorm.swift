import Tensors

/// Batch normalisation of channels with a learned scale and shift (Ioffe & Szegedy, 2015, algorithms 1 and 2).
///
/// y = (x - mean) / sqrt(variance + eps) gamma + beta. In training mean and variance are those of the batch over
/// samples and spatial axes (the biased variance), and the running statistics, which are buffers, move towards them;
/// in evaluation the running ones stand in for them. PyTorch's BatchNorm1d (spatial rank 0 or 1) and BatchNorm2d (2),
/// but without its count of batches.
public struct BatchNorm: Sendable {
    /// gamma, [C].
    public let scale: Slot
    /// beta, [C].
    public let shift: Slot
    /// Buffer [C], 0 at first.
    public let runningMean: Slot
    /// Buffer [C], 1 at first.
    public let runningVariance: Slot
    /// Number of axes behind the channels.
    public let spatialRank: Int
    /// Added to the variance; PyTorch's default 1e-5.
    public let epsilon: Double
    /// Weight of a batch in the running statistics; PyTorch's default 0.1.
    public let momentum: Double

    /// Declares `name.weight`, `name.bias` and the buffers `name.running_mean`, `name.running_var`, PyTorch's names.
    public init(
        _ name: String, channels: Int, spatialRank: Int = 0, epsilon: Double = 1e-5, momentum: Double = 0.1,
        layout: inout ParameterLayout.Builder, group: Int? = nil
    ) {
        scale = layout.addSlot("\(name).weight", shape: [channels], role: .scale, axes: [group])
        shift = layout.addSlot("\(name).bias", shape: [channels], role: .shift, axes: [group])
        let moved = [0: GroupAction(.unscaled)]
        runningMean = layout.addBuffer(
            "\(name).running_mean", shape: [channels], role: .shift, axes: [group], actions: moved)
        runningVariance = layout.addBuffer(
            "\(name).running_var", shape: [channels], role: .scale, axes: [group], actions: moved)
        self.spatialRank = spatialRank
        self.epsilon = epsilon
        self.momentum = momentum
    }

    /// Evaluation: normalises with the running statistics.
    ///
    /// - x: [B, C, spatial...], or [P, B, C, spatial...]; returns that shape, with P in front for a population.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ buffers: Buffers) -> Tensor {
        check(parameters, x, buffers)
        let mean = buffers[runningMean].besideChannels(of: x, spatialRank: spatialRank)
        let variance = buffers[runningVariance].besideChannels(of: x, spatialRank: spatialRank)
        return normalized(parameters, x, centred: x - mean, variance: variance)
    }

    /// Training: normalises with the batch's statistics and moves the running ones towards them.
    ///
    /// running <- (1 - momentum) running + momentum batch, with the unbiased variance; `momentum` stands in for the
    /// layer's own. Shapes as in evaluation; traps on fewer than two values a channel.
    public func callAsFunction(
        _ parameters: Parameters, _ x: Tensor, updating buffers: inout Buffers, momentum: Double? = nil
    ) -> Tensor {
        check(parameters, x, buffers)
        let channelAxis = x.rank - 1 - spatialRank
        let axes = [channelAxis - 1] + Array((channelAxis + 1)..<x.rank)
        let count = Double(axes.reduce(1) { $0 * x.shape[$1] })
        precondition(count > 1, "batch norm: one value a channel in \(x.shape) has no variance")
        let mean = x.mean(axes: axes, keepingDims: true)
        let centred = x - mean
        let variance = centred.square().mean(axes: axes, keepingDims: true)
        let channels = x.rank - spatialRank == 3 ? Shape([x.shape[0], scale.count]) : [scale.count]
        let momentum = momentum ?? self.momentum
        func move(_ slot: Slot, _ batch: Tensor) {
            buffers[slot] = buffers[slot] * (1 - momentum) + batch.detached.reshaped(channels) * momentum
        }
        move(runningMean, mean)
        move(runningVariance, variance * (count / (count - 1)))
        return normalized(parameters, x, centred: centred, variance: variance)
    }

    private func normalized(_ parameters: Parameters, _ x: Tensor, centred: Tensor, variance: Tensor) -> Tensor {
        let gamma = parameters[scale].besideChannels(of: x, spatialRank: spatialRank)
        let beta = parameters[shift].besideChannels(of: x, spatialRank: spatialRank)
        return centred * (gamma / (variance + epsilon).sqrt()) + beta
    }

    private func check(_ parameters: Parameters, _ x: Tensor, _ buffers: Buffers) {
        let extra = x.rank - spatialRank - 2
        precondition(
            (extra == 0 || (extra == 1 && x.shape[0] == parameters.populationCount))
                && x.shape[x.rank - 1 - spatialRank] == scale.count,
            "batch norm: x \(x.shape) for \(scale.count) channels, spatial rank \(spatialRank)")
        precondition(
            buffers.populationCount == parameters.populationCount,
            "batch norm: buffers \(buffers.flat.shape) beside parameters \(parameters.flat.shape)")
    }
}
