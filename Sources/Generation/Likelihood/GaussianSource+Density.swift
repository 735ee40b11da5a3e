import Foundation
import Tensors

extension GaussianSource {
    /// log p0 of codes [B, K], in nats: -|x|^2 / (2 std^2) - K/2 log(2 pi std^2), [B].
    public func logDensity(_ x: Tensor) -> Tensor {
        let constant = Double(dimension) / 2 * log(2 * .pi * std * std)
        return x.square().sum(axes: [1]).scaled(by: -0.5 / (std * std), plus: -constant)
    }
}
