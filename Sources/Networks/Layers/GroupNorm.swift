import Tensors

/// Group normalisation with a learned scale and shift a channel (Wu & He, 2018): layer normalisation of each sample's
/// groups of consecutive channels, all their pixels together. Same as PyTorch's.
public struct GroupNorm: Sendable {
    /// gamma, [C].
    public let scale: Slot
    /// beta, [C].
    public let shift: Slot
    /// Number of groups, a divisor of C.
    public let groups: Int
    /// Number of axes behind the channels.
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
        return normal * parameters[scale].besideChannels(of: x, spatialRank: spatialRank)
            + parameters[shift].besideChannels(of: x, spatialRank: spatialRank)
    }
}
