import Networks
import Tensors
import TestSupport

@testable import Generation

/// A net that the time steers, small enough for a test.
struct SteeredNet: Sendable, CustomStringConvertible {
    var net: any VelocityNet
    var description: String

    /// The net of a PyTorch case of the family `residual_mlp` or `unet_1d`.
    init(_ expected: TorchCase) throws {
        let dimension = try expected.option("d").int
        description = expected.name
        if expected.options["channels"] == nil {
            var config = ResidualMLP.Config()
            config.width = try expected.option("width").int
            config.expansion = Double(try expected.option("hidden").int) / Double(config.width)
            config.depth = try expected.option("depth").int
            config.timeWidth = try expected.option("time").int
            net = ResidualMLP(dimension: dimension, config: config)
        } else {
            var config = UNet1d.Config()
            config.channels = try expected.option("channels").ints
            config.kernel = try expected.option("kernel").int
            config.groups = try expected.option("groups").int
            config.timeWidth = try expected.option("time").int
            net = UNet1d(dimension: dimension, config: config)
        }
    }

    private init(_ net: any VelocityNet, _ description: String) {
        self.net = net
        self.description = description
    }

    /// Both kinds, at lengths that are and are not multiples of what the U-Net needs.
    static func samples(dropout: Double = 0) -> [SteeredNet] {
        var residual = ResidualMLP.Config(), unet = UNet1d.Config()
        (residual.width, residual.depth, residual.timeWidth, residual.dropout) = (12, 2, 8, dropout)
        (unet.channels, unet.kernel, unet.groups, unet.timeWidth, unet.dropout) = ([4, 8], 3, 2, 8, dropout)
        return [1, 6, 9].flatMap { dimension in
            [
                SteeredNet(ResidualMLP(dimension: dimension, config: residual), "residual MLP, K = \(dimension)"),
                SteeredNet(UNet1d(dimension: dimension, config: unet), "U-Net, K = \(dimension)"),
            ]
        }
    }

    /// Weights with nothing at zero.
    var weights: Parameters {
        Parameters(layout: net.layout, flat: normalDoubles([net.layout.count], seed: 4) * 0.3)
    }

    /// The velocity in evaluation.
    func velocity(_ parameters: Parameters, _ x: Tensor, _ t: Tensor) -> Tensor {
        net(parameters, VelocityInput(x, t))
    }
}
