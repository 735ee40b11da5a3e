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
