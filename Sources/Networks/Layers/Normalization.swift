import Tensors

/// Layer normalisation with a learned scale and shift over the last axis (Ba, Kiros, Hinton, 2016).
public struct LayerNorm: Sendable {
    /// gamma, [width].
    public let scale: Slot
    /// beta, [width].
    public let shift: Slot
    /// Added to the variance; PyTorch's default 1e-5.
    public let epsilon: Double

    /// Declares `name.weight` (gamma) and `name.bias` (beta), PyTorch's names.
    public init(
        _ name: String, width: Int, epsilon: Double = 1e-5, layout: inout ParameterLayout.Builder, group: Int? = nil
    ) {
        scale = layout.addSlot("\(name).weight", shape: [width], role: .scale, axes: [group])
        shift = layout.addSlot("\(name).bias", shape: [width], role: .shift, axes: [group])
        self.epsilon = epsilon
    }

    /// - x: [..., width], or for a population [P, ..., width], or [B, width] which its networks share.
    ///
    /// Returns the shape of x, with P in front where it was shared.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor) -> Tensor {
        let isShared = parameters.populationCount != nil && x.rank == 2
        let x = isShared ? x.broadcast(to: Shape([parameters.flat.shape[0]] + x.shape)) : x
        return x.layerNormalized(scale: parameters[scale], shift: parameters[shift], epsilon: epsilon)
    }
}

/// Group normalisation with a learned scale and shift a channel (Wu & He, 2018): layer normalisation of each sample's
/// groups of consecutive channels, all their pixels together. Same as PyTorch's.
public struct GroupNorm: Sendable {
    /// gamma, [C].
    public let scale: Slot
    /// beta, [C].
    public let shift: Slot
    /// Number of groups, a divisor of C.
    public let groups: Int
    /// Number of axes after the channels.
    public let spatialRank: Int
    /// Added to the variance; PyTorch's default 1e-5.
    public let epsilon: Double

    /// Declares `name.weight` and `name.bias`, PyTorch's names; traps unless `groups` divides `channels`.
    public init(
        _ name: String, groups: Int, channels: Int, spatialRank: Int = 2, epsilon: Double = 1e-5,
        layout: inout ParameterLayout.Builder
    ) {
        precondition(groups > 0 && channels % groups == 0, "group norm: \(channels) channels in \(groups) groups")
        scale = layout.addSlot("\(name).weight", shape: [channels], role: .scale)
        shift = layout.addSlot("\(name).bias", shape: [channels], role: .shift)
        self.groups = groups
        self.spatialRank = spatialRank
        self.epsilon = epsilon
    }

    /// - x: [B, C, spatial...], or [P, B, C, spatial...]; returns that shape, with P in front for a population.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor) -> Tensor {
        let channelAxis = x.rank - 1 - spatialRank
        precondition(
            channelAxis >= 1 && x.shape[channelAxis] == scale.count,
            "group norm: x \(x.shape) for \(scale.count) channels, spatial rank \(spatialRank)")
        let width = x.shape[channelAxis...].reduce(1, *) / groups
        let rows = x.reshaped(Shape(x.shape[..<channelAxis] + [groups, width]))
        let normal = rows.layerNormalized(
            scale: .ones([width], precision: x.precision), shift: .zeros([width], precision: x.precision),
            epsilon: epsilon
        ).reshaped(x.shape)
        return normal * parameters[scale].alongChannels(of: x, spatialRank: spatialRank)
            + parameters[shift].alongChannels(of: x, spatialRank: spatialRank)
    }
}

/// Batch normalisation of channels with a learned scale and shift (Ioffe & Szegedy, 2015, algorithms 1 and 2).
///
/// y = (x - mean) / sqrt(variance + eps) gamma + beta. In training mean and variance are those of the batch over
/// samples and spatial axes (the biased variance), and the running statistics, which are buffers, move towards them;
/// in evaluation the running ones take their place. PyTorch's BatchNorm1d (spatial rank 0 or 1) and BatchNorm2d (2),
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
    /// Number of axes after the channels.
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
        let mean = buffers[runningMean].alongChannels(of: x, spatialRank: spatialRank)
        let variance = buffers[runningVariance].alongChannels(of: x, spatialRank: spatialRank)
        return normalized(parameters, x, centred: x - mean, variance: variance)
    }

    /// Training: normalises with the batch's statistics and moves the running ones towards them.
    ///
    /// running <- (1 - momentum) running + momentum batch, with the unbiased variance; `momentum` replaces the
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
        let gamma = parameters[scale].alongChannels(of: x, spatialRank: spatialRank)
        let beta = parameters[shift].alongChannels(of: x, spatialRank: spatialRank)
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
            "batch norm: buffers \(buffers.flat.shape) for parameters \(parameters.flat.shape)")
    }
}

extension BatchNorm {
    /// Evaluation or training, as the pass says; traps without buffers.
    ///
    /// - x: [B, C, spatial...], or [P, B, C, spatial...]; returns that shape, with P in front for a population.
    public func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ pass: inout ForwardPass) -> Tensor {
        guard var buffers = pass.buffers else {
            preconditionFailure("batch norm: \(runningMean.name) in a pass without buffers")
        }
        guard pass.isTraining else { return self(parameters, x, buffers) }
        let output = self(parameters, x, updating: &buffers, momentum: pass.momentum)
        pass.buffers = buffers
        return output
    }
}

extension Tensor {
    /// One number a channel, [C] or [P, C], with the axes that it needs to be multiplied with x of shape [..., C, spatial...].
    ///
    /// Beside a population's numbers x is [P, B, C, spatial...], or [B, C, spatial...] where the networks share it.
    func alongChannels(of x: Tensor, spatialRank: Int) -> Tensor {
        let spatial = Array(repeating: 1, count: spatialRank)
        guard rank == 2 else { return reshaped(Shape(shape + spatial)) }
        let batch = Array(repeating: 1, count: Swift.max(1, x.rank - spatialRank - 2))
        return reshaped(Shape([shape[0]] + batch + [shape[1]] + spatial))
    }
}
