import Tensors

extension Tensor {
    /// One number a channel, [C] or [P, C], with the axes that it needs beside x of shape [..., C, spatial...].
    ///
    /// Beside a population's numbers x is [P, B, C, spatial...], or [B, C, spatial...] where the networks share it.
    func besideChannels(of x: Tensor, spatialRank: Int) -> Tensor {
        let spatial = Array(repeating: 1, count: spatialRank)
        guard rank == 2 else { return reshaped(Shape(shape + spatial)) }
        let batch = Array(repeating: 1, count: Swift.max(1, x.rank - spatialRank - 2))
        return reshaped(Shape([shape[0]] + batch + [shape[1]] + spatial))
    }
}
